#include "app/status/verdict.hpp"

#include "app/setup/spoken.hpp"
#include "app/status/detail_findings.hpp"
#include "app/status/progress_findings.hpp"
#include "app/status/quarantine_report.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

namespace ordersync::app::status {
namespace {

using std::chrono::floor;
using std::chrono::seconds;
using kind_of = config::alert_kind;

finding database_finding(core::failure kind) {
  finding f{.level = health::bad, .headline = "The database does not answer", .alert = kind_of::database};
  switch (kind) {
    case core::failure::database_down:
      f.what = fmt::format("The database cannot be reached.{}", last_known);
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

// A mirror that nobody but `ordersync sync` ever wrote may be complete all the same.
void assess_leader(const situation& of, std::vector<finding>& findings) {
  const auto& view = *of.view;
  const auto& totals = view.totals;
  if (is_led(totals)) return;
  if (!totals.leader) {
    const auto incomplete = [](const account_view& a) { return a.configured && !a.sound(); };
    const bool bad = std::ranges::any_of(view.accounts, incomplete);
    findings.push_back({bad ? health::bad : health::notice, bad ? nothing_is_read : complete_with_warnings,
                        "No daemon has led on this database yet.",
                        "Start one (`ordersync run` or `systemctl start ordersync`). A running daemon takes the lead "
                        "within seconds; otherwise its log says why.",
                        bad ? std::optional{kind_of::silent} : std::nullopt});
    return;
  }
  const auto silence = silence_of_leader(totals);
  findings.push_back({health::bad,
                      nothing_is_read,
                      fmt::format("The last leading daemon, on {}, was last seen {} ago.", totals.leader->who.host,
                                  setup::spoken(silence)),
                      "Start one (`ordersync run` or `systemctl start ordersync`). If one is running, its log says why "
                      "it does not lead.",
                      kind_of::silent,
                      {},
                      of.now - silence});
}

// Another daemon takes an account within ten seconds.
void assess_owner(const situation& of, const account_view& account, std::vector<finding>& findings) {
  constexpr std::chrono::seconds takeover{10};
  const auto& totals = of.view->totals;
  const auto* owner = owner_of(totals, account.stored.account);
  if (!is_led(totals) || !owner || !owner->ownerless_for || *owner->ownerless_for <= takeover) return;
  const auto ownerless = floor<seconds>(*owner->ownerless_for);
  findings.push_back(
      {health::bad, "An account is not read",
       fmt::format("{}: no daemon has owned the account for {}.", account.stored.account, setup::spoken(ownerless)),
       "Start a daemon whose configuration has the account. If one is running, its log says why it does "
       "not take it.",
       kind_of::silent, account.stored.account, of.now - ownerless});
}

void assess_account(const situation& of, const account_view& account, std::vector<finding>& findings) {
  if (!account.configured) return;
  assess_owner(of, account, findings);
  const bool stuck = assess_progress(of, account, findings);
  if (account.other_question)
    findings.push_back(
        {health::notice, complete_with_warnings,
         account.stored.account + ": the stored coverage belongs to another configuration of the account.",
         "ordersync starts its coverage anew. If you did not intend that, restore the former settings."});
  assess_contradictions(of, account, findings);
  assess_trials(account, findings);
  assess_gaps(of, account, stuck, findings);
  assess_pace(of, account, findings);
  assess_details(account, of.now, findings);
}

// When something was in quarantine already. Of a kind of which a part is accepted, that part may be the older one.
std::optional<core::instant> quarantined_at(const std::vector<store::maintenance::quarantine_kind>& kinds) {
  std::optional<core::instant> first;
  for (const auto& kind : kinds) {
    if (kind.open == 0 || kind.accepted > 0 || !kind.first_seen_at) continue;
    first = first ? std::min(*first, *kind.first_seen_at) : *kind.first_seen_at;
  }
  return first;
}

void assess_rest(const store::reports::status_report& totals, std::vector<finding>& findings) {
  if (totals.quarantine.open > 0)
    findings.push_back(
        {health::notice,
         "Complete and current, but some values are in quarantine",
         fmt::format("{} could not be stored and {} set aside. The orders themselves are stored.",
                     open_text(totals.quarantine), totals.quarantine.open == 1 ? "was" : "were"),
         "`ordersync quarantine list` shows them; after an upgrade, run `ordersync quarantine retry`. If nothing can "
         "be done about a kind, `ordersync quarantine accept` takes it out of this warning.",
         kind_of::gap,
         {},
         std::nullopt,
         quarantined_at(totals.quarantine_kinds),
         "Some values are in quarantine"});
  for (const auto& tier : totals.tiers) {
    if (!tier.behind) continue;
    findings.push_back({health::notice, complete_with_warnings,
                        fmt::format("{}: orders under {} old should be refreshed every {}, but it takes longer.",
                                    tier.account, setup::spoken(tier.younger_than), setup::spoken(tier.every)),
                        "After an outage, wait. If it persists, raise `sync.rate` or the tier's `every`."});
  }
  if (totals.drift_paths > 0)
    findings.push_back({health::notice, complete_with_warnings,
                        fmt::format("The API returns {} that ordersync does not know.",
                                    plural(totals.drift_paths, "field or value", "fields or values")),
                        "`ordersync status` lists them. Nothing is lost: the payloads are stored unchanged."});
}

// What is wrong around the tables.
void assess_server(const situation& of, std::vector<finding>& findings) {
  const auto& server = of.view->totals.server;
  const auto notice = [&](std::string what, std::string cure) {
    findings.push_back({health::notice, complete_with_warnings, std::move(what), std::move(cure)});
  };
  if (!server.missing_standby.empty())
    findings.push_back(
        {health::bad, "Commits hang",
         fmt::format("Commits wait for a synchronous standby ({}), and none is connected.", server.missing_standby),
         "Reconnect a standby of synchronous_standby_names, or clear that setting and reload PostgreSQL.",
         kind_of::database});
  if (server.writer && !server.locked.empty())
    findings.push_back({health::bad, "Database privileges are missing",
                        fmt::format("ordersync's role lacks privileges in {}.", fmt::join(server.locked, ", ")),
                        "`ordersync doctor` shows the role and the statement with which an administrator grants them.",
                        kind_of::database});
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
  // Of equals that first which alerts report, and exit codes show.
  std::ranges::stable_sort(findings, std::greater{}, [](const finding& f) {
    return std::pair{f.level, f.alert.has_value()};
  });
  result.headline = "Complete and current";
  if (!findings.empty()) {
    result.level = findings.front().level;
    result.headline = findings.front().headline;
  }
  result.findings = std::move(findings);
  return result;
}

}  // namespace

verdict assess(const situation& of) {
  std::vector<finding> findings;
  if (of.database) findings.push_back(database_finding(*of.database));
  if (of.view == nullptr) {
    if (!of.database)
      findings.push_back({health::catching_up, "Starting", "The database has not been checked yet.", ""});
    return concluded(std::move(findings));
  }
  if (!of.database) assess_leader(of, findings);
  for (const auto& account : of.view->accounts) assess_account(of, account, findings);
  if (!of.view->overload.empty())
    findings.push_back({health::notice, complete_with_warnings, of.view->overload + ".",
                        "Ask the vendor how many requests a second it allows. If `sync.rate` cannot be raised, set a "
                        "longer `sync.live.every`; new orders then arrive later."});
  assess_server(of, findings);
  assess_rest(of.view->totals, findings);
  return concluded(std::move(findings));
}

}  // namespace ordersync::app::status
