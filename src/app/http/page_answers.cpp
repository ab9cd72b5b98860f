#include "app/http/page_answers.hpp"

#include "app/status/status_json.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace ordersync::app::http {
namespace {

namespace json = boost::json;

const char* role_of(const status::situation& seen, const store::leadership::instance& self) {
  if (seen.view == nullptr || seen.database || !seen.view->totals.leader) return "unknown";
  const auto& totals = seen.view->totals;
  if (totals.leader->who.id == self.id) return "leads";
  const bool works = std::ranges::any_of(totals.owners, [&](const auto& each) { return each.owner == self.id; });
  return works ? "works" : "stands_by";
}

// The newest moment that is proven, gaps before it or not.
json::value proven_to(const std::vector<core::window>& proven) {
  if (proven.empty()) return nullptr;
  json::value end(core::to_text(proven.back().end));
  return end;
}

json::value milliseconds_json(const std::optional<std::chrono::microseconds>& d) {
  if (!d) return nullptr;
  return std::chrono::duration<double, std::milli>(*d).count();
}

json::object minute_json(const telemetry::request_history::minute& m) {
  json::object outcomes;
  for (const auto& [outcome, count] : m.outcomes) outcomes[outcome] = count;
  return {{"begin", core::to_text(m.begin)},    {"count", m.count},
          {"outcomes", std::move(outcomes)},    {"p50_ms", milliseconds_json(m.p50)},
          {"p95_ms", milliseconds_json(m.p95)}, {"max_ms", milliseconds_json(m.longest)}};
}

json::value seconds_json(const std::optional<std::chrono::milliseconds>& d) {
  if (!d) return nullptr;
  return std::chrono::duration<double>(*d).count();
}

// How long answers take of the account, where enough came of late.
json::value answer_seconds(const status::situation& seen, const std::string& account) {
  const auto known = seen.api.find(account);
  return known == seen.api.end() ? json::value(nullptr) : seconds_json(known->second.average);
}

json::value rate_json(const std::optional<sync::flow::admission_load>& load) {
  if (!load) return nullptr;
  const auto& found = load->found_per_second;
  return json::object{{"configured_per_second", load->configured_per_second},
                      {"allowed_per_second", load->allowed_per_second},
                      {"found_per_second", found ? json::value(*found) : json::value(nullptr)}};
}

}  // namespace

service::http_answer json_answer(const json::value& value, unsigned status) {
  return {.status = status, .content_type = "application/json", .body = json::serialize(value)};
}

json::object status_answer(const status_facts& facts, const config::settings& settings) {
  const auto& seen = facts.seen;
  json::object answer;
  if (seen.view != nullptr) {
    answer = status::json_of(*seen.view);
    auto& accounts = answer["accounts"].as_array();
    for (std::size_t i = 0; i < accounts.size(); ++i) {
      const auto& stored = seen.view->accounts[i].stored;
      accounts[i].as_object()["proven_to"] = proven_to(stored.proven);
      accounts[i].as_object()["answer_seconds"] = answer_seconds(seen, stored.account);
    }
  }
  answer["now"] = core::to_text(seen.now);
  answer["age_seconds"] = std::chrono::duration<double>(facts.age).count();
  answer["verdict"] = status::json_of(status::assess(seen));
  answer["database"] =
      json::object{{"ok", !seen.database && seen.view != nullptr},
                   {"failure", seen.database ? json::value(core::name(*seen.database)) : json::value(nullptr)}};
  answer["daemon"] = json::object{{"instance", facts.self.id},
                                  {"host", facts.self.host},
                                  {"version", facts.self.version},
                                  {"role", role_of(seen, facts.self)}};
  answer["zone_seconds"] = settings.api.time_zone.count();
  answer["sync_start"] = core::to_text(settings.sync.start);
  answer["live_every_seconds"] = std::chrono::duration<double>(settings.sync.live.every).count();
  answer["request_timeout_seconds"] = std::chrono::duration<double>(settings.api.request_timeout).count();
  answer["rate"] = rate_json(facts.load);
  answer["can_order"] = facts.can_order;
  return answer;
}

json::object coverage_answer(const store::reports::coverage_report& report, const config::settings& settings,
                             core::second expected_to) {
  auto answer = status::json_of(report);
  answer["zone_seconds"] = settings.api.time_zone.count();
  answer["sync_start"] = core::to_text(settings.sync.start);
  answer["expected_to"] = core::to_text(expected_to);
  return answer;
}

json::object requests_answer(const telemetry::request_history& history, core::instant now) {
  json::array minutes;
  for (const auto& m : history.minutes(now)) minutes.push_back(minute_json(m));
  json::array accounts;
  for (const auto& [account, state] : history.accounts())
    accounts.push_back({{"account", account},
                        {"last_ok", status::json_of(state.last_ok)},
                        {"failing_since", status::json_of(state.failing_since)},
                        {"failure", state.failure},
                        {"failures", state.failures},
                        {"answer_seconds", seconds_json(state.average)}});
  return {{"now", core::to_text(now)},
          {"hours", telemetry::request_history::length.count() / 60},
          {"minutes", std::move(minutes)},
          {"accounts", std::move(accounts)}};
}

json::object problems_answer(const std::vector<store::reports::logged_problem>& list, core::instant now) {
  json::array all;
  for (const auto& t : list) all.push_back(status::json_of(t));
  return {{"now", core::to_text(now)}, {"troubles", std::move(all)}};
}

}  // namespace ordersync::app::http
