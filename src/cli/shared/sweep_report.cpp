#include "cli/shared/sweep_report.hpp"

#include "app/commands/coverage.hpp"
#include "app/commands/sweep.hpp"
#include "app/setup/clock_and_random.hpp"
#include "app/setup/spoken.hpp"
#include "app/status/quarantine_report.hpp"
#include "app/status/status_json.hpp"
#include "cli/shared/verb.hpp"
#include "cli/text/output.hpp"
#include "cli/text/progress.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

namespace ordersync::cli::shared {

namespace {

// So many reasons are printed; the rest is to be seen by `coverage`.
constexpr std::size_t most_reasons = 3;

boost::json::array to_json(const std::vector<unproven_sum>& left) {
  boost::json::array list;
  for (const auto& sum : left)
    list.push_back({{"reason", sum.reason}, {"gaps", sum.gaps}, {"seconds", sum.length.count()}});
  return list;
}

boost::json::value to_json(const std::optional<app::tasks::details_result>& details) {
  if (!details) return nullptr;
  return boost::json::object{{"stored", details->stored},
                             {"put_off", details->put_off},
                             {"refusal", details->refusal},
                             {"obstacle", details->obstacle}};
}

boost::json::object to_json(const app::tasks::account_result& result, const std::vector<unproven_sum>& left) {
  const auto& p = result.progress;
  boost::json::object object{{"account", result.account},
                             {"range", app::status::json_of(result.range)},
                             {"orders", p.orders},
                             {"created", p.created},
                             {"changed", p.changed},
                             {"unchanged", p.unchanged},
                             {"windows_proven", p.windows_proven},
                             {"gaps", p.gaps},
                             {"unbelieved", p.not_accepted},
                             {"not_proven", to_json(left)},
                             {"calls", p.calls},
                             {"newly_quarantined", p.quarantined},
                             {"stopped_by", nullptr},
                             {"details", to_json(result.details)}};
  app::status::add_counts(object, result.quarantine);
  if (result.stopped_by)
    object["stopped_by"] =
        boost::json::object{{"failure", core::name(result.stopped_by->kind)}, {"reason", result.stopped_by->what}};
  return object;
}

void print_details(const app::tasks::details_result& details) {
  const auto failed = details.put_off > 0 ? fmt::format(", {} failed and are read again later", details.put_off) : "";
  text::print(fmt::format("  details  {} read{}", details.stored, failed));
  if (!details.refusal.empty())
    text::print(fmt::format("           the API does not permit these calls: {}", details.refusal));
  if (!details.obstacle.empty()) text::print(fmt::format("           the rest is read later: {}", details.obstacle));
}

void print_reasons(const std::vector<unproven_sum>& left) {
  for (std::size_t i = 0; i < std::min(left.size(), most_reasons); ++i)
    text::print(fmt::format("  why      {} of creation time in {} gap{}: {}", app::setup::spoken(left[i].length),
                            left[i].gaps, left[i].gaps == 1 ? "" : "s", left[i].reason));
  if (left.size() > most_reasons)
    text::print(fmt::format("  why      {} more reasons: see ordersync coverage", left.size() - most_reasons));
}

void print_result(const commands::session& session, const app::tasks::account_result& result,
                  const std::vector<unproven_sum>& left) {
  const auto& p = result.progress;
  text::print(fmt::format("{}: {} to {}", result.account, session.local_text(result.range.begin),
                          session.local_text(result.range.end)));
  text::print(
      fmt::format("  orders   {} read: {} new, {} changed, {} unchanged", p.orders, p.created, p.changed, p.unchanged));
  text::print(fmt::format("  windows  {} proven, {} not proven, in {} calls", p.windows_proven, p.gaps, p.calls));
  print_reasons(left);
  if (result.details) print_details(*result.details);
  if (result.quarantine.open > 0)
    text::print(fmt::format("  quarantine  {} set aside: see ordersync quarantine list",
                            app::status::open_text(result.quarantine)));
}

void print_failures(const app::tasks::account_result& result) {
  if (result.stopped_by)
    text::say(fmt::format("ordersync: {}: stopped early: {}", result.account, result.stopped_by->what));
  else if (result.last_failure && result.progress.gaps > 0)
    text::say(
        fmt::format("ordersync: {}: some windows could not be read: {}", result.account, result.last_failure->what));
  if (!result.stopped_by && result.progress.not_accepted > 0)
    text::say(
        fmt::format("ordersync: {}: {} could not be proven: nothing shows that the API returns such windows in full; "
                    "run ordersync doctor",
                    result.account,
                    result.progress.not_accepted == 1 ? std::string{"1 window"}
                                                      : fmt::format("{} windows", result.progress.not_accepted)));
}

// Whether part of what was asked for has not happened yet: nobody can prove that.
bool is_early(const app::tasks::sweep_request& request, const app::tasks::account_result& result) {
  return request.range && result.range.end < request.range->end && request.range->end > app::setup::wall_clock()();
}

}  // namespace

std::vector<unproven_sum> left_of(commands::session& session, const std::string& account, const core::window& range) {
  if (range.empty()) return {};
  const auto view = commands::read_coverage(session, range.begin, range.end, account);
  if (view.has_error() || view->accounts.empty()) return {};
  return unproven_by_reason(view->accounts.front());
}

std::vector<unproven_sum> unproven_by_reason(const store::reports::coverage_report& report) {
  std::vector<unproven_sum> sums;
  for (const auto& gap : report.gaps) {
    if (!gap.last_read) continue;
    auto known = std::ranges::find(sums, gap.reason, &unproven_sum::reason);
    if (known == sums.end()) known = sums.insert(known, {.reason = gap.reason});
    ++known->gaps;
    known->length += gap.window.length();
  }
  std::ranges::stable_sort(sums, std::ranges::greater{}, &unproven_sum::length);
  return sums;
}

app::setup::exit_code outcome_of(const app::tasks::account_result& result, const std::vector<unproven_sum>& left) {
  if (result.stopped_by) return app::setup::code_of(result.stopped_by->kind);
  const auto& p = result.progress;
  if (result.last_failure && p.gaps > 0 && p.windows_proven == 0) return app::setup::code_of(result.last_failure->kind);
  const bool incomplete = p.gaps > 0 || !left.empty() || result.quarantine.open > 0;
  return incomplete ? app::setup::exit_code::incomplete : app::setup::exit_code::done;
}

app::setup::exit_code sweep_and_report(commands::session& session, const app::tasks::sweep_request& request,
                                       bool json) {
  text::progress_line progress;
  const auto result = commands::sweep(
      session, request,
      [&](std::string_view account, const sync::sweep::sweep_progress& p) { progress.show(account, p); });
  progress.finish();
  if (result.has_error()) return fail(result.error());
  auto code = app::setup::exit_code::done;
  boost::json::array list;
  for (const auto& account : result->accounts) {
    const auto left =
        result->interrupted ? std::vector<unproven_sum>{} : left_of(session, account.account, account.range);
    if (json)
      list.push_back(to_json(account, left));
    else
      print_result(session, account, left);
    if (result->interrupted) continue;
    print_failures(account);
    code = app::setup::worse(code, outcome_of(account, left));
    if (!is_early(request, account)) continue;
    text::say(fmt::format("ordersync: {}: the range ends in the future: nothing after {} was read", account.account,
                          session.local_text(account.range.end)));
    code = app::setup::worse(code, app::setup::exit_code::incomplete);
  }
  if (json) text::print_json(list);
  if (!result->interrupted) return code;
  text::say("ordersync: interrupted; what was read is kept; run it again to continue");
  return app::setup::exit_code::incomplete;
}

}  // namespace ordersync::cli::shared
