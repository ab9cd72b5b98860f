#pragma once
// What `status` shows to people: a verdict, one line a subject, and what to do. Pure.

#include "app/commands/session.hpp"
#include "app/status/verdict.hpp"

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace ordersync::cli::text {

// How a moment is written: session::local_text.
using local_time = std::function<std::string(core::second)>;

// Which accounts are shown, the worst first.
struct account_choice {
  static constexpr std::size_t most = 20;  // where neither is asked for
  bool all = false;
  std::string name{};  // empty: not one alone
};

// Where the lines "why" and "to do" stand: a screen that is too small shows the first lines.
enum class remedy { at_end, after_verdict };

// Ten lines at most for one account; one or two more for each further one that is shown.
std::vector<std::string> status_lines(const app::status::status_view& view, const app::status::verdict& verdict,
                                      const local_time& local, const account_choice& choice = {},
                                      remedy stands = remedy::at_end);

}  // namespace ordersync::cli::text
