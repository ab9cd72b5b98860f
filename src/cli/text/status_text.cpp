#include "cli/text/status_text.hpp"

#include "app/setup/spoken.hpp"
#include "app/status/detail_findings.hpp"
#include "app/status/quarantine_report.hpp"
#include "app/status/standing.hpp"
#include "app/status/verdict.hpp"
#include "cli/text/output.hpp"
#include "cli/text/recheck_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <map>
#include <tuple>
#include <utility>

namespace ordersync::cli::text {

namespace {

using std::chrono::seconds;

// A daemon that leads, and can write, reports its tiers several times in so long.
constexpr seconds longest_tier_silence{90};
// Of the fields never seen before so many are named.
constexpr std::size_t named_paths = 3;

std::string line(std::string_view subject, const std::string& what) {
  return fmt::format("{:<11} {}", subject, what);
}

core::second whole(core::instant t) {
  return std::chrono::floor<seconds>(t);
}

seconds missing_in(const app::status::account_view& view) {
  seconds missing{0};
  for (const auto& gap : view.complete.gaps) missing += gap.length();
  return missing;
}

std::string account_line(const app::status::status_view& view, const app::status::account_view& account,
                         const local_time& local) {
  const auto& complete = account.complete;
  std::string text;
  if (!account.configured)
    text = "no longer in the configuration";
  else if (complete.through)
    text = fmt::format("complete through {}, {} ago", local(*complete.through), app::setup::spoken(complete.behind));
  else
    text = "nothing proven yet from sync.start on";
  if (account.configured)
    text += complete.gaps.empty()
                ? ", no gaps"
                : fmt::format(", {} gap{} of {}", complete.gaps.size(), complete.gaps.size() == 1 ? "" : "s",
                              app::setup::spoken(missing_in(account)));
  if (const auto& last = account.stored.last_proven)
    text +=
        fmt::format("; last success {} ago ({})",
                    app::setup::spoken(std::max(seconds{0}, whole(view.at) - whole(last->finished_at))), last->kind);
  else if (account.configured)
    text += "; no success yet";
  text += fmt::format("; {} orders", account.stored.orders);
  return line(account.stored.account, text);
}

std::string limit_line(const app::tasks::limit_view& limit, seconds settle, const local_time& local) {
  auto text = fmt::format("limit: {} {}", limit.is.name, app::tasks::limit_text(limit.is.name, limit.is.value));
  if (limit.is.name == "nearest_end" && settle.count() == limit.is.value)
    text += fmt::format(", so orders are read {} after their creation", app::setup::spoken(settle));
  if (limit.by_hand) return line("", text + "; set by api.limits");
  return line("", fmt::format("{}; since {}: {}", text, local(whole(limit.is.since)), limit.is.found_by));
}

std::string audit_text(const store::coverage::audit_counts& of) {
  return fmt::format("{} checks of {} orders in {} of creation time", of.checks, of.orders,
                     app::setup::spoken(seconds{of.seconds}));
}

std::string audit_line(const store::coverage::audit_figures& audited) {
  if (audited.month.checks == 0) return line("", "audited: nothing in 31 days");
  return line("", fmt::format("audited since yesterday: {}; in 31 days: {}", audit_text(audited.day),
                              audit_text(audited.month)));
}

std::string contradiction_line(const store::reports::account_status& stored, core::instant now) {
  auto text = fmt::format("proofs found wrong: {} open", stored.open_contradictions);
  if (stored.last_contradiction)
    text += fmt::format("; the last, {}", app::status::contradiction_text(*stored.last_contradiction, now));
  return line("", text);
}

void add_account(std::vector<std::string>& lines, const app::status::status_view& view,
                 const app::status::account_view& account, const local_time& local) {
  lines.push_back(account_line(view, account, local));
  if (!account.configured) return;
  if (account.other_question)
    lines.push_back(
        line("", "the stored coverage belongs to another configuration of this account; sync starts a new one"));
  else if (!account.complete.gaps.empty())
    lines.push_back(line("", fmt::format("the first gap: {} to {}", local(account.complete.gaps.front().begin),
                                         local(account.complete.gaps.front().end))));
  if (account.stored.open_contradictions > 0) lines.push_back(contradiction_line(account.stored, view.at));
  for (const auto& limit : account.limits) lines.push_back(limit_line(limit, account.settle, local));
  // Only a daemon audits.
  if (account.stored.audited.month.checks > 0 || app::status::is_led(view.totals))
    lines.push_back(audit_line(account.stored.audited));
}

// Of many accounts, the worst first.
using shown_accounts = std::vector<const app::status::account_view*>;

shown_accounts chosen(const app::status::status_view& view, const account_choice& choice) {
  shown_accounts shown;
  for (const auto place : app::status::worst_first(view)) {
    const auto& account = view.accounts[place];
    if (!choice.name.empty() && account.stored.account != choice.name) continue;
    if (shown.size() == account_choice::most && !choice.all) break;
    shown.push_back(&account);
  }
  return shown;
}

void add_summary(std::vector<std::string>& lines, const app::status::status_view& view) {
  const auto counts = app::status::count_standings(view);
  if (counts.configured < 2) return;
  lines.push_back(line("accounts", fmt::format("{}: {} current, {} behind, {} failing", counts.configured,
                                               counts.current, counts.behind, counts.failing)));
}

void add_rest(std::vector<std::string>& lines, std::size_t left_out, const account_choice& choice) {
  if (left_out == 0 || !choice.name.empty()) return;
  lines.push_back(line("", fmt::format("{} more account{}, none of them worse: see status --all or --account NAME",
                                       left_out, left_out == 1 ? "" : "s")));
}

std::string daemon_line(const store::reports::status_report& totals, const local_time& local) {
  if (!totals.leader) return line("daemon", "none has led yet");
  const auto& who = totals.leader->who;
  if (app::status::is_led(totals))
    return line("daemon", fmt::format("{} on {} leads since {}, epoch {}", who.id, who.host,
                                      local(whole(totals.leader->since)), totals.leader->epoch));
  const auto age = std::chrono::floor<seconds>(*totals.heartbeat_age);
  return line("daemon", fmt::format("none leads; the last leader, {} on {}, was last seen {} ago", who.id, who.host,
                                    app::setup::spoken(age)));
}

// Who works which accounts, where that is not the daemon that leads, and which ones nobody works.
void add_owners(std::vector<std::string>& lines, const store::reports::status_report& totals) {
  std::map<std::string, std::string> by_owner;
  std::string nobodys;
  for (const auto& one : totals.owners) {
    if (one.ownerless_for && *one.ownerless_for > seconds{1}) {
      nobodys += fmt::format("{}{} (for {})", nobodys.empty() ? "" : ", ", one.account,
                             app::setup::spoken(std::chrono::floor<seconds>(*one.ownerless_for)));
    } else if (!one.owner.empty() && (!totals.leader || one.owner != totals.leader->who.id)) {
      auto& text = by_owner[one.owner + " on " + one.host];
      text += (text.empty() ? "" : ", ") + one.account;
    }
  }
  for (const auto& [owner, accounts] : by_owner)
    lines.push_back(line("worker", fmt::format("{} works {}", owner, accounts)));
  if (!nobodys.empty()) lines.push_back(line("no owner", nobodys));
}

// How far a tier is behind its pace: 1 is just in time.
double staleness(const store::reports::tier_report& tier) {
  if (!tier.oldest_read_at || tier.every <= seconds{0}) return 0;
  return std::chrono::duration<double>(tier.updated_at - *tier.oldest_read_at) / tier.every;
}

std::string tier_text(const store::reports::tier_report& tier, core::instant now) {
  auto text = fmt::format("{}, orders under {} old", tier.account, app::setup::spoken(tier.younger_than));
  if (!tier.oldest_read_at) return text + ": not refreshed yet";
  text += fmt::format(": refreshed {} ago at the latest (target: every {})",
                      app::setup::spoken(std::chrono::floor<seconds>(tier.updated_at - *tier.oldest_read_at)),
                      app::setup::spoken(tier.every));
  if (now - tier.updated_at > longest_tier_silence)
    text += fmt::format(", measured {} ago", app::setup::spoken(std::chrono::floor<seconds>(now - tier.updated_at)));
  return text;
}

std::string revisit_line(const std::vector<store::reports::tier_report>& tiers, core::instant now) {
  if (tiers.empty()) return line("revisits", "none reported yet");
  const auto behind = std::ranges::count_if(tiers, &store::reports::tier_report::behind);
  const auto unread = std::ranges::count_if(tiers, [](const auto& tier) { return !tier.oldest_read_at; });
  const auto worst = std::ranges::max_element(tiers, [](const auto& a, const auto& b) {
    return std::tuple{a.behind, !a.oldest_read_at, staleness(a)} <
           std::tuple{b.behind, !b.oldest_read_at, staleness(b)};
  });
  auto how = fmt::format("all {} tiers on time; the stalest", tiers.size());
  if (unread > 0) how = fmt::format("{} of {} tiers not fully refreshed yet", unread, tiers.size());
  if (behind > 0) how = fmt::format("{} of {} tiers BEHIND; the worst", behind, tiers.size());
  return line("revisits", fmt::format("{}: {}", how, tier_text(*worst, now)));
}

std::string jobs_line(const std::vector<store::jobs::backfill_job>& jobs) {
  if (jobs.empty()) return line("backfills", "none open");
  std::string text = fmt::format("{} open:", jobs.size());
  constexpr std::size_t named = 4;
  for (std::size_t i = 0; i < std::min(named, jobs.size()); ++i)
    text +=
        fmt::format("{} {} of {} {}", i == 0 ? "" : ",", jobs[i].id, jobs[i].account, store::jobs::name(jobs[i].state));
  if (jobs.size() > named) text += ", ...";
  return line("backfills", text + ": see ordersync backfill list");
}

std::string delays_text(const store::push::push_figures& push) {
  if (!push.p50 || !push.p99) return "none found a change";
  const auto seconds_of = [](std::chrono::milliseconds d) { return std::chrono::duration<double>(d).count(); };
  return fmt::format("changes stored after {:.1f} s (p50), {:.1f} s (p99)", seconds_of(*push.p50),
                     seconds_of(*push.p99));
}

std::string push_text(const store::push::push_figures& push, core::instant now) {
  if (!push.latest_at) return "no message yet";
  std::int64_t messages = 0;
  std::int64_t waiting = 0;
  for (const auto& [outcome, count] : push.day) {
    messages += count;
    if (outcome == "waiting" || outcome == "taken") waiting += count;
  }
  const auto ago = std::max(seconds{0}, whole(now) - whole(*push.latest_at));
  auto text = fmt::format("{} messages in a day, the latest {} ago", messages, app::setup::spoken(ago));
  if (waiting > 0) text += fmt::format(", {} waiting", waiting);
  if (messages > 0) text += "; " + delays_text(push);
  if (push.changes > 0)
    text +=
        fmt::format("; {} of {} changes until two minutes ago came without a message", push.unannounced, push.changes);
  return text;
}

// Nothing where they were never made.
void add_checks_by_counts(std::vector<std::string>& lines, const app::status::status_view& view) {
  if (view.totals.checks.empty()) return;
  if (!view.rechecks)
    return lines.push_back(line("by counts", "off, because sync.recheck.share is 0; revisits alone find changes"));
  const char* name = "by counts";
  for (const auto& text : recheck_texts(view.totals.checks, view.at))
    lines.push_back(line(std::exchange(name, ""), text));
}

// Nothing where push messages are not used.
void add_push(std::vector<std::string>& lines, const app::status::status_view& view, const shown_accounts& shown) {
  const auto& refusals = view.totals.push_refusals;
  const auto refused = refusals.find("signature");
  for (const auto* account : shown) {
    const auto& push = account->stored.push;
    if (!account->configured || (!view.push_listens && !push.first_at)) continue;
    const auto whose = view.accounts.size() > 1 ? account->stored.account + ": " : std::string{};
    const auto* const off = view.push_listens ? "" : "off, because push.listen is not set; ";
    lines.push_back(line("push", whose + off + push_text(push, view.at)));
  }
  if (refused != refusals.end())
    lines.push_back(line(
        "", fmt::format("{} messages in a day had a wrong signature or none, the last {} ago", refused->second.day,
                        app::setup::spoken(std::max(seconds{0}, whole(view.at) - whole(refused->second.last_at))))));
}

// Nothing where details are not read.
void add_details(std::vector<std::string>& lines, const app::status::status_view& view, const shown_accounts& shown) {
  for (const auto* account : shown) {
    if (!account->details) continue;
    const auto whose = view.accounts.size() > 1 ? account->stored.account + ": " : std::string{};
    lines.push_back(line("details", whose + app::status::details_text(*account->details, view.at)));
  }
}

// What could not be stored as it came, and what nobody knew.
std::string oddities_line(const store::reports::status_report& totals, const local_time& local) {
  auto text = app::status::quarantine_text(totals.quarantine);
  if (totals.quarantine.open > 0) text += ": see ordersync quarantine list";
  if (totals.drift.empty()) return line("data issues", text + "; no unknown fields or values");
  std::string paths;
  for (std::size_t i = 0; i < std::min(named_paths, totals.drift.size()); ++i)
    paths += (i == 0 ? "" : ", ") + totals.drift[i].path;
  const bool more = totals.drift.size() > named_paths;
  return line("data issues",
              fmt::format("{}; {} unknown fields or values: {}{}, the newest since {}", text, totals.drift_paths, paths,
                          more ? ", ..." : "", local(whole(totals.drift.front().first_seen_at))));
}

// Of an event that needs no reason, what it has to say.
std::string other_fields(const store::reports::logged_problem& problem) {
  constexpr std::array shown_elsewhere{"account", "window", "failure", "range", "job", "kind"};
  std::string text;
  for (const auto& [field, value] : problem.fields)
    if (std::ranges::find(shown_elsewhere, std::string_view{field}) == shown_elsewhere.end())
      text += fmt::format("{}{}={}", text.empty() ? ": " : " ", field, value);
  return text;
}

std::string problem_text(const store::reports::logged_problem& last, const local_time& local) {
  auto text = last.event;
  if (!last.account.empty()) text += " of " + last.account;
  if (const auto window = store::reports::field_of(last, "window"); !window.empty())
    text += fmt::format(", window {}", window);
  if (!last.failure.empty()) text += ", " + last.failure;
  if (const auto reason = store::reports::field_of(last, "reason"); !reason.empty())
    text += fmt::format(": {}", reason);
  else
    text += other_fields(last);
  if (last.count > 1) text += fmt::format("; {} times since {}", last.count, local(whole(last.first_at)));
  return text;
}

// Nothing where no alerts are configured, unless sending one failed.
void add_alerts(std::vector<std::string>& lines, const app::status::status_view& view) {
  const auto* const failed = app::status::last_failed_alert(view);
  if (view.alerts == 0 && failed == nullptr) return;
  const auto ago = [&](core::instant t) {
    return app::setup::spoken(std::max(seconds{0}, whole(view.at) - whole(t))) + " ago";
  };
  auto text = view.totals.last_alert ? "last sent " + ago(*view.totals.last_alert) : std::string{"none sent of late"};
  if (failed != nullptr)
    text += fmt::format("; last failed {}, to {}: {}", ago(failed->last_at),
                        store::reports::field_of(*failed, "webhook"), store::reports::field_of(*failed, "reason"));
  lines.push_back(line("alerts", text));
}

// Whether it is over or not: the log has the end of it.
std::string problems_line(const store::reports::status_report& totals, core::instant now, const local_time& local) {
  const auto& all = totals.problems;
  if (all.empty()) return line("problems", "none reported by a daemon");
  const auto age = [&](const store::reports::logged_problem& t) {
    return std::max(seconds{0}, whole(now) - whole(t.last_at));
  };
  auto text = fmt::format("{} ago: {}", app::setup::spoken(age(all.front())), problem_text(all.front(), local));
  const auto today = std::ranges::count_if(all, [&](const auto& t) { return age(t) < std::chrono::days{1}; });
  if (today > 1) text += fmt::format("; {} other{} in a day: see status --json", today - 1, today == 2 ? "" : "s");
  return line("problems", text);
}

// Nothing where all is well.
void add_remedy(std::vector<std::string>& lines, const app::status::verdict& verdict) {
  if (verdict.findings.empty()) return;
  lines.push_back(line("why", verdict.findings.front().what));
  lines.push_back(line("to do", verdict.findings.front().cure));
}

}  // namespace

// Nothing where all is well around the tables.
void add_server(std::vector<std::string>& lines, const store::reports::server_state& server, core::instant at) {
  std::vector<std::string> found;
  if (server.replay_lag)
    found.push_back(fmt::format("a standby server, {} behind its primary",
                                app::setup::spoken(std::chrono::floor<seconds>(*server.replay_lag))));
  if (!server.missing_standby.empty())
    found.push_back("commits wait for a standby that is not connected: " + server.missing_standby);
  if (server.writer && !server.locked.empty())
    found.push_back(fmt::format("privileges are missing in {}", fmt::join(server.locked, ", ")));
  if (server.collation) found.push_back("the operating system's collation has changed: " + *server.collation);
  if (server.held)
    found.push_back(fmt::format("a transaction has been open for {} and blocks vacuum: {}",
                                app::setup::spoken(std::chrono::floor<seconds>(at - server.held->since)),
                                server.held->who));
  if (!found.empty()) lines.push_back(line("database", fmt::format("{}", fmt::join(found, "; "))));
}

std::vector<std::string> status_lines(const app::status::status_view& view, const app::status::verdict& verdict,
                                      const local_time& local, const account_choice& choice, remedy stands) {
  const auto& totals = view.totals;
  std::vector<std::string> lines;
  lines.push_back(fmt::format("{}: {} orders with {} lines at {}", verdict.headline, totals.orders, totals.order_items,
                              local(whole(view.at))));
  if (stands == remedy::after_verdict) add_remedy(lines, verdict);
  add_summary(lines, view);
  const auto shown = chosen(view, choice);
  for (const auto* account : shown) add_account(lines, view, *account, local);
  add_rest(lines, view.accounts.size() - shown.size(), choice);
  if (!view.overload.empty()) lines.push_back(line("rate", view.overload));
  lines.push_back(daemon_line(totals, local));
  add_owners(lines, totals);
  lines.push_back(revisit_line(totals.tiers, view.at));
  add_checks_by_counts(lines, view);
  add_push(lines, view, shown);
  add_details(lines, view, shown);
  lines.push_back(jobs_line(totals.open_jobs));
  lines.push_back(oddities_line(totals, local));
  add_alerts(lines, view);
  lines.push_back(problems_line(totals, view.at, local));
  add_server(lines, totals.server, view.at);
  if (stands == remedy::at_end) add_remedy(lines, verdict);
  return lines;
}

}  // namespace ordersync::cli::text
