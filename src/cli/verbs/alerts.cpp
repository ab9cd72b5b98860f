// `alerts test`: does each webhook take a message?

#include "app/commands/alerts.hpp"

#include "cli/shared/version.hpp"
#include "cli/text/output.hpp"
#include "cli/verbs/verbs.hpp"

#include <boost/json/array.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>

namespace ordersync::cli::verbs {
namespace {

struct arguments {
  std::int64_t number = 0;  // 0: all
  bool json = false;
};

using webhooks = std::vector<commands::tried_webhook>;

boost::json::object to_json(const webhooks& all) {
  boost::json::array list;
  for (const auto& one : all)
    list.push_back({{"number", one.number},
                    {"webhook_file", one.name},
                    {"format", one.format},
                    {"accepted", one.accepted},
                    {"reason", one.reason.empty() ? boost::json::value(nullptr) : boost::json::value(one.reason)}});
  return {{"alerts", std::move(list)}};
}

void print_all(const webhooks& all) {
  for (const auto& one : all)
    text::print(fmt::format("{} {} ({}): {}", one.number, one.name, one.format,
                            one.accepted ? "accepted" : "not accepted: " + one.reason));
}

app::setup::exit_code test(const shared::command_line& line, const arguments& given) {
  const auto session = shared::open_session(line);
  if (!session) return app::setup::exit_code::usage;
  const auto number = given.number == 0 ? std::nullopt : std::optional{static_cast<std::size_t>(given.number)};
  const auto all = commands::try_alerts(*session, number, shared::version());
  if (all.has_error()) return shared::fail(all.error());
  given.json ? text::print_json(to_json(*all)) : print_all(*all);
  const bool accepted = std::ranges::all_of(*all, &commands::tried_webhook::accepted);
  return accepted && !session->interrupted() ? app::setup::exit_code::done : app::setup::exit_code::api;
}

}  // namespace

void add_alerts(shared::command app, shared::command_line& line) {
  auto verb = app.add_subcommand("alerts", "the webhooks that get alerts");
  verb.require_subcommand();
  auto tested = verb.add_subcommand("test", "send a test message to each, and print what came back");
  auto given = std::make_shared<arguments>();
  tested.add_id("--number", given->number, "only the alert with this place in the configuration, from 1")
      .type_name("NUMBER");
  tested.add_flag("--json", given->json, "print JSON");
  tested.footer("Exit code 0: all were accepted; 3: at least one was not.");
  tested.callback([&line, given] { line.chosen = [&line, given] { return test(line, *given); }; });
}

}  // namespace ordersync::cli::verbs
