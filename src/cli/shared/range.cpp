#include "cli/shared/range.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace ordersync::cli::shared {
namespace {

core::error wrong(std::string what) {
  return core::make_error(core::failure::input, std::move(what));
}

core::result<std::optional<core::second>> read_bound(const commands::session& session, const char* option,
                                                     const std::string& text) {
  if (text.empty()) return std::optional<core::second>{};
  const auto time = session.parse_time(text);
  if (time.has_error()) return wrong(fmt::format("{}: {}", option, time.error().what));
  return std::optional<core::second>{*time};
}

}  // namespace

core::result<optional_range> read_range(const commands::session& session, const std::string& from,
                                        const std::string& to) {
  const auto begin = read_bound(session, "--from", from);
  if (begin.has_error()) return begin.error();
  const auto end = read_bound(session, "--to", to);
  if (end.has_error()) return end.error();
  if (*begin && *end && **end <= **begin)
    return wrong("invalid range: --from must be before --to (--to itself is not included)");
  return optional_range{*begin, *end};
}

core::result<std::optional<std::string>> read_account(const commands::session& session, const std::string& account) {
  if (account.empty()) return std::optional<std::string>{};
  const auto names = session.account_names();
  if (std::ranges::find(names, account) == names.end())
    return wrong(fmt::format("--account: no account '{}' in the configuration; choose one of: {}", account,
                             fmt::join(names, ", ")));
  return std::optional<std::string>{account};
}

}  // namespace ordersync::cli::shared
