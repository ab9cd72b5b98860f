#include "app/status/mirror_look.hpp"

#include "app/status/status_view.hpp"

#include <algorithm>
#include <utility>

namespace ordersync::app::status {

namespace asio = boost::asio;

namespace {

// Where nothing is proven of what the configuration asks for.
store::reports::coverage_report nothing_of(const account_view& view, const core::window& range) {
  store::reports::coverage_report report{
      .account = view.stored.account, .scope = {}, .asked = view.stored.asked, .range = range};
  if (!range.empty()) report.gaps.push_back({range, {}, std::nullopt});
  return report;
}

core::window whole_range_of(const account_view& view) {
  auto range = view.complete.expected;
  const auto& proven = view.stored.proven;
  if (proven.empty()) return range;
  return {std::min(range.begin, proven.front().begin), std::max(range.end, proven.back().end)};
}

}  // namespace

asio::awaitable<core::result<mirror_look>> look_at_mirror(store::database& database, const config::settings& settings,
                                                          core::instant now) {
  if (auto current = co_await database.require_current(); current.has_error()) co_return current.error();
  auto stored = co_await database.status();
  if (stored.has_error()) co_return stored.error();
  mirror_look look;
  look.view = look_at(settings, std::move(*stored), now);
  if (auto added = co_await add_details(database, look.view); added.has_error()) co_return added.error();
  for (const auto& account : look.view.accounts) {
    if (!account.configured) continue;
    const auto range = whole_range_of(account);
    if (account.stored.scope.empty() || account.other_question || range.empty()) {
      look.coverage.push_back(nothing_of(account, range));
      continue;
    }
    auto report = co_await database.coverage(account.stored.account, range);
    if (report.has_error()) co_return report.error();
    look.coverage.push_back(std::move(*report));
  }
  co_return look;
}

asio::awaitable<core::result<void>> add_details(store::database& database, status_view& view) {
  for (auto& account : view.accounts) {
    if (!view.details || !account.configured) continue;
    auto whose = account.stored.account;
    auto looking = database.details().figures(std::move(whose));
    auto found = co_await std::move(looking);
    if (found.has_error()) co_return found.error();
    account.details = std::move(*found);
  }
  co_return core::result<void>{};
}

store::reports::coverage_report part_of(const store::reports::coverage_report& report, const core::window& range) {
  const auto cut = [&](const core::window& w) {
    return core::window{std::max(w.begin, range.begin), std::min(w.end, range.end)};
  };
  store::reports::coverage_report part{report.account, report.scope, report.asked, cut(report.range), {}, {}};
  for (const auto& w : report.proven)
    if (!cut(w).empty()) part.proven.push_back(cut(w));
  for (const auto& gap : report.gaps) {
    if (cut(gap.window).empty()) continue;
    part.gaps.push_back(gap);
    part.gaps.back().window = cut(gap.window);
  }
  return part;
}

}  // namespace ordersync::app::status
