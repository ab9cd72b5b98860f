#include "cli/sweep_report.hpp"

#include "app/status_json.hpp"
#include "cli/output.hpp"
#include "cli/progress.hpp"
#include "cli/verb.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace ordersync::cli {

namespace {

boost::json::object to_json(const app::account_result& result) {
  const auto& p = result.progress;
  boost::json::object object{{"account", result.account},
                             {"range", app::json_of(result.range)},
                             {"orders", p.orders},
                             {"created", p.created},
                             {"changed", p.changed},
                             {"unchanged", p.unchanged},
                             {"windows_proven", p.windows_proven},
                             {"gaps", p.gaps},
                             {"calls", p.calls},
                             {"newly_quarantined", p.quarantined},
                             {"open_quarantine", result.open_quarantine},
                             {"stopped_by", nullptr}};
  if (result.stopped_by)
    object["stopped_by"] =
        boost::json::object{{"failure", core::name(result.stopped_by->kind)}, {"reason", result.stopped_by->what}};
  return object;
}

void print_result(const app::session& session, const app::account_result& result) {
  const auto& p = result.progress;
  print(fmt::format("{}: {} to {}", result.account, session.local_text(result.range.begin),
                    session.local_text(result.range.end)));
  print(
      fmt::format("  orders   {} read: {} new, {} changed, {} unchanged", p.orders, p.created, p.changed, p.unchanged));
  print(fmt::format("  windows  {} proven, {} not proven, in {} calls", p.windows_proven, p.gaps, p.calls));
  if (result.open_quarantine > 0)
    print(fmt::format("  quarantine  {} values could not be stored as they came: see ordersync quarantine list",
                      result.open_quarantine));
}

void tell_failures(const app::account_result& result) {
  if (result.stopped_by)
    fmt::print(stderr, "ordersync: {}: stopped early: {}\n", result.account, result.stopped_by->what);
  else if (result.last_failure && result.progress.gaps > 0)
    fmt::print(stderr, "ordersync: {}: some windows could not be read: {}\n", result.account,
               result.last_failure->what);
}

}  // namespace

app::exit_code outcome_of(const app::account_result& result) {
  if (result.stopped_by) return app::code_of(result.stopped_by->kind);
  const auto& p = result.progress;
  if (result.last_failure && p.gaps > 0 && p.windows_proven == 0) return app::code_of(result.last_failure->kind);
  return p.gaps > 0 || result.open_quarantine > 0 ? app::exit_code::incomplete : app::exit_code::done;
}

app::exit_code sweep_and_report(app::session& session, const app::sweep_order& order, bool json) {
  progress_line progress;
  const auto result =
      session.sweep(order, [&](std::string_view account, const sync::sweep_progress& p) { progress.show(account, p); });
  progress.finish();
  if (result.has_error()) return fail(result.error());
  auto code = app::exit_code::done;
  boost::json::array list;
  for (const auto& account : result->accounts) {
    if (json)
      list.push_back(to_json(account));
    else
      print_result(session, account);
    if (result->interrupted) continue;
    tell_failures(account);
    code = app::worse(code, outcome_of(account));
  }
  if (json) print_json(list);
  if (!result->interrupted) return code;
  fmt::print(stderr, "ordersync: interrupted; what was read is kept, run it again for the rest\n");
  return app::exit_code::incomplete;
}

}  // namespace ordersync::cli
