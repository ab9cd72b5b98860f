#include "app/status/status_json.hpp"

#include "app/setup/exit_code.hpp"
#include "app/status/quarantine_report.hpp"
#include "app/status/standing.hpp"
#include "service/event_help.hpp"
#include "service/log_line.hpp"

#include <boost/json/array.hpp>

#include <algorithm>

namespace ordersync::app::status {
namespace {

namespace json = boost::json;

json::array tiers_json(const std::vector<store::reports::tier_report>& tiers, const std::string& account) {
  json::array list;
  for (const auto& tier : tiers) {
    if (tier.account != account) continue;
    list.push_back({{"younger_than_seconds", tier.younger_than.count()},
                    {"every_seconds", tier.every.count()},
                    {"oldest_read_at", json_of(tier.oldest_read_at)},
                    {"behind", tier.behind},
                    {"updated_at", core::to_text(tier.updated_at)}});
  }
  return list;
}

json::value checks_json(const std::vector<store::recheck::check_report>& checks, const std::string& account) {
  const auto at = std::ranges::find(checks, account, &store::recheck::check_report::account);
  if (at == checks.end()) return nullptr;
  return json::object{{"state", store::recheck::name(at->state)},
                      {"reason", at->reason},
                      {"younger_than_seconds", at->younger_than.count()},
                      {"every_seconds", at->every.count()},
                      {"period_seconds", at->period ? json::value(at->period->count()) : json::value(nullptr)},
                      {"windows", at->windows},
                      {"oldest_checked_at", json_of(at->oldest_checked_at)},
                      {"requests", at->requests},
                      {"changes", at->changes},
                      {"updated_at", core::to_text(at->updated_at)}};
}

json::array owners_json(const std::vector<store::leadership::account_owner>& owners) {
  json::array list;
  for (const auto& one : owners) {
    const bool owned = !one.owner.empty();
    const auto& rest = one.ownerless_for;
    list.push_back({{"account", one.account},
                    {"instance", owned ? json::value(one.owner) : json::value(nullptr)},
                    {"host", one.host.empty() ? json::value(nullptr) : json::value(one.host)},
                    {"since", core::to_text(one.since)},
                    {"no_owner_seconds",
                     rest ? json::value(std::chrono::duration<double>(*rest).count()) : json::value(nullptr)}});
  }
  return list;
}

json::value leader_json(const store::reports::status_report& totals) {
  if (!totals.leader) return nullptr;
  const auto& leader = *totals.leader;
  json::object object{{"instance", leader.who.id},       {"host", leader.who.host},
                      {"pid", leader.who.pid},           {"version", leader.who.version},
                      {"epoch", leader.epoch},           {"since", core::to_text(leader.since)},
                      {"heartbeat_age_seconds", nullptr}};
  if (totals.heartbeat_age)
    object["heartbeat_age_seconds"] = std::chrono::duration<double>(*totals.heartbeat_age).count();
  return object;
}

json::array limits_json(const std::vector<tasks::limit_view>& limits) {
  json::array list;
  for (const auto& [is, by_hand] : limits) {
    json::object object{{"name", is.name},    {"value", is.value},   {"text", tasks::limit_text(is.name, is.value)},
                        {"by_hand", by_hand}, {"found_by", nullptr}, {"since", nullptr},
                        {"tried_at", nullptr}};
    if (!by_hand) {
      object["found_by"] = is.found_by;
      object["since"] = core::to_text(is.since);
      object["tried_at"] = core::to_text(is.tried_at);
    }
    list.push_back(std::move(object));
  }
  return list;
}

json::object counts_json(const store::coverage::audit_counts& of) {
  return {{"checks", of.checks},
          {"calls", of.calls},
          {"orders", of.orders},
          {"seconds", of.seconds},
          {"contradictions", of.contradictions}};
}

json::value contradiction_json(const std::optional<store::coverage::contradiction_report>& of) {
  if (!of) return nullptr;
  const bool everywhere = of->range == store::coverage::whole_time_line;
  return json::object{{"found_at", core::to_text(of->found_at)},
                      {"way", of->way},
                      {"range", everywhere ? json::value(nullptr) : json::value(json_of(of->range))},
                      {"expected", of->expected},
                      {"found", of->found},
                      {"reason", of->reason},
                      {"resolved_at", json_of(of->resolved_at)}};
}

json::value milliseconds_json(const std::optional<std::chrono::milliseconds>& length) {
  return length ? json::value(std::chrono::duration<double>(*length).count()) : json::value(nullptr);
}

json::object push_json(const store::push::push_figures& push) {
  json::object day;
  for (const auto& [outcome, count] : push.day) day[outcome] = count;
  return {{"first_at", json_of(push.first_at)},
          {"latest_at", json_of(push.latest_at)},
          {"day", std::move(day)},
          {"p50_seconds", milliseconds_json(push.p50)},
          {"p99_seconds", milliseconds_json(push.p99)},
          {"changes", push.changes},
          {"unannounced_changes", push.unannounced}};
}

json::value details_json(const std::optional<store::details::detail_figures>& details) {
  if (!details) return nullptr;
  return json::object{{"waiting", details->waiting},
                      {"later", details->later},
                      {"failing", details->failing},
                      {"last_failure", details->last_failure},
                      {"oldest_due_at", json_of(details->oldest)},
                      {"details", details->details},
                      {"refused_at", json_of(details->refused_at)},
                      {"refusal", details->refusal}};
}

json::object refusals_json(const std::map<std::string, store::push::refusal_figures>& refusals) {
  json::object all;
  for (const auto& [reason, of] : refusals)
    all[reason] = json::object{{"day", of.day}, {"last_at", core::to_text(of.last_at)}};
  return all;
}

void add_trust(json::object& object, const account_view& view) {
  object["limits"] = limits_json(view.limits);
  object["settle_seconds"] = view.settle.count();
  object["audited"] =
      json::object{{"day", counts_json(view.stored.audited.day)}, {"month", counts_json(view.stored.audited.month)}};
  object["open_contradictions"] = view.stored.open_contradictions;
  object["last_contradiction"] = contradiction_json(view.stored.last_contradiction);
  object["in_doubt"] = view.in_doubt();
}

json::object account_json(const account_view& view, const store::reports::status_report& totals) {
  json::array gaps;
  for (const auto& gap : view.complete.gaps) gaps.push_back(json_of(gap));
  json::object object{{"account", view.stored.account},
                      {"configured", view.configured},
                      {"standing", name(view.stands)},
                      {"asked", view.stored.asked},
                      {"complete", view.sound()},
                      {"complete_through", nullptr},
                      {"behind_seconds", view.complete.behind.count()},
                      {"gaps", std::move(gaps)},
                      {"orders", view.stored.orders},
                      {"last_proven", nullptr},
                      {"revisits", tiers_json(totals.tiers, view.stored.account)},
                      {"recheck", checks_json(totals.checks, view.stored.account)}};
  add_counts(object, view.stored.quarantine);
  add_trust(object, view);
  object["push"] = push_json(view.stored.push);
  object["details"] = details_json(view.details);
  if (view.complete.through) object["complete_through"] = core::to_text(*view.complete.through);
  if (const auto& last = view.stored.last_proven)
    object["last_proven"] =
        json::object{{"window", json_of(last->window)}, {"kind", last->kind}, {"at", core::to_text(last->finished_at)}};
  return object;
}

json::object summary_json(const status_view& view) {
  const auto counts = count_standings(view);
  return {{"accounts", counts.configured},
          {"current", counts.current},
          {"behind", counts.behind},
          {"failing", counts.failing}};
}

json::object demand_json(const status_view& view) {
  const auto& needs = view.demand;
  return {{"rate_per_second", needs.rate},
          {"live_per_second", needs.live},
          {"revisits_per_second", needs.revisits},
          {"live_period_seconds", needs.live_period.count()},
          {"revisit_stretch", needs.revisit_stretch},
          {"overload", view.overload.empty() ? json::value(nullptr) : json::value(view.overload)}};
}

json::object alerts_json(const status_view& view) {
  const auto* const failed = last_failed_alert(view);
  const auto field = [&](std::string_view name) {
    const auto value = failed == nullptr ? std::string_view{} : store::reports::field_of(*failed, name);
    return value.empty() ? json::value(nullptr) : json::value(value);
  };
  return {{"webhooks", view.alerts},
          {"last_sent_at", json_of(view.totals.last_alert)},
          {"last_failed_at", failed == nullptr ? json::value(nullptr) : json::value(core::to_text(failed->last_at))},
          {"failed_webhook", field("webhook")},
          {"failed_reason", field("reason")}};
}

json::array open_jobs_json(const std::vector<store::jobs::backfill_job>& open) {
  json::array jobs;
  for (const auto& job : open)
    jobs.push_back({{"id", std::to_string(job.id)}, {"account", job.account}, {"state", store::jobs::name(job.state)}});
  return jobs;
}

json::array drift_json(const std::vector<store::maintenance::drift_path>& paths) {
  json::array drift;
  for (const auto& path : paths)
    drift.push_back({{"path", path.path},
                     {"first_seen_at", core::to_text(path.first_seen_at)},
                     {"last_seen_at", core::to_text(path.last_seen_at)},
                     {"count", path.count}});
  return drift;
}

json::array problems_json(const std::vector<store::reports::logged_problem>& list) {
  json::array problems;
  for (const auto& one : list) problems.push_back(json_of(one));
  return problems;
}

const char* state_of(const store::reports::gap& gap) {
  if (!gap.last_read) return "never";
  return gap.failed ? "failed" : "unproven";
}

}  // namespace

json::object json_of(const core::window& w) {
  return {{"from", core::to_text(w.begin)}, {"to", core::to_text(w.end)}};
}

json::value json_of(const std::optional<core::instant>& t) {
  return t ? json::value(core::to_text(*t)) : json::value(nullptr);
}

json::object server_json(const store::reports::server_state& server) {
  json::array locked;
  for (const auto& table : server.locked) locked.emplace_back(table);
  const auto or_null = [](const auto& value) { return value.empty() ? json::value(nullptr) : json::value(value); };
  return {{"replay_lag", server.replay_lag ? json::value(std::chrono::duration<double>(*server.replay_lag).count())
                                           : json::value(nullptr)},
          {"missing_standby", or_null(server.missing_standby)},
          {"collation", or_null(server.collation.value_or(""))},
          {"old_snapshot", server.held
                               ? json::value{{"who", server.held->who}, {"since", core::to_text(server.held->since)}}
                               : json::value(nullptr)},
          {"tables_without_rights", std::move(locked)}};
}

json::object json_of(const status_view& view) {
  const auto& totals = view.totals;
  json::array accounts;
  for (const auto& account : view.accounts) accounts.push_back(account_json(account, totals));
  json::object object{
      {"at", core::to_text(view.at)},
      {"complete", std::ranges::all_of(view.accounts, [](const auto& a) { return !a.configured || a.sound(); })},
      {"exit_code", static_cast<int>(view.incomplete ? setup::exit_code::incomplete : setup::exit_code::done)},
      {"summary", summary_json(view)},
      {"demand", demand_json(view)},
      {"accounts", std::move(accounts)},
      {"orders", totals.orders},
      {"order_items", totals.order_items},
      {"drift_paths", totals.drift_paths},
      {"newest_order", json_of(totals.newest_order)},
      {"leader", leader_json(totals)},
      {"owners", owners_json(totals.owners)},
      {"server", server_json(totals.server)},
      {"push", json::object{{"listen", view.push_listens}, {"refused", refusals_json(totals.push_refusals)}}},
      {"alerts", alerts_json(view)},
      {"open_backfills", open_jobs_json(totals.open_jobs)},
      {"quarantine_kinds", json_of(totals.quarantine_kinds)},
      {"schema_drift", drift_json(totals.drift)},
      {"troubles", problems_json(totals.problems)}};
  add_counts(object, totals.quarantine);
  return object;
}

json::object json_of(const store::reports::logged_problem& of) {
  json::object fields;
  for (const auto& [field, value] : of.fields) fields[field] = value;
  const auto* help = service::help_for(of.event);
  return {{"instance", of.instance},
          {"event", of.event},
          {"level", std::string{service::name(of.level)}},
          {"first_at", core::to_text(of.first_at)},
          {"last_at", core::to_text(of.last_at)},
          {"count", of.count},
          {"fields", std::move(fields)},
          {"cause", help == nullptr ? std::string{} : std::string{help->cause}},
          {"cure", help == nullptr ? std::string{} : std::string{help->cure}}};
}

json::object json_of(const verdict& of) {
  json::array findings;
  for (const auto& f : of.findings) findings.push_back({{"level", name(f.level)}, {"what", f.what}, {"cure", f.cure}});
  return {{"level", name(of.level)}, {"headline", of.headline}, {"findings", std::move(findings)}};
}

json::object json_of(const store::jobs::backfill_job& job) {
  std::chrono::seconds left{0};
  for (const auto& window : job.left) left += window.length();
  auto object = json_of(job.range);
  object["id"] = std::to_string(job.id);
  object["account"] = job.account;
  object["state"] = store::jobs::name(job.state);
  object["open"] = store::jobs::is_open(job.state);
  object["reason"] = job.reason;
  object["requested_at"] = core::to_text(job.requested_at);
  object["started_at"] = json_of(job.started_at);
  object["finished_at"] = json_of(job.finished_at);
  object["updated_at"] = core::to_text(job.updated_at);
  object["seconds"] = job.range.length().count();
  object["left_seconds"] = left.count();
  object["orders"] = job.orders;
  object["created"] = job.created;
  object["changed"] = job.changed;
  object["unchanged"] = job.unchanged;
  object["windows_proven"] = job.windows_proven;
  object["gaps"] = job.gaps;
  object["calls"] = job.calls;
  object["expected_orders"] = job.expected_orders ? json::value(*job.expected_orders) : nullptr;
  return object;
}

json::object json_of(const store::reports::coverage_report& report) {
  json::array proven;
  for (const auto& window : report.proven) proven.push_back(json_of(window));
  json::array gaps;
  for (const auto& gap : report.gaps) {
    auto object = json_of(gap.window);
    object["state"] = state_of(gap);
    object["reason"] = gap.last_read ? gap.reason : "never read";
    object["last_read"] = json_of(gap.last_read);
    gaps.push_back(std::move(object));
  }
  return {{"account", report.account},
          {"asked", report.asked},
          {"range", json_of(report.range)},
          {"proven", std::move(proven)},
          {"gaps", std::move(gaps)}};
}

}  // namespace ordersync::app::status
