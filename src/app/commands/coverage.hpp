#pragma once
// `coverage`.

#include "app/commands/session.hpp"
#include "app/status/status_view.hpp"

#include <optional>

namespace ordersync::app::commands {

// No `from`: from sync.start. No `to`: to what should be proven by now. No account: all configured ones.
core::result<status::coverage_view> read_coverage(session& in, std::optional<core::second> from,
                                                  std::optional<core::second> to, std::optional<std::string> account);

}  // namespace ordersync::app::commands
