// `status`: how fresh the mirror is and what is missing, in ten lines.

#include "cli/output.hpp"
#include "cli/status_text.hpp"
#include "cli/verb.hpp"

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
  object["verdict"] = verdict_of(view);
  const auto advice = advice_for(view);
  object["advice"] = advice.empty() ? boost::json::value(nullptr) : boost::json::value(advice);
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

app::exit_code status(const command_line& line, bool json) {
  const auto session = open_session(line);
  if (!session) return app::exit_code::usage;
  const auto view = session->status();
  if (view.has_error()) return fail(view.error());
  if (json) {
    print_json(to_json(*view));
  } else {
    for (const auto& one : status_lines(*view, [&](core::second t) { return session->local_text(t); })) print(one);
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
