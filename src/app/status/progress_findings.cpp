#include "app/status/progress_findings.hpp"

#include "app/setup/spoken.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace ordersync::app::status {

using std::chrono::floor;
using std::chrono::seconds;

namespace {

std::string cure_of_api(std::string_view failure) {
  if (failure == "refused")
    return "Check the account's access key and secret, its user id, and this machine's clock; `ordersync doctor` tests "
           "them.";
  if (failure == "not_permitted")
    return "Ask the vendor to permit the account's access key to list orders; `ordersync doctor` tests it.";
  if (failure == "untrusted")
    return "Check api.base_url and api.ca_file; `ordersync doctor` shows the certificate chain.";
  if (failure == "unusable_reply") return "If it persists, ask the vendor; the recent problems show the reason.";
  return "ordersync keeps retrying. If it persists, check the network and the vendor's status; `ordersync doctor` "
         "checks each step.";
}

config::alert_kind kind_of_api(std::string_view failure) {
  const bool refuses = failure == "refused" || failure == "not_permitted";
  return refuses ? config::alert_kind::refused : config::alert_kind::silent;
}

std::string problem_of_api(std::string_view failure) {
  if (failure == "refused") return "refuses the credentials";
  if (failure == "not_permitted") return "does not permit what ordersync asks";
  if (failure == "untrusted") return "has a certificate that is not trusted";
  if (failure == "unusable_reply") return "sends invalid replies";
  if (failure == "overloaded") return "keeps rate-limiting ordersync";
  return "does not answer";
}

// What the account's owner has written of it; null: nothing, or it owns it no more.
const store::reports::api_state* stored_state(const situation& of, const account_view& account) {
  const auto& totals = of.view->totals;
  if (!is_led(totals)) return nullptr;
  const auto state = std::ranges::find(totals.api, account.stored.account, &store::reports::api_state::account);
  const auto* owner = owner_of(totals, account.stored.account);
  const bool owned = owner != nullptr && !owner->owner.empty();
  const auto& who = owned ? owner->owner : totals.leader->who.id;
  return state == totals.api.end() || state->instance != who ? nullptr : &*state;
}

// As the database knows it, so that every look judges alike; where that does not answer, by the requests of this
// process.
std::optional<store::reports::api_state> state_of(const situation& of, const account_view& account) {
  if (!of.database) {
    const auto* stored = stored_state(of, account);
    return stored == nullptr ? std::nullopt : std::optional{*stored};
  }
  const auto known = of.api.find(account.stored.account);
  if (known == of.api.end()) return std::nullopt;
  const auto& own = known->second;
  store::reports::api_state state{.account = account.stored.account, .instance = {}, .answer = own.average};
  if (!own.failing()) return state;
  state.failing_since = own.same_failure_since;
  state.failure = own.failure;
  state.failures = own.same_failures;
  return state;
}

// Whether the API fails the account at present.
bool assess_api(const situation& of, const account_view& account, std::vector<finding>& findings) {
  const auto& name = account.stored.account;
  const auto state = state_of(of, account);
  if (!state || !state->failing_since) return false;
  const auto problem = problem_of_api(state->failure);
  const auto since = std::max(core::instant::duration{0}, of.now - *state->failing_since);
  findings.push_back({health::bad, fmt::format("The API {}", problem),
                      fmt::format("{}: the API {}, for {} now, over {}.", name, problem,
                                  setup::spoken(floor<seconds>(since)), plural(state->failures, "try", "tries")),
                      cure_of_api(state->failure), kind_of_api(state->failure), name, *state->failing_since});
  return true;
}

bool is_of(const store::reports::logged_problem& failing, const std::string& account) {
  return failing.account == account || failing.event.starts_with("database_");
}

// Whether a daemon leads and yet nothing of the account comes to be proven. The database knows that much even where its
// full disk keeps the reason from being stored.
bool assess_proofs(const situation& of, const account_view& account, std::vector<finding>& findings) {
  const auto& totals = of.view->totals;
  const bool due = !account.stored.scope.empty() && !account.complete.expected.empty();
  if (!due || !is_led(totals)) return false;
  auto since = totals.leader->since;
  if (const auto* owner = owner_of(totals, account.stored.account)) since = std::max(since, owner->since);
  if (account.stored.last_proven) since = std::max(since, account.stored.last_proven->finished_at);
  const auto idle = totals.leader->heartbeat_at - since;  // both by the database's clock
  if (idle <= of.view->success_timeout) return false;
  auto kind = config::alert_kind::silent;
  auto what = fmt::format("{}: a daemon is leading, but nothing new was proven for {}", account.stored.account,
                          setup::spoken(floor<seconds>(idle)));
  const auto latest = std::ranges::find_if(
      totals.problems, [&](const auto& t) { return is_of(t, account.stored.account) && t.last_at >= since; });
  if (latest != totals.problems.end()) {
    const auto reason = store::reports::field_of(*latest, "reason");
    if (latest->event.starts_with("database_")) kind = config::alert_kind::database;
    what += fmt::format("; its last problem: {}{}{}", latest->event, reason.empty() ? "" : ": ", reason);
  }
  findings.push_back({health::bad, "Nothing new is proven", what + ".",
                      "The daemon's log says why: `request_retry` means the API, `database_retry` the database (is its "
                      "disk full?). `ordersync doctor` checks both.",
                      kind, account.stored.account, since});
  return true;
}

// Requests that what is not proven yet takes, by the orders of an equal length of proven time, and those that open
// backfills wait for by the API's own count; none where that is not known.
std::optional<std::int64_t> backlog_of(const situation& of, const account_view& account) {
  seconds proven{0};
  for (const auto& part : account.stored.proven) proven += part.length();
  seconds missing{0};
  for (const auto& gap : account.complete.gaps) missing += gap.length();
  if (missing > seconds{0} && proven <= seconds{0}) return std::nullopt;
  double orders = 0;
  if (missing > seconds{0})
    orders = static_cast<double>(account.stored.orders) * static_cast<double>(missing.count()) /
             static_cast<double>(proven.count());
  for (const auto& job : of.view->totals.open_jobs) {
    if (job.account != account.stored.account || job.state == store::jobs::job_state::paused) continue;
    if (!job.expected_orders) return std::nullopt;
    orders += static_cast<double>(std::max<std::int64_t>(0, *job.expected_orders - job.orders));
  }
  return static_cast<std::int64_t>(std::ceil(orders / of.requests->page_size));
}

std::string pace_text(const situation& of, const account_view& account, std::chrono::milliseconds average) {
  const auto backlog = backlog_of(of, account);
  if (!backlog) return "; the size of the backlog is unknown";
  if (*backlog == 0) return {};
  const auto each =
      std::max(std::chrono::duration<double>(average).count() / of.requests->in_flight, 1 / of.requests->per_second);
  const seconds takes{static_cast<std::int64_t>(std::ceil(each * static_cast<double>(*backlog)))};
  return fmt::format("; at this pace the backlog of about {} takes about {}", plural(*backlog, "request", "requests"),
                     setup::spoken(takes));
}

}  // namespace

bool assess_progress(const situation& of, const account_view& account, std::vector<finding>& findings) {
  return assess_api(of, account, findings) || (!of.database && assess_proofs(of, account, findings));
}

void assess_pace(const situation& of, const account_view& account, std::vector<finding>& findings) {
  const auto state = state_of(of, account);
  if (!of.requests || !state || !state->answer) return;
  const auto average = *state->answer;
  if (3 * average <= of.requests->timeout) return;
  const auto in_seconds = [](std::chrono::milliseconds d) { return std::chrono::duration<double>(d).count(); };
  findings.push_back(
      {health::notice, complete_with_warnings,
       fmt::format("{}: replies take {:.1f} s, and the timeout is {:g} s{}.", account.stored.account,
                   in_seconds(average), in_seconds(of.requests->timeout), pace_text(of, account, average)),
       "Ask the vendor why. A smaller `sync.page_size` makes replies faster; a longer `api.request_timeout` avoids "
       "timeouts."});
}

}  // namespace ordersync::app::status
