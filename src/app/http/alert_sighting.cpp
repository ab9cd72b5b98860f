#include "app/http/alert_sighting.hpp"

#include "app/status/verdict.hpp"

namespace ordersync::app::http {
namespace {

std::optional<core::failure> failure_of(const daemon::daemon_state& state) {
  if (!state.database || state.database->has_value()) return std::nullopt;
  return state.database->error().kind;
}

alerts::observation without_mirror(std::optional<core::failure> failed, core::instant now) {
  alerts::observation seen{.now = now, .conditions = {}, .proven = {}, .database_alone = true};
  if (failed) seen.conditions = alerts::conditions_of(status::assess({.now = now, .database = failed}));
  return seen;
}

alerts::observation of_mirror(const status::situation& at, core::instant now) {
  if (at.database) return without_mirror(at.database, now);
  alerts::observation seen{.now = now, .conditions = alerts::conditions_of(status::assess(at)), .proven = {}};
  for (const auto& account : at.view->accounts) {
    if (!account.configured) continue;
    const auto& last = account.stored.last_proven;
    seen.proven[account.stored.account] = last ? std::optional{last->finished_at} : std::nullopt;
  }
  return seen;
}

}  // namespace

alerts::sighting sighting_of(const daemon::daemon_state& state, const status::situation* seen, core::instant now) {
  alerts::sighting result{.leads = state.leads, .another_leads = state.leader.has_value()};
  const auto failed = failure_of(state);
  result.database_fails = failed.has_value() || (seen != nullptr && seen->database);
  if (seen == nullptr || failed) {
    result.known = state.database.has_value();
    result.seen = without_mirror(failed, now);
  } else {
    result.known = seen->view != nullptr || seen->database;
    if (result.known) result.seen = of_mirror(*seen, now);
  }
  return result;
}

}  // namespace ordersync::app::http
