// `status`: how fresh the mirror is and what is missing, in a few lines.

#include "cli/output.hpp"
#include "cli/verb.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ordersync::cli {

namespace {

using tier_list = std::vector<store::tier_report>;

boost::json::array tiers_json(const tier_list& tiers, const std::string& account) {
  boost::json::array list;
  for (const auto& tier : tiers) {
    if (tier.account != account) continue;
    list.push_back(
        {{"younger_than_seconds", tier.younger_than.count()},
         {"every_seconds", tier.every.count()},
         {"oldest_read_at", tier.oldest_read_at ? boost::json::value(core::to_text(*tier.oldest_read_at)) : nullptr},
         {"behind", tier.behind},
         {"updated_at", core::to_text(tier.updated_at)}});
  }
  return list;
}

boost::json::value leader_json(const store::status_report& totals) {
  if (!totals.leader) return nullptr;
  const auto& leader = *totals.leader;
  boost::json::object object{{"instance", leader.who.id},       {"host", leader.who.host},
                             {"pid", leader.who.pid},           {"version", leader.who.version},
                             {"epoch", leader.epoch},           {"since", core::to_text(leader.since)},
                             {"heartbeat_age_seconds", nullptr}};
  if (totals.heartbeat_age)
    object["heartbeat_age_seconds"] = std::chrono::duration<double>(*totals.heartbeat_age).count();
  return object;
}

boost::json::object to_json(const app::account_view& view, const tier_list& tiers) {
  boost::json::array gaps;
  for (const auto& gap : view.complete.gaps) gaps.push_back(window_json(gap));
  boost::json::object object{{"account", view.stored.account},
                             {"configured", view.configured},
                             {"asked", view.stored.asked},
                             {"complete", view.complete.complete()},
                             {"complete_through", nullptr},
                             {"behind_seconds", view.complete.behind.count()},
                             {"gaps", std::move(gaps)},
                             {"orders", view.stored.orders},
                             {"open_quarantine", view.stored.open_quarantine},
                             {"last_proven", nullptr},
                             {"revisits", tiers_json(tiers, view.stored.account)}};
  if (view.complete.through) object["complete_through"] = core::to_text(*view.complete.through);
  if (const auto& last = view.stored.last_proven)
    object["last_proven"] = boost::json::object{
        {"window", window_json(last->window)}, {"kind", last->kind}, {"at", core::to_text(last->finished_at)}};
  return object;
}

boost::json::object to_json(const app::status_view& view) {
  boost::json::array accounts;
  for (const auto& account : view.accounts) accounts.push_back(to_json(account, view.totals.tiers));
  boost::json::object object{{"at", core::to_text(view.at)},           {"complete", !view.incomplete},
                             {"accounts", std::move(accounts)},        {"orders", view.totals.orders},
                             {"order_items", view.totals.order_items}, {"open_quarantine", view.totals.open_quarantine},
                             {"drift_paths", view.totals.drift_paths}, {"newest_order", nullptr}};
  if (view.totals.newest_order) object["newest_order"] = core::to_text(*view.totals.newest_order);
  object["leader"] = leader_json(view.totals);
  boost::json::array jobs;
  for (const auto& job : view.totals.open_jobs)
    jobs.push_back({{"id", job.id}, {"account", job.account}, {"state", store::name(job.state)}});
  object["open_backfills"] = std::move(jobs);
  boost::json::array drift;
  for (const auto& path : view.totals.drift)
    drift.push_back({{"path", path.path},
                     {"first_seen_at", core::to_text(path.first_seen_at)},
                     {"last_seen_at", core::to_text(path.last_seen_at)},
                     {"count", path.count}});
  object["schema_drift"] = std::move(drift);
  return object;
}

// A leader that is well says so several times in so long.
constexpr std::chrono::seconds longest_heartbeat_gap{10};

void print_leader(const app::session& session, const store::status_report& totals) {
  if (!totals.leader) return print("no daemon has led yet: start one with ordersync run, or use ordersync sync");
  const auto& who = totals.leader->who;
  const auto age =
      std::chrono::floor<std::chrono::seconds>(totals.heartbeat_age.value_or(std::chrono::milliseconds{0}));
  if (age > longest_heartbeat_gap)
    return print(
        fmt::format("no daemon leads: the last one, {} on {}, was heard {} ago", who.id, who.host, duration_text(age)));
  print(fmt::format("daemon {} on {} leads since {}, epoch {}", who.id, who.host,
                    session.local_text(std::chrono::floor<std::chrono::seconds>(totals.leader->since)),
                    totals.leader->epoch));
}

void print_tiers(const app::status_view& view, const std::string& account) {
  for (const auto& tier : view.totals.tiers) {
    if (tier.account != account) continue;
    std::string oldest = "nothing of that age is proven and read yet";
    if (tier.oldest_read_at)
      oldest =
          fmt::format("all read again within {}",
                      duration_text(std::chrono::floor<std::chrono::seconds>(tier.updated_at - *tier.oldest_read_at)));
    print(fmt::format("  revisit           younger than {}, every {}: {}{}", duration_text(tier.younger_than),
                      duration_text(tier.every), oldest, tier.behind ? ": BEHIND, see sync.rate" : ""));
  }
}

void print_job(const store::backfill_job& job) {
  print(fmt::format("backfill {} of {} is {}: see ordersync backfill show {}", job.id, job.account,
                    store::name(job.state), job.id));
}

void print_drift(const app::session& session, const std::vector<store::drift_path>& drift) {
  constexpr std::size_t most = 10;
  for (std::size_t i = 0; i < std::min(most, drift.size()); ++i)
    print(fmt::format("  never seen before: {}, since {}, in {} orders", drift[i].path,
                      session.local_text(std::chrono::floor<std::chrono::seconds>(drift[i].first_seen_at)),
                      drift[i].count));
  if (drift.size() > most) print(fmt::format("  and {} more: see --json", drift.size() - most));
}

void print_account(const app::session& session, const app::account_view& view) {
  const auto& complete = view.complete;
  print(fmt::format("account {}{}", view.stored.account, view.configured ? "" : " (not in the configuration)"));
  if (view.other_question)
    print("  attention         the proof in force is for another configuration of this account; sync starts its own");
  if (complete.through)
    print(fmt::format("  complete through  {}, {} ago", session.local_text(*complete.through),
                      duration_text(complete.behind)));
  else
    print("  complete through  nothing is proven from sync.start on");
  std::chrono::seconds missing{0};
  for (const auto& gap : complete.gaps) missing += gap.length();
  if (complete.gaps.empty())
    print("  gaps              none");
  else
    print(fmt::format("  gaps              {}, {} together, the first from {} to {}: see `ordersync coverage`",
                      complete.gaps.size(), duration_text(missing), session.local_text(complete.gaps.front().begin),
                      session.local_text(complete.gaps.front().end)));
  if (const auto& last = view.stored.last_proven)
    print(fmt::format("  last success      {} ({})",
                      session.local_text(std::chrono::floor<std::chrono::seconds>(last->finished_at)), last->kind));
  print(fmt::format("  orders            {}", view.stored.orders));
  print(fmt::format("  quarantine        {}", view.stored.open_quarantine));
}

app::exit_code status(const command_line& line, bool json) {
  const auto session = open_session(line);
  if (!session) return app::exit_code::usage;
  const auto view = session->status();
  if (view.has_error()) return fail(view.error());
  if (json) {
    print_json(to_json(*view));
  } else {
    print_leader(*session, view->totals);
    for (const auto& account : view->accounts) {
      print_account(*session, account);
      print_tiers(*view, account.stored.account);
    }
    for (const auto& job : view->totals.open_jobs) print_job(job);
    print(fmt::format("in all {} orders with {} lines; {} values in quarantine; {} fields never seen before",
                      view->totals.orders, view->totals.order_items, view->totals.open_quarantine,
                      view->totals.drift_paths));
    print_drift(*session, view->totals.drift);
  }
  return view->incomplete ? app::exit_code::incomplete : app::exit_code::done;
}

}  // namespace

void add_status(CLI::App& app, command_line& line) {
  auto* verb =
      app.add_subcommand("status", "how fresh the mirror is and what is missing; exit code 6 when it is incomplete");
  auto json = std::make_shared<bool>(false);
  verb->add_flag("--json", *json, "as JSON");
  verb->callback([&line, json] { line.chosen = [&line, json] { return status(line, *json); }; });
}

}  // namespace ordersync::cli
