#include "app/status/verdict.hpp"

#include "app/setup/spoken.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace ordersync::app::status {
namespace {

using std::chrono::floor;
using std::chrono::seconds;

// A leader that is well says so several times in so long.
constexpr seconds longest_heartbeat_gap{10};
// One failure, or two, is an everyday thing.
constexpr std::int64_t failures_that_count = 3;
constexpr auto something_to_look_at = "Complete and current, with warnings";
constexpr auto in_doubt = "Completeness in doubt";

std::string plural(std::int64_t n, std::string_view one, std::string_view more) {
  return fmt::format("{} {}", n, n == 1 ? one : more);
}

finding database_finding(core::failure kind) {
  finding f{.level = health::bad, .headline = "The database does not answer"};
  switch (kind) {
    case core::failure::database_down:
      f.what = "The database cannot be reached. The figures below are the last known ones.";
      f.cure =
          "Check that PostgreSQL runs and is reachable from this machine; the daemon's log shows the error. Nothing is "
          "lost: reading continues where it stopped.";
      return f;
    case core::failure::input:
      f.headline = "The database is not ready";
      f.what = "The tables are missing or belong to another version.";
      f.cure = "The leading daemon creates them within seconds; or run `ordersync migrate`.";
      return f;
    default:
      f.what = "The database rejects ordersync's statements.";
      f.cure = "Run `ordersync doctor`: it names the missing privilege or setting.";
      return f;
  }
}

constexpr auto nothing_is_read = "Nothing is read: no daemon leads";

// What a standby has not replayed yet may hold a younger heartbeat.
seconds silence_of_leader(const store::reports::status_report& totals) {
  using std::chrono::milliseconds;
  const auto seen = totals.heartbeat_age.value_or(milliseconds{0}) - totals.server.replay_lag.value_or(milliseconds{0});
  return floor<seconds>(std::max(seen, milliseconds{0}));
}

// A mirror that nobody but `ordersync sync` ever wrote may be complete all the same.
void assess_leader(const status_view& view, std::vector<finding>& findings) {
  const auto& totals = view.totals;
  if (is_led(totals)) return;
  if (!totals.leader) {
    const auto incomplete = [](const account_view& a) { return a.configured && !a.sound(); };
    const bool bad = std::ranges::any_of(view.accounts, incomplete);
    findings.push_back({bad ? health::bad : health::notice, bad ? nothing_is_read : something_to_look_at,
                        "No daemon has led on this database yet.",
                        "Start one (`ordersync run` or `systemctl start ordersync`). A running daemon takes the lead "
                        "within seconds; otherwise its log says why."});
    return;
  }
  findings.push_back({health::bad, nothing_is_read,
                      fmt::format("The last leading daemon, on {}, was last seen {} ago.", totals.leader->who.host,
                                  setup::spoken(silence_of_leader(totals))),
                      "Start one (`ordersync run` or `systemctl start ordersync`). If one is running, its log says why "
                      "it does not lead."});
}

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

// What the leader has written to the database: requests still fail, and nothing was proven since. A process that makes
// no requests knows it only from there.
std::optional<api_failure> stored_failure(const situation& of, const account_view& account) {
  // The longest wait between two tries, and what may pass before the database knows.
  constexpr std::chrono::minutes recently{2};
  constexpr seconds lasting{10};
  const auto& totals = of.view->totals;
  if (!is_led(totals)) return std::nullopt;
  const store::reports::logged_problem* last = nullptr;
  for (const auto& one : totals.problems) {
    const bool counts = one.event == "request_retry" && one.account == account.stored.account &&
                        one.instance == totals.leader->who.id && !one.failure.empty();
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
                      cure_of_api(failing->failure)});
  return true;
}

bool is_of(const store::reports::logged_problem& failing, const std::string& account) {
  return failing.account == account || failing.event.starts_with("database_");
}

// Whether a daemon leads and yet nothing of the account comes to be proven. The database knows that much even where its
// full disk keeps the reason from being stored.
bool assess_progress(const situation& of, const account_view& account, std::vector<finding>& findings) {
  const auto& totals = of.view->totals;
  const bool due = !account.stored.scope.empty() && !account.complete.expected.empty();
  if (!due || !is_led(totals)) return false;
  auto since = totals.leader->since;
  if (account.stored.last_proven) since = std::max(since, account.stored.last_proven->finished_at);
  const auto idle = totals.leader->heartbeat_at - since;  // both by the database's clock
  if (idle <= of.view->success_timeout) return false;
  auto what = fmt::format("{}: a daemon is leading, but nothing new was proven for {}", account.stored.account,
                          setup::spoken(floor<seconds>(idle)));
  const auto latest = std::ranges::find_if(
      totals.problems, [&](const auto& t) { return is_of(t, account.stored.account) && t.last_at >= since; });
  if (latest != totals.problems.end()) {
    const auto reason = store::reports::field_of(*latest, "reason");
    what += fmt::format("; its last problem: {}{}{}", latest->event, reason.empty() ? "" : ": ", reason);
  }
  findings.push_back({health::bad, "Nothing new is proven", what + ".",
                      "The daemon's log says why: `request_retry` means the API, `database_retry` the database (is its "
                      "disk full?). `ordersync doctor` checks both."});
  return true;
}

struct gap_sum {
  std::int64_t count = 0;
  seconds length{0};
  std::string reason;
  void add(const store::reports::gap& gap) {
    ++count;
    length += gap.window.length();
    reason = gap.reason;
  }
};

struct gap_sums {
  gap_sum never, unproven, failed;
};

gap_sums sums_of(const account_view& account, const std::vector<store::reports::coverage_report>& reports) {
  gap_sums sums;
  const auto report = std::ranges::find(reports, account.stored.account, [](const auto& r) { return r.account; });
  if (report == reports.end()) {
    for (const auto& w : account.complete.gaps) sums.never.add({w, {}, std::nullopt});
    return sums;
  }
  for (const auto& gap : report->gaps)
    (gap.failed ? sums.failed : gap.reason.empty() ? sums.never : sums.unproven).add(gap);
  return sums;
}

void assess_gaps(const situation& of, const account_view& account, bool stuck, std::vector<finding>& findings) {
  if (account.complete.complete()) return;
  const auto& name = account.stored.account;
  const auto sums = sums_of(account, of.coverage);
  const auto described = [&](const gap_sum& sum, std::string_view how) {
    return fmt::format("{}: {}, {} in total, {}{}{}.", name, plural(sum.count, "gap", "gaps"),
                       setup::spoken(sum.length), how, sum.reason.empty() ? "" : ": ", sum.reason);
  };
  if (sums.failed.count > 0)
    findings.push_back({health::bad, "Not complete: there are gaps", described(sums.failed, "could not be read"),
                        "ordersync retries them, at least once an hour; a backfill of the range retries at once. If "
                        "the API refuses the request, `ordersync doctor` finds out what it allows."});
  if (sums.unproven.count > 0)
    findings.push_back(
        {health::bad, "Not complete: there are gaps", described(sums.unproven, "were read but not proven"),
         "ordersync reads them again, at least once an hour. If it persists, ask the vendor about the counts."});
  if (sums.never.count == 0) return;
  const auto whole = account.complete.expected.length();
  const auto share = whole.count() == 0
                         ? 1.0
                         : 1 - static_cast<double>(sums.never.length.count()) / static_cast<double>(whole.count());
  const bool read = !stuck && is_led(of.view->totals);
  findings.push_back({read ? health::catching_up : health::bad, read ? "Catching up: not complete yet" : "Not complete",
                      fmt::format("{}: {} of creation time is not read yet; {:.1f} % is proven.", name,
                                  setup::spoken(sums.never.length), 100 * std::clamp(share, 0.0, 0.999)),
                      read ? "Nothing: reading is in progress, newest orders first. `sync.rate` sets the speed."
                           : "It is read once a daemon leads and the API answers; `ordersync sync` reads it now."});
}

// What the two counts of a contradiction are depends on the way.
std::string counts_text(const store::coverage::contradiction_report& of) {
  if (of.way == "range")
    return fmt::format("{} requested, complete only up to {}: ", setup::spoken(seconds{of.expected}),
                       setup::spoken(seconds{of.found}));
  if (of.way == "total") return fmt::format("counts stop at {}: ", of.found);
  if (of.expected == 0 && of.found == 0) return {};
  return fmt::format("{} expected, {} found: ", of.expected, of.found);
}

void assess_contradictions(const situation& of, const account_view& account, std::vector<finding>& findings) {
  const auto open = account.stored.open_contradictions;
  if (open == 0) return;
  auto what = fmt::format("{}: {} not proven again yet", account.stored.account,
                          plural(open, "proof turned out wrong and is", "proofs turned out wrong and are"));
  const auto& last = account.stored.last_contradiction;
  if (last && !last->resolved_at) what += "; the last, " + contradiction_text(*last, of.now);
  findings.push_back(
      {health::bad, std::string{in_doubt} + ": a proof turned out wrong", what + ".",
       "ordersync reads the affected orders again; this ends when all of them are proven. If it persists, `ordersync "
       "coverage` shows what is left and why, and `ordersync doctor` checks the API."});
}

std::string cure_of_trial(std::string_view reason) {
  const auto names = [&](std::string_view word) { return reason.find(word) != std::string_view::npos; };
  if (names("api.time_zone")) return "Set `api.time_zone` to the zone in the reason, then reload.";
  if (names("user_id")) return "If the account has orders, check its `user_id` and `user_id_list`; otherwise wait.";
  return "ordersync tests the API again every minute. If it persists, run `ordersync doctor`, then ask the vendor.";
}

void assess_trials(const account_view& account, std::vector<finding>& findings) {
  const auto& name = account.stored.account;
  if (!account.untried.empty())
    findings.push_back({health::bad, std::string{in_doubt} + ": the API could not be tested in full",
                        fmt::format("{}: the last test of the API was incomplete: {}.", name, account.untried),
                        cure_of_trial(account.untried)});
  if (!account.missing_in_mass) return;
  const auto count = [&](std::string_view field) {
    const auto text = store::reports::field_of(*account.missing_in_mass, field);
    return text.empty() ? std::string_view{"?"} : text;
  };
  findings.push_back({health::bad, std::string{in_doubt} + ": many orders disappeared at once",
                      fmt::format("{}: the API stopped listing {} of {} stored orders at once, most likely by mistake. "
                                  "None was marked as vanished.",
                                  name, count("orders"), count("held")),
                      "If ordersync detects the limit `by_status`, it reads them status by status. Otherwise "
                      "`ordersync verify` names the orders: ask the vendor why they are no longer listed."});
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

// Answers that need more than a third of the time that they are given.
void assess_pace(const situation& of, const account_view& account, std::vector<finding>& findings) {
  const auto known = of.api.find(account.stored.account);
  if (!of.requests || known == of.api.end() || !known->second.average) return;
  const auto average = *known->second.average;
  if (3 * average <= of.requests->timeout) return;
  const auto in_seconds = [](std::chrono::milliseconds d) { return std::chrono::duration<double>(d).count(); };
  findings.push_back(
      {health::notice, something_to_look_at,
       fmt::format("{}: replies take {:.1f} s, and the timeout is {:g} s{}.", account.stored.account,
                   in_seconds(average), in_seconds(of.requests->timeout), pace_text(of, account, average)),
       "Ask the vendor why. A smaller `sync.page_size` makes replies faster; a longer `api.request_timeout` avoids "
       "timeouts."});
}

void assess_account(const situation& of, const account_view& account, std::vector<finding>& findings) {
  if (!account.configured) return;
  const bool stuck = assess_api(of, account, findings) || (!of.database && assess_progress(of, account, findings));
  if (account.other_question)
    findings.push_back(
        {health::notice, something_to_look_at,
         account.stored.account + ": the stored coverage belongs to another configuration of the account.",
         "ordersync starts its coverage anew. If you did not intend that, restore the former settings."});
  assess_contradictions(of, account, findings);
  assess_trials(account, findings);
  assess_gaps(of, account, stuck, findings);
  assess_pace(of, account, findings);
}

void assess_rest(const store::reports::status_report& totals, std::vector<finding>& findings) {
  if (totals.open_quarantine > 0)
    findings.push_back(
        {health::notice, "Complete and current, but some values are in quarantine",
         fmt::format("{} could not be stored and {} set aside. The orders themselves are stored.",
                     plural(totals.open_quarantine, "value", "values"), totals.open_quarantine == 1 ? "was" : "were"),
         "`ordersync quarantine list` shows them; after an upgrade, run `ordersync quarantine retry`."});
  for (const auto& tier : totals.tiers) {
    if (!tier.behind) continue;
    findings.push_back({health::notice, something_to_look_at,
                        fmt::format("{}: orders under {} old should be refreshed every {}, but it takes longer.",
                                    tier.account, setup::spoken(tier.younger_than), setup::spoken(tier.every)),
                        "After an outage, wait. If it persists, raise `sync.rate` or the tier's `every`."});
  }
  if (totals.drift_paths > 0)
    findings.push_back({health::notice, something_to_look_at,
                        fmt::format("The API returns {} that ordersync does not know.",
                                    plural(totals.drift_paths, "field or value", "fields or values")),
                        "`ordersync status` lists them. Nothing is lost: the payloads are stored unchanged."});
}

// What is wrong around the tables.
void assess_server(const situation& of, std::vector<finding>& findings) {
  const auto& server = of.view->totals.server;
  const auto notice = [&](std::string what, std::string cure) {
    findings.push_back({health::notice, something_to_look_at, std::move(what), std::move(cure)});
  };
  if (!server.missing_standby.empty())
    findings.push_back(
        {health::bad, "Commits hang",
         fmt::format("Commits wait for a synchronous standby ({}), and none is connected.", server.missing_standby),
         "Reconnect a standby of synchronous_standby_names, or clear that setting and reload PostgreSQL."});
  if (server.writer && !server.locked.empty())
    findings.push_back(
        {health::bad, "Database privileges are missing",
         fmt::format("ordersync's role lacks privileges in {}.", fmt::join(server.locked, ", ")),
         "`ordersync doctor` shows the role and the statement with which an administrator grants them."});
  if (server.replay_lag)
    notice(fmt::format("This database is a standby, {} behind its primary.",
                       setup::spoken(floor<seconds>(*server.replay_lag))),
           "Query the primary for the latest state.");
  if (server.collation)
    notice(fmt::format("The operating system's sort order has changed since the database was created ({}): indexes on "
                       "text may miss rows.",
                       *server.collation),
           "Reindex the database, then refresh its collation version; `ordersync doctor` shows how.");
  if (server.held)
    notice(fmt::format("A transaction has been open for {}, so vacuum cannot remove rows deleted since: {}.",
                       setup::spoken(floor<seconds>(of.now - server.held->since)), server.held->who),
           "End it: pg_terminate_backend(PID), or ROLLBACK PREPARED.");
}

verdict concluded(std::vector<finding> findings) {
  verdict result;
  std::ranges::stable_sort(findings, std::greater{}, [](const finding& f) { return f.level; });
  result.headline = "Complete and current";
  if (!findings.empty()) {
    result.level = findings.front().level;
    result.headline = findings.front().headline;
  }
  result.findings = std::move(findings);
  return result;
}

}  // namespace

bool is_led(const store::reports::status_report& totals) {
  return totals.leader && silence_of_leader(totals) <= longest_heartbeat_gap + totals.heartbeat_every;
}

const char* name(health of) noexcept {
  constexpr std::array<const char*, 4> names{"good", "notice", "catching_up", "bad"};
  return names.at(static_cast<std::size_t>(of));
}

std::string contradiction_text(const store::coverage::contradiction_report& of, core::instant now) {
  const auto age = std::max(seconds{0}, floor<seconds>(now - of.found_at));
  return fmt::format("{} ago, by {}: {}{}", setup::spoken(age), of.way, counts_text(of), of.reason);
}

verdict assess(const situation& of) {
  std::vector<finding> findings;
  if (of.database) findings.push_back(database_finding(*of.database));
  if (of.view == nullptr) {
    if (!of.database)
      findings.push_back({health::catching_up, "Starting", "The database has not been checked yet.", ""});
    return concluded(std::move(findings));
  }
  if (!of.database) assess_leader(*of.view, findings);
  for (const auto& account : of.view->accounts) assess_account(of, account, findings);
  if (!of.view->overload.empty())
    findings.push_back({health::notice, something_to_look_at, of.view->overload + ".",
                        "Ask the vendor how many requests a second it allows. If `sync.rate` cannot be raised, set a "
                        "longer `sync.live.every`; new orders then arrive later."});
  assess_server(of, findings);
  assess_rest(of.view->totals, findings);
  return concluded(std::move(findings));
}

}  // namespace ordersync::app::status
