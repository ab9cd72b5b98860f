// `doctor`: is everything well that ordersync needs? A line for each check, and a cure where it is not.

#include "app/doctor/examine.hpp"
#include "app/setup/configuration.hpp"
#include "cli/text/output.hpp"
#include "cli/verbs/verbs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

namespace ordersync::cli::verbs {

namespace {

using app::doctor::check_state;

text::style style_of(check_state state) {
  switch (state) {
    case check_state::ok:
      return text::style::good;
    case check_state::warning:
      return text::style::doubtful;
    case check_state::failed:
      return text::style::bad;
    default:
      return text::style::plain;
  }
}

void print_check(const app::doctor::check& one) {
  const auto what = one.account.empty() ? one.name : fmt::format("{} {}", one.name, one.account);
  const std::string state = app::doctor::name(one.state);
  text::print({fmt::format("{:<8} {:<15} {}", state, what, one.found), style_of(one.state), state.size()});
  if (!one.cure.empty()) text::print(fmt::format("{:<24} to do: {}", "", one.cure));
  std::fflush(stdout);  // the next one may take its time
}

boost::json::object to_json(const app::doctor::check& one) {
  return {{"check", one.name},
          {"account", one.account.empty() ? boost::json::value(nullptr) : boost::json::value(one.account)},
          {"state", app::doctor::name(one.state)},
          {"found", one.found},
          {"cure", one.cure.empty() ? boost::json::value(nullptr) : boost::json::value(one.cure)}};
}

boost::json::object to_json(const app::doctor::doctor_report& report, app::setup::exit_code outcome) {
  boost::json::array checks;
  boost::json::array suggestions;
  for (const auto& one : report.checks) checks.push_back(to_json(one));
  for (const auto& one : report.suggestions)
    suggestions.push_back({{"key", one.key}, {"value", one.value}, {"reason", one.reason}});
  return {{"checks", std::move(checks)},
          {"suggestions", std::move(suggestions)},
          {"suggestions_yaml", app::doctor::as_yaml(report.suggestions)},
          {"api_calls", report.calls},
          {"took_ms", report.took.count()},
          {"interrupted", report.interrupted},
          {"exit_code", static_cast<int>(outcome)}};
}

void print_summary(const app::doctor::doctor_report& report) {
  std::string counts;
  for (const auto state :
       {check_state::ok, check_state::warning, check_state::failed, check_state::unknown, check_state::skipped}) {
    const auto number =
        std::ranges::count_if(report.checks, [state](const app::doctor::check& one) { return one.state == state; });
    if (number > 0) counts += fmt::format("{}{} {}", counts.empty() ? "" : ", ", number, app::doctor::name(state));
  }
  text::print(fmt::format("{}; {} requests to the API, {:.1f} s", counts, report.calls,
                          static_cast<double>(report.took.count()) / 1000));
  if (report.interrupted) text::say("ordersync: interrupted; only the checks above were run");
  if (report.suggestions.empty()) return;
  text::print("");
  text::print({"Suggested settings:", text::style::heading});
  text::print("");
  text::print_lines(app::doctor::as_yaml(report.suggestions));
}

app::setup::exit_code doctor(const shared::command_line& line, bool json) {
  text::show_moments_in(app::setup::zone_of(line.config));
  const auto listener = json ? app::doctor::check_listener{} : app::doctor::check_listener{print_check};
  const auto report = app::doctor::examine(line.config, listener);
  const auto outcome = app::doctor::outcome_of(report);
  if (json)
    text::print_json(to_json(report, outcome));
  else
    print_summary(report);
  return outcome;
}

}  // namespace

void add_doctor(shared::command app, shared::command_line& line) {
  auto verb = app.add_subcommand(
      "doctor", "check all that ordersync needs: configuration, secrets, database, the API and its behaviour");
  verb.footer(
      "Changes nothing. Requests small pages from the API within sync.rate: about 50 requests, 20 more for each "
      "further\n"
      "account, and more if the API has limits. Each check is ok, warning, failed, unknown (the reason is shown) or\n"
      "skipped (an earlier check failed). Suggested settings are printed last. Exit code, by the first of these that\n"
      "failed: 5 database, 2 configuration, 4 credentials, 3 API; 0 if there are only warnings and unknowns.");
  auto json = std::make_shared<bool>(false);
  verb.add_flag("--json", *json, "print JSON");
  verb.callback([&line, json] { line.chosen = [&line, json] { return doctor(line, *json); }; });
}

}  // namespace ordersync::cli::verbs
