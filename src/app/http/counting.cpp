#include "app/http/counting.hpp"

#include "service/log_line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace ordersync::app::http {

using service::gauge_sample;
using service::metric;

namespace {

// Each open job is a time series of its own; nobody looks at more at once.
constexpr std::size_t most_jobs = 20;

// All that a request to the API can come to. Known to be zero from the first request on, so that a rise from nothing is
// seen as one.
constexpr std::array api_outcomes{
    core::failure::unreachable,   core::failure::untrusted,      core::failure::overloaded, core::failure::refused,
    core::failure::not_permitted, core::failure::unusable_reply, core::failure::defect};

constexpr std::array<std::string_view, 7> detail_outcomes{"created",  "changed", "unchanged", "outdated",
                                                          "no_order", "failed",  "refused"};

constexpr std::array<std::string_view, 5> push_outcomes{"stored", "changed", "unchanged", "coalesced", "not_shown"};
constexpr std::array<std::string_view, 6> push_refusals{"signature", "invalid", "other", "rate", "queue", "database"};

template <class Rep, class Period>
double seconds(std::chrono::duration<Rep, Period> d) {
  return std::chrono::duration<double>(d).count();
}

double number(auto n) {
  return static_cast<double>(n);
}

class collection {
 public:
  void add(metric of, double value) { samples_.push_back({of, {}, value}); }
  void add(metric of, std::vector<std::string> labels, double value) {
    samples_.push_back({of, std::move(labels), value});
  }
  std::vector<gauge_sample> take() { return std::move(samples_); }

 private:
  std::vector<gauge_sample> samples_;
};

void add_requests(collection& to, const sync::flow::admission_load& load) {
  to.add(metric::api_allowed_rate, load.allowed_per_second);
  to.add(metric::api_configured_rate, load.configured_per_second);
  if (load.found_per_second) to.add(metric::api_found_rate, *load.found_per_second);
  to.add(metric::api_requests_in_flight, load.in_flight);
  to.add(metric::api_requests_in_flight_limit, load.in_flight_limit);
  constexpr std::array names{"live", "revisit", "backfill"};
  for (std::size_t i = 0; i < names.size(); ++i)
    to.add(metric::api_requests_waiting, {names.at(i)}, number(load.waiting.at(i)));
}

void add_demand(collection& to, const sync::schedule::demand& demand) {
  to.add(metric::api_needed_rate, {"live"}, demand.live);
  to.add(metric::api_needed_rate, {"revisit"}, demand.revisits);
  to.add(metric::live_period, demand.live_period.count());
}

void add_tier(collection& to, const std::string& account, const daemon::tier_view& tier) {
  const std::vector<std::string> labels{account, fmt::format("{}", tier.younger_than.count())};
  to.add(metric::tier_period, labels, seconds(tier.every));
  to.add(metric::tier_behind, labels, tier.behind ? 1 : 0);
  if (tier.staleness) to.add(metric::tier_staleness, labels, seconds(*tier.staleness));
}

void add_limits(collection& to, const std::string& account, const sync::evidence::known_limits& limits) {
  const auto add = [&](const char* name, double value) { to.add(metric::api_limit, {account, name}, value); };
  if (limits.longest_range) add("longest_range", seconds(*limits.longest_range));
  if (limits.nearest_end) add("nearest_end", seconds(*limits.nearest_end));
  if (limits.page_size) add("page_size", *limits.page_size);
  if (limits.total) add("total", number(*limits.total));
  if (limits.by_status) add("by_status", 1);
}

void add_audited(collection& to, const std::string& account, const char* period,
                 const store::coverage::audit_counts& of) {
  const std::vector<std::string> labels{account, period};
  to.add(metric::audited_checks, labels, number(of.checks));
  to.add(metric::audited_orders, labels, number(of.orders));
  to.add(metric::audited_time, labels, number(of.seconds));
}

void add_proof(collection& to, const std::string& account, const daemon::proof_figures& proof) {
  to.add(metric::contradictions_open, {account}, number(proof.open_contradictions));
  add_audited(to, account, "day", proof.audited.day);
  add_audited(to, account, "month", proof.audited.month);
}

void add_checks(collection& to, const daemon::account_state& account) {
  const auto& checks = *account.checks;
  const std::vector<std::string> label{account.name};
  using store::recheck::check_state;
  if (checks.state != check_state::untried)
    to.add(metric::recheck_usable, label, checks.state == check_state::on ? 1 : 0);
  to.add(metric::recheck_every, label, seconds(checks.every));
  if (checks.period) to.add(metric::recheck_period, label, seconds(*checks.period));
  if (account.check_age) to.add(metric::recheck_age, label, seconds(*account.check_age));
  to.add(metric::recheck_windows, label, number(checks.windows));
  to.add(metric::recheck_changes, label, number(checks.changes));
}

void add_push(collection& to, const std::string& account, const store::push::push_figures& push) {
  if (!push.latest_at) return;
  std::int64_t waiting = 0;
  for (const auto* outcome : {"waiting", "taken"})
    if (const auto at = push.day.find(outcome); at != push.day.end()) waiting += at->second;
  to.add(metric::push_waiting, {account}, number(waiting));
  to.add(metric::push_latest, {account}, seconds(push.latest_at->time_since_epoch()));
  if (push.p50) to.add(metric::push_delay, {account, "0.5"}, seconds(*push.p50));
  if (push.p99) to.add(metric::push_delay, {account, "0.99"}, seconds(*push.p99));
  to.add(metric::push_changes, {account}, number(push.changes));
  to.add(metric::push_unannounced, {account}, number(push.unannounced));
}

void add_details(collection& to, const std::string& account, const store::details::detail_figures& details) {
  const std::vector<std::string> label{account};
  to.add(metric::details_waiting, label, number(details.waiting));
  to.add(metric::details_failing, label, number(details.failing));
  to.add(metric::details_refused, label, details.refused_at ? 1 : 0);
  if (details.oldest) to.add(metric::details_oldest, label, seconds(details.oldest->time_since_epoch()));
}

void add_quarantine(collection& to, const std::vector<std::string>& label,
                    const store::maintenance::quarantine_counts& counts) {
  to.add(metric::quarantine_open, label, number(counts.open));
  to.add(metric::quarantine_open_kinds, label, number(counts.open_kinds));
  to.add(metric::quarantine_accepted, label, number(counts.accepted));
  to.add(metric::quarantine_accepted_kinds, label, number(counts.accepted_kinds));
}

void add_account(collection& to, const daemon::account_state& account) {
  const std::vector<std::string> label{account.name};
  if (account.proof) add_proof(to, account.name, *account.proof);
  if (account.proof) add_push(to, account.name, account.proof->push);
  if (account.proof && account.proof->details) add_details(to, account.name, *account.proof->details);
  if (account.since_success) to.add(metric::last_success_age, label, seconds(*account.since_success));
  if (account.skew) to.add(metric::api_clock_skew, label, seconds(*account.skew));
  if (account.quarantine) add_quarantine(to, label, *account.quarantine);
  if (!account.prepared) return;
  if (account.complete_through)
    to.add(metric::complete_through, label, seconds(account.complete_through->time_since_epoch()));
  to.add(metric::gaps, label, number(account.gaps));
  to.add(metric::api_trial_incomplete, label, account.untried.empty() ? 0 : 1);
  add_limits(to, account.name, account.limits);
  to.add(metric::unproven, label, seconds(account.unproven));
  for (const auto& tier : account.tiers) add_tier(to, account.name, tier);
  if (account.checks) add_checks(to, account);
}

void add_jobs(collection& to, const daemon::daemon_state& state) {
  std::map<std::pair<std::string, std::string>, int> counts;
  for (const auto& account : state.accounts)
    for (const auto job :
         {store::jobs::job_state::queued, store::jobs::job_state::running, store::jobs::job_state::paused})
      counts[{account.name, store::jobs::name(job)}] = 0;
  for (const auto& job : state.jobs) ++counts[{job.account, store::jobs::name(job.state)}];
  for (const auto& [of, count] : counts) to.add(metric::jobs, {of.first, of.second}, count);
  for (std::size_t i = 0; i < std::min(state.jobs.size(), most_jobs); ++i) {
    const auto& job = state.jobs[i];
    const std::vector<std::string> labels{job.account, fmt::format("{}", job.id)};
    to.add(metric::job_orders, labels, number(job.orders));
    if (job.expected_orders) to.add(metric::job_expected_orders, labels, number(*job.expected_orders));
  }
}

}  // namespace

void counting::request(const telemetry::finished_request& finished) noexcept {
  into_.add(metric::api_requests, {finished.account, "ok"}, 0);
  for (const auto kind : api_outcomes) into_.add(metric::api_requests, {finished.account, core::name(kind)}, 0);
  into_.add(metric::proof_retracted, {finished.account}, 0);
  into_.add(metric::api_requests, {finished.account, finished.outcome});
  into_.observe(metric::api_request_duration, {finished.account}, seconds(finished.took));
}

void counting::committed(const telemetry::finished_commit& finished) noexcept {
  const auto& sum = finished.summary;
  into_.add(metric::windows, {finished.account, sync::name(finished.kind), sync::name(finished.outcome)});
  into_.add(metric::orders, {finished.account, "created"}, number(sum.created));
  into_.add(metric::orders, {finished.account, "changed"}, number(sum.changed));
  into_.add(metric::orders, {finished.account, "unchanged"}, number(sum.unchanged));
  into_.add(metric::orders, {finished.account, "outdated"}, number(sum.outdated));
  into_.add(metric::quarantined, {finished.account}, number(sum.quarantined));
  into_.observe(metric::commit_duration, {finished.account}, seconds(finished.took));
}

void counting::pushed(const telemetry::pushed_messages& messages) noexcept {
  for (const auto outcome : push_outcomes) into_.add(metric::push_messages, {messages.account, outcome}, 0);
  into_.add(metric::push_messages, {messages.account, messages.outcome}, number(messages.count));
}

void counting::detail_read(const telemetry::finished_detail& finished) noexcept {
  for (const auto outcome : detail_outcomes) into_.add(metric::details_read, {finished.account, outcome}, 0);
  into_.add(metric::details_read, {finished.account, finished.outcome});
}

void counting::push_refused(std::string_view reason) noexcept {
  for (const auto known : push_refusals) into_.add(metric::push_refused, {known}, 0);
  into_.add(metric::push_refused, {reason});
}

void counting::alert_sent(const telemetry::sent_alert& sent) noexcept {
  into_.add(metric::alerts_sent, {sent.format, "sent"}, sent.delivered ? 1 : 0);
  into_.add(metric::alerts_sent, {sent.format, "failed"}, sent.delivered ? 0 : 1);
}

void counting::event(core::severity level, std::string_view event,
                     std::initializer_list<core::log_field> fields) noexcept {
  into_.add(metric::log_events, {event, service::name(level)});
  if (event != "proof_retracted") return;
  for (const auto& field : fields)
    if (field.name == "account") into_.add(metric::proof_retracted, {field.value});
}

std::vector<gauge_sample> gauges_of(const daemon::daemon_state& state) {
  collection to;
  to.add(metric::leader, state.leads ? 1 : 0);
  to.add(metric::push_listening, state.listens_for_push ? 1 : 0);
  if (state.database) to.add(metric::database_up, state.database->has_value() ? 1 : 0);
  if (state.leads) to.add(metric::leader_epoch, number(state.epoch));
  for (const auto& [account, owned] : state.owned) to.add(metric::account_owned, {account}, owned ? 1 : 0);
  if (!state.works) return to.take();
  if (state.requests) add_requests(to, *state.requests);
  if (state.demand) add_demand(to, *state.demand);
  if (state.store_waiting) to.add(metric::store_operations_waiting, number(*state.store_waiting));
  for (const auto& account : state.accounts) add_account(to, account);
  add_jobs(to, state);
  return to.take();
}

}  // namespace ordersync::app::http
