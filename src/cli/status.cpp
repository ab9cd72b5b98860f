// `status`: how fresh the mirror is and what is missing, in a few lines.

#include "cli/output.hpp"
#include "cli/verb.hpp"

#include <fmt/format.h>

namespace ordersync::cli {

namespace {

boost::json::object to_json(const app::account_view& view) {
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
                             {"last_proven", nullptr}};
  if (view.complete.through) object["complete_through"] = core::to_text(*view.complete.through);
  if (const auto& last = view.stored.last_proven)
    object["last_proven"] = boost::json::object{
        {"window", window_json(last->window)}, {"kind", last->kind}, {"at", core::to_text(last->finished_at)}};
  return object;
}

boost::json::object to_json(const app::status_view& view) {
  boost::json::array accounts;
  for (const auto& account : view.accounts) accounts.push_back(to_json(account));
  boost::json::object object{{"at", core::to_text(view.at)},           {"complete", !view.incomplete},
                             {"accounts", std::move(accounts)},        {"orders", view.totals.orders},
                             {"order_items", view.totals.order_items}, {"open_quarantine", view.totals.open_quarantine},
                             {"drift_paths", view.totals.drift_paths}, {"newest_order", nullptr}};
  if (view.totals.newest_order) object["newest_order"] = core::to_text(*view.totals.newest_order);
  return object;
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
    for (const auto& account : view->accounts) print_account(*session, account);
    print(fmt::format("in all {} orders with {} lines; {} values in quarantine; {} fields never seen before",
                      view->totals.orders, view->totals.order_items, view->totals.open_quarantine,
                      view->totals.drift_paths));
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
