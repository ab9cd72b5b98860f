#include "app/commands/coverage.hpp"

#include "app/setup/clock_and_random.hpp"
#include "app/setup/scope.hpp"

#include <algorithm>

namespace ordersync::app::commands {
namespace {

// Of an account for whose configuration nothing is stored, or something else: all of the range is a gap.
store::reports::coverage_report nothing_proven(const config::settings& settings, const config::account& account,
                                               const status::account_view& view, const core::window& range) {
  store::reports::coverage_report report;
  report.account = account.name;
  report.asked = setup::scope_of(account, settings.api).asked;
  report.range = range;
  if (range.empty()) return report;
  const std::string reason =
      view.other_question
          ? "the stored coverage belongs to another configuration of this account; sync starts a new one"
          : "";
  report.gaps.push_back({range, reason, std::nullopt});
  return report;
}

core::result<store::reports::coverage_report> coverage_of(session& in, const config::account& account,
                                                          const status::account_view& view, const core::window& range) {
  if (view.stored.scope.empty() || view.other_question)
    return nothing_proven(in.configuration().settings, account, view, range);
  return in.run(in.database().coverage(account.name, range));
}

}  // namespace

core::result<status::coverage_view> read_coverage(session& in, std::optional<core::second> from,
                                                  std::optional<core::second> to, std::optional<std::string> account) {
  const auto& settings = in.configuration().settings;
  if (to && !from && *to <= settings.sync.start)
    return core::make_error(core::failure::input,
                            "invalid range: --to is not after sync.start, where it begins without --from");
  const auto stored = in.run_on_schema(in.database().status());
  if (stored.has_error()) return stored.error();
  status::coverage_view view;
  for (const auto& one : settings.accounts) {
    if (account && *account != one.name) continue;
    const auto seen = status::view_of(settings, one, *stored, setup::wall_clock()());
    const auto begin = from.value_or(settings.sync.start);
    auto report = coverage_of(in, one, seen, {begin, to.value_or(std::max(begin, seen.complete.expected.end))});
    if (report.has_error()) return report.error();
    view.incomplete = view.incomplete || !report->gaps.empty();
    view.accounts.push_back(std::move(*report));
  }
  return view;
}

}  // namespace ordersync::app::commands
