#include "app/http/readiness.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace ordersync::app::http {

using namespace std::chrono_literals;

namespace {

// A standby takes over from a leader that has been silent for six seconds; after these it has not managed to.
constexpr std::chrono::seconds longest_leaderless{20};

std::int64_t whole_seconds(std::chrono::nanoseconds d) {
  return std::chrono::floor<std::chrono::seconds>(d).count();
}

check_result check_database(const daemon::daemon_state& state) {
  constexpr std::string_view cure =
      "check that PostgreSQL runs and accepts the daemon's login; the daemon continues by itself";
  if (!state.database) return {"database", false, fmt::format("not reached yet; {}", cure)};
  if (state.database->has_error())
    return {"database", false, fmt::format("{}; {}", state.database->error().what, cure)};
  return {"database", true, {}};
}

check_result check_schema(const daemon::daemon_state& state) {
  if (state.preparing) return {"schema", false, "being upgraded; wait, a large mirror takes minutes"};
  return {"schema", true, state.leads ? "" : "the leader maintains it"};
}

check_result check_leader(const daemon::daemon_state& state) {
  if (state.leads) return {"leader", true, fmt::format("this daemon, in epoch {}", state.epoch)};
  if (state.preparing) return {"leader", true, "this daemon, after the schema upgrade"};
  if (!state.leader) return {"leader", false, "no daemon has led yet; wait, or check the log of the other daemon"};
  const auto silent = state.leader->silent_for;
  const auto& who = state.leader->who.who;
  if (silent < longest_leaderless)
    return {"leader", true,
            fmt::format("{} on {}; this daemon {}", who.id, who.host, state.works ? "works beside it" : "stands by")};
  return {"leader", false,
          fmt::format("{} on {} has not reported for {} s and no daemon has taken over; restart the daemons", who.id,
                      who.host, whole_seconds(silent))};
}

std::string_view cure_of(std::string_view outcome) {
  if (outcome == "refused")
    return "the API refuses the credentials: check the account's access key, secret and user_id";
  if (outcome == "unreachable")
    return "the API does not answer: check the network between this machine and api.base_url";
  if (outcome == "untrusted") return "the API's certificate is not trusted: check api.ca_file and this machine's clock";
  if (outcome == "overloaded") return "the API rate-limits ordersync: lower sync.rate";
  if (outcome == "unusable_reply") return "the API's replies are invalid: see the log";
  return "ordersync coverage shows which windows are not proven, and why";
}

}  // namespace

std::string text_of(const std::vector<check_result>& checks) {
  std::string text;
  for (const auto& check : checks) {
    text += fmt::format("{}: {}", check.name, check.passed ? "ok" : "failed");
    if (!check.what.empty()) text += ": " + check.what;
    text += '\n';
  }
  return text;
}

bool all_passed(const std::vector<check_result>& checks) {
  return std::ranges::all_of(checks, &check_result::passed);
}

check_result check_life(const daemon::daemon_state& state) {
  if (state.since_look < daemon::longest_silence) return {"loop", true, {}};
  return {"loop", false,
          fmt::format("the daemon has not checked the database for {} s: it hangs; restart it",
                      whole_seconds(state.since_look))};
}

void readiness::request(const telemetry::finished_request& finished) noexcept {
  last_outcomes_.insert_or_assign(std::string{finished.account}, std::string{finished.outcome});
}

std::vector<check_result> readiness::check(const daemon::daemon_state& state) const {
  std::vector<check_result> checks{check_database(state)};
  // What was known of the rest before the database went away says nothing now.
  if (!checks.front().passed) return checks;
  checks.push_back(check_schema(state));
  checks.push_back(check_leader(state));
  for (const auto& account : state.accounts) checks.push_back(check_account(state, account));
  return checks;
}

check_result readiness::check_account(const daemon::daemon_state& state, const daemon::account_state& account) const {
  check_result result{"account " + account.name, false, {}};
  const auto ago = account.since_success.value_or(state.worked_for);
  if (account.since_success && ago < state.success_timeout) {
    result.passed = true;
    result.what = fmt::format("last success {} s ago", whole_seconds(ago));
    return result;
  }
  const auto at = last_outcomes_.find(account.name);
  const auto last = at == last_outcomes_.end() ? std::string{"none has finished yet"} : at->second;
  std::string advice{cure_of(last)};
  if (last == "ok" && !account.untried.empty()) advice = "the test of the API is incomplete: " + account.untried;
  if (!account.prepared) advice = "the account is being set up; see the log if this persists";
  result.what =
      fmt::format("no window proven {} {} s; last request: {}; {}",
                  account.since_success ? "for" : "since this daemon began to work,", whole_seconds(ago), last, advice);
  return result;
}

}  // namespace ordersync::app::http
