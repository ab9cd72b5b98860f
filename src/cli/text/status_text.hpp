#pragma once
// What `status` shows to people: a verdict, then one line a subject, then what to do. Pure.

#include "app/commands/session.hpp"
#include "app/status/verdict.hpp"

#include <functional>
#include <string>
#include <vector>

namespace ordersync::cli::text {

// How a moment is written: session::local_text.
using local_time = std::function<std::string(core::second)>;

// Ten lines at most for one account; one or two more for each further one.
std::vector<std::string> status_lines(const app::status::status_view& view, const app::status::verdict& verdict,
                                      const local_time& local);

}  // namespace ordersync::cli::text
