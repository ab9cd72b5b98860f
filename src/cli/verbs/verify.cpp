// `verify`: compares the mirror with what the API counts.

#include "app/commands/verify.hpp"

#include "app/status/status_json.hpp"
#include "cli/shared/range.hpp"
#include "cli/text/output.hpp"
#include "cli/text/progress.hpp"
#include "cli/verbs/verbs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

namespace ordersync::cli::verbs {

namespace {

using kind = app::tasks::order_difference::kind;

constexpr std::size_t most = 20;

struct arguments {
  std::string from;
  std::string to;
  std::string account;
  bool fix = false;
  bool json = false;
};

std::string day_text(std::chrono::sys_days day) {
  return core::to_text(core::second{day}).substr(0, std::string_view{"2024-05-07"}.size());
}

boost::json::value status_json(const core::integer& status) {
  return status ? boost::json::value(*status) : boost::json::value(nullptr);
}

boost::json::object to_json(const app::tasks::window_difference& difference) {
  boost::json::array orders;
  for (const auto& order : difference.orders)
    orders.push_back({{"difference", app::tasks::name(order.what)},
                      {"order_id", order.order_id == 0 ? boost::json::value(nullptr)
                                                       : boost::json::value(std::to_string(order.order_id))},
                      {"api_status", status_json(order.api_status)},
                      {"mirror_status", status_json(order.mirror_status)}});
  return {{"window", app::status::json_of(difference.window)},
          {"api_total", difference.api_total},
          {"mirror_least", difference.mirror_total.least},
          {"mirror_most", difference.mirror_total.most},
          {"orders", std::move(orders)}};
}

boost::json::object to_json(const app::tasks::miscount& one) {
  return {{"day", one.day ? boost::json::value(day_text(*one.day)) : boost::json::value(nullptr)},
          {"status", status_json(one.status)},
          {"orders", one.orders},
          {"vanished", one.vanished},
          {"order_items", one.items}};
}

boost::json::object to_json(const app::tasks::account_verification& result) {
  boost::json::array corrected;
  for (const auto& one : result.miscounts) corrected.push_back(to_json(one));
  boost::json::array differences;
  for (const auto& difference : result.differences) differences.push_back(to_json(difference));
  boost::json::object object{{"account", result.account},
                             {"range", app::status::json_of(result.range)},
                             {"windows", result.windows},
                             {"calls", result.calls},
                             {"repaired", result.repaired},
                             {"differences", std::move(differences)},
                             {"counts_corrected", std::move(corrected)},
                             {"stopped_by", nullptr}};
  if (result.stopped_by)
    object["stopped_by"] =
        boost::json::object{{"failure", core::name(result.stopped_by->kind)}, {"reason", result.stopped_by->what}};
  return object;
}

std::string status_text(const core::integer& status) {
  return status ? fmt::format("{}", *status) : std::string{"none"};
}

std::string sentence(const app::tasks::order_difference& order) {
  switch (order.what) {
    case kind::missing:
      return fmt::format("order {}: missing in the mirror, status {} at the API", order.order_id,
                         status_text(order.api_status));
    case kind::not_shown:
      return fmt::format("order {}: status {} in the mirror, not returned by the API", order.order_id,
                         status_text(order.mirror_status));
    case kind::status:
      return fmt::format("order {}: status {} at the API, {} in the mirror", order.order_id,
                         status_text(order.api_status), status_text(order.mirror_status));
    case kind::content:
      return fmt::format("order {}: same status, different content", order.order_id);
    case kind::unusable:
      return "an order with an unreadable id: see ordersync quarantine list";
    case kind::miscounted:
      return "the API's count does not match the orders it returns";
  }
  return {};
}

std::string sentence(const app::tasks::miscount& one) {
  return fmt::format("{}, status {}: {:+} orders, {:+} of them vanished, {:+} lines",
                     one.day ? day_text(*one.day) + " UTC" : std::string{"day unknown"}, status_text(one.status),
                     one.orders, one.vanished, one.items);
}

void print_miscounts(const app::tasks::account_verification& result) {
  if (result.miscounts.empty()) return;
  text::print(fmt::format("{}: {} counts of the mirror's own orders were wrong and are corrected:", result.account,
                          result.miscounts.size()));
  for (std::size_t i = 0; i < std::min(most, result.miscounts.size()); ++i)
    text::print("  " + sentence(result.miscounts[i]));
  if (result.miscounts.size() > most)
    text::print(fmt::format("  and {} more: see --json", result.miscounts.size() - most));
  text::print(
      "  Somebody changed or deleted rows of schema ordersync by SQL; if nobody did, it is a defect of ordersync: "
      "report "
      "it.");
}

void print_result(const commands::session& session, const app::tasks::account_verification& result) {
  text::print(fmt::format("{}: {} to {}: {} windows compared in {} calls, {} differ{}", result.account,
                          session.local_text(result.range.begin), session.local_text(result.range.end), result.windows,
                          result.calls, result.differences.size(),
                          result.repaired > 0 ? fmt::format(", {} repaired", result.repaired) : ""));
  for (const auto& difference : result.differences) {
    text::print(fmt::format("  {} to {}: {} orders at the API, {}{} in the mirror",
                            session.local_text(difference.window.begin), session.local_text(difference.window.end),
                            difference.api_total, difference.mirror_total.least,
                            difference.mirror_total.least == difference.mirror_total.most
                                ? ""
                                : fmt::format(" to {}", difference.mirror_total.most)));
    for (std::size_t i = 0; i < std::min(most, difference.orders.size()); ++i)
      text::print("    " + sentence(difference.orders[i]));
    if (difference.orders.size() > most)
      text::print(fmt::format("    and {} more: see --json", difference.orders.size() - most));
  }
  print_miscounts(result);
}

app::setup::exit_code outcome_of(const app::tasks::account_verification& result) {
  if (result.stopped_by) {
    text::say(fmt::format("ordersync: {}: stopped early: {}", result.account, result.stopped_by->what));
    return app::setup::code_of(result.stopped_by->kind);
  }
  return result.differences.empty() && result.miscounts.empty() ? app::setup::exit_code::done
                                                                : app::setup::exit_code::incomplete;
}

app::setup::exit_code report(const commands::session& session, const app::tasks::verify_result& result, bool json) {
  auto code = app::setup::exit_code::done;
  boost::json::array list;
  for (const auto& account : result.accounts) {
    if (json)
      list.push_back(to_json(account));
    else
      print_result(session, account);
    code = app::setup::worse(code, outcome_of(account));
  }
  if (json) text::print_json(list);
  if (!result.interrupted) return code;
  text::say("ordersync: interrupted; the result covers what was compared so far");
  return app::setup::worse(code, app::setup::exit_code::incomplete);
}

app::setup::exit_code verify(const shared::command_line& line, const arguments& given) {
  const auto session = shared::open_session(line);
  if (!session) return app::setup::exit_code::usage;
  const auto range = shared::read_range(*session, given.from, given.to);
  if (range.has_error()) return shared::fail(range.error());
  const auto account = shared::read_account(*session, given.account);
  if (account.has_error()) return shared::fail(account.error());
  if (!range->from || !range->to) return shared::fail_usage("verify needs --from and --to");
  const app::tasks::verify_request request{{*range->from, *range->to}, *account, given.fix};
  const auto days = std::chrono::ceil<std::chrono::days>(request.range.length()).count();
  text::progress_line progress;
  const auto result =
      commands::verify(*session, request, [&](std::string_view name, const app::tasks::verify_progress& p) {
        progress.show(name,
                      fmt::format("{}: {} of {} days compared, {} windows differ, {} calls", name,
                                  std::chrono::floor<std::chrono::days>(p.done).count(), days, p.differences, p.calls));
      });
  progress.finish();
  if (result.has_error()) return shared::fail(result.error());
  return report(*session, *result, given.json);
}

}  // namespace

void add_verify(shared::command app, shared::command_line& line) {
  auto verb = app.add_subcommand(
      "verify", "compare the mirror with the API's totals by window and status; exit code 6 when they differ");
  auto given = std::make_shared<arguments>();
  verb.add_option("--from", given->from, "start of the range of creation times").required().type_name("TIME");
  verb.add_option("--to", given->to, "end of the range, not included").required().type_name("TIME");
  verb.add_option("--account", given->account, "this account only").type_name("NAME");
  verb.add_flag("--fix", given->fix, "read the windows that differ again, then compare again");
  verb.add_flag("--json", given->json, "print JSON");
  verb.footer(
      "Takes two to nine API calls for each day with orders (its total, then each status until they add up), one for a "
      "day\n"
      "without orders, and more if the API answers only short ranges or does not list finished orders (`status` shows "
      "its\n"
      "limits). A day that differs is compared again, then split until its orders are compared one by one: about "
      "seventy\n"
      "more calls.\n"
      "Counts find orders that are missing, surplus or in another status, but no other change: use a backfill for "
      "those.\n"
      "Also compares the counts that the mirror keeps of its own orders, which `status` shows, with the orders of the "
      "days\n"
      "in the range, and corrects them.\n"
      "The ends of the range move by up to half an hour, to moments without orders.");
  verb.callback([&line, given] { line.chosen = [&line, given] { return verify(line, *given); }; });
}

}  // namespace ordersync::cli::verbs
