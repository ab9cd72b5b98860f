#include "app/status/progress_findings.hpp"

#include "app/setup/spoken.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace ordersync::app::status {

using std::chrono::floor;
using std::chrono::seconds;

namespace {

// One failure, or two, is an everyday thing.
constexpr std::int64_t failures_that_count = 3;

std::string cure_of_api(std::string_view failure) {
  if (failure == "refused")
    return "Check the account's access key and secret, its user id, and this machine's clock; `ordersync doctor` tests "
           "them.";
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
  if (failure == "untrusted") return "has a certificate that is not trusted";
  if (failure == "unusable_reply") return "sends invalid replies";
  if (failure == "overloaded") return "keeps rate-limiting ordersync";
  return "does not answer";
}

struct api_failure {
  std::string failure;
  core::instant since{};
  std::int64_t tries = 0;  // 0: not known
};

// Requests of this process.
std::optional<api_failure> own_failure(const telemetry::request_history::account_state& state) {
  if (state.failures < failures_that_count) return std::nullopt;
  return api_failure{state.failure, state.same_failure_since.value_or(*state.failing_since), state.same_failures};
}

// What the account's owner has written to the database: requests still fail, and nothing was proven since. A process
// that makes no requests knows it only from there.
std::optional<api_failure> stored_failure(const situation& of, const account_view& account) {
  // The longest wait between two tries, and what may pass before the database knows.
  constexpr std::chrono::minutes recently{2};
  constexpr seconds lasting{10};
  const auto& totals = of.view->totals;
  if (!is_led(totals)) return std::nullopt;
  const auto* owner = owner_of(totals, account.stored.account);
  const auto& who = owner && !owner->owner.empty() ? owner->owner : totals.leader->who.id;
  const store::reports::logged_problem* last = nullptr;
  for (const auto& one : totals.problems) {
    const bool counts = one.event == "request_retry" && one.account == account.stored.account && one.instance == who &&
                        !one.failure.empty();
    if (counts && (last == nullptr || one.last_at > last->last_at)) last = &one;
  }
  if (last == nullptr || of.now - last->last_at > recently) return std::nullopt;
  auto since = last->first_at;
  if (account.stored.last_proven) since = std::max(since, account.stored.last_proven->finished_at);
  if (last->last_at - since < lasting) return std::nullopt;
  return api_failure{.failure = last->failure, .since = since};
}

// Whether the API fails the account at present.
bool assess_api(const situation& of, const account_view& account, std::vector<finding>& findings) {
  const auto& name = account.stored.account;
  const auto known = of.api.find(name);
  const auto failing = known == of.api.end() ? stored_failure(of, account) : own_failure(known->second);
  if (!failing) return false;
  const auto tries = failing->tries == 0 ? std::string{} : ", over " + plural(failing->tries, "try", "tries");
  findings.push_back({health::bad, fmt::format("The API {}", problem_of_api(failing->failure)),
                      fmt::format("{}: the API {}, for {} now{}.", name, problem_of_api(failing->failure),
                                  setup::spoken(floor<seconds>(of.now - failing->since)), tries),
                      cure_of_api(failing->failure), kind_of_api(failing->failure), name});
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
                      kind, account.stored.account});
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
  const auto known = of.api.find(account.stored.account);
  if (!of.requests || known == of.api.end() || !known->second.average) return;
  const auto average = *known->second.average;
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
