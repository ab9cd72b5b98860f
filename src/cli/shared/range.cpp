#include "cli/shared/range.hpp"

#include "app/setup/clock_and_random.hpp"
#include "cli/text/output.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <span>
#include <utility>

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
  const auto now = app::setup::wall_clock()();
  const auto begin = read_bound(session, "--from", from);
  if (begin.has_error()) return begin.error();
  const auto end = read_bound(session, "--to", to);
  if (end.has_error()) return end.error();
  if (*begin && *end && **end <= **begin)
    return wrong("invalid range: --from must be before --to (--to itself is not included)");
  if (*begin && **begin >= std::chrono::floor<std::chrono::seconds>(now))
    return wrong("invalid range: it lies in the future; --from must be before now");
  return optional_range{*begin, *end};
}

core::error unknown_account(const std::string& account, std::string_view where, const std::vector<std::string>& names) {
  constexpr std::size_t most = 20;
  const std::span shown(names.data(), std::min(most, names.size()));
  const auto more = names.size() > most ? fmt::format(", ... ({} accounts)", names.size()) : std::string{};
  return wrong(fmt::format("--account: no account '{}' in {}; choose one of: {}{}", text::shortened(account), where,
                           fmt::join(shown, ", "), more));
}

core::result<std::optional<std::string>> read_account(const commands::session& session, const std::string& account) {
  if (account.empty()) return std::optional<std::string>{};
  const auto names = session.account_names();
  if (std::ranges::find(names, account) == names.end()) return unknown_account(account, "the configuration", names);
  return std::optional<std::string>{account};
}

}  // namespace ordersync::cli::shared
