#pragma once
// --from and --to of the verbs that may be given both, one or none, and --account.

#include "app/commands/session.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ordersync::cli::shared {

namespace commands = app::commands;

struct optional_range {
  std::optional<core::second> from;
  std::optional<core::second> to;
};

// "" is a bound that was not given. failure::input with what is wrong; a range that is all in the future is, too.
core::result<optional_range> read_range(const commands::session& session, const std::string& from,
                                        const std::string& to);

// What is wrong with --account, with the names there are instead.
core::error unknown_account(const std::string& account, std::string_view where, const std::vector<std::string>& names);

// None for "". failure::input when the configuration has no such account.
core::result<std::optional<std::string>> read_account(const commands::session& session, const std::string& account);

}  // namespace ordersync::cli::shared
