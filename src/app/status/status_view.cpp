#include "app/status/status_view.hpp"

#include "app/setup/demand.hpp"
#include "app/setup/scope.hpp"
#include "app/setup/wiring.hpp"

#include <algorithm>

namespace ordersync::app::status {
namespace {

using std::chrono::seconds;

const store::reports::logged_problem* latest(const store::reports::status_report& stored, std::string_view event,
                                             const std::string& account) {
  const auto found = std::ranges::find_if(
      stored.problems, [&](const auto& problem) { return problem.event == event && problem.account == account; });
  return found == stored.problems.end() ? nullptr : &*found;
}

// A trial that is followed by proof did not stay incomplete.
std::string untried_by(const store::reports::status_report& stored, const store::reports::account_status& account) {
  const auto* const last = latest(stored, "api_trial_incomplete", account.account);
  if (last == nullptr) return {};
  if (account.last_proven && account.last_proven->finished_at >= last->last_at) return {};
  const auto reason = store::reports::field_of(*last, "reason");
  return reason.empty() ? "the reason is not known" : std::string{reason};
}

// Windows are proven all the same while orders are missing in mass, so proof is no sign that it is over. It is reported
// again whenever such a window is read: within a day, unless orders are old.
std::optional<store::reports::logged_problem> missing_in_mass(const store::reports::status_report& stored,
                                                              const store::reports::account_status& account,
                                                              core::instant now) {
  constexpr std::chrono::days counts{1};
  const auto* const last = latest(stored, "orders_missing_in_mass", account.account);
  if (last == nullptr || now - last->last_at > counts) return std::nullopt;
  const auto cured = [&](const auto& limit) { return limit.name == "by_status" && limit.since >= last->last_at; };
  if (std::ranges::any_of(account.limits, cured)) return std::nullopt;
  return *last;
}

setup::measured_load measured_by(const store::reports::status_report& stored) {
  double requests = 0;
  int accounts = 0;
  for (const auto& each : stored.accounts) {
    if (!each.live_requests) continue;
    requests += *each.live_requests;
    ++accounts;
  }
  return {.live_requests = accounts == 0 ? 1 : requests / accounts};
}

}  // namespace

account_view view_of(const config::settings& settings, const config::account& account,
                     const store::reports::status_report& stored, core::instant now) {
  account_view view;
  view.stored.account = account.name;
  const auto scope = setup::scope_of(account, settings.api);
  for (const auto& known : stored.accounts) {
    if (known.account != account.name) continue;
    view.stored = known;
    view.other_question = known.scope != scope.scope;
    if (view.other_question) view.stored.proven.clear();
  }
  view.limits = tasks::limits_of(view.stored.limits, settings.api.limits);
  view.settle = tasks::settle_of(settings.sync.live.settle, view.limits);
  view.complete = tasks::completeness_of(view.stored.proven, settings.sync.start, std::chrono::floor<seconds>(now),
                                         view.settle + std::chrono::ceil<seconds>(settings.sync.live.overlap));
  view.untried = untried_by(stored, view.stored);
  view.missing_in_mass = missing_in_mass(stored, view.stored, now);
  return view;
}

status_view look_at(const config::settings& settings, store::reports::status_report stored, core::instant now) {
  status_view view;
  view.rechecks = settings.sync.recheck.share > 0;
  view.at = now;
  view.push_listens = settings.push.listen.has_value();
  view.details = settings.details.enabled;
  view.alerts = settings.alerts.size();
  view.success_timeout = setup::success_timeout_of(settings);
  const auto measured = measured_by(stored);
  view.demand = setup::demand_of(settings, measured);
  view.overload = setup::overload_of(settings, measured);
  for (const auto& account : settings.accounts) view.accounts.push_back(view_of(settings, account, stored, now));
  for (const auto& known : stored.accounts) {
    const auto same = [&](const config::account& a) { return a.name == known.account; };
    if (std::ranges::none_of(settings.accounts, same))
      view.accounts.push_back({.stored = known, .complete = {}, .configured = false});
  }
  view.totals = std::move(stored);
  view.totals.accounts.clear();
  std::erase_if(view.totals.checks, [&](const store::recheck::check_report& check) {
    return std::ranges::find(settings.accounts, check.account, &config::account::name) == settings.accounts.end();
  });
  assess_whole(view);
  return view;
}

const store::reports::logged_problem* last_failed_alert(const status_view& view) {
  return latest(view.totals, "alert_failed", {});
}

void assess_whole(status_view& view) {
  view.incomplete = view.totals.quarantine.open > 0;
  for (const auto& account : view.accounts)
    view.incomplete = view.incomplete || (account.configured && !account.sound());
}

}  // namespace ordersync::app::status
