// `backfill`: reads a range of creation time again, proven or not.

#include "cli/sweep_report.hpp"
#include "cli/verb.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string>

namespace ordersync::cli {

namespace {

struct create_arguments {
  std::string from;
  std::string to;
  std::string account;
  bool foreground = false;
  bool json = false;
};

app::exit_code create(const command_line& line, const create_arguments& arguments) {
  const auto session = open_session(line);
  if (!session) return app::exit_code::usage;
  const auto from = session->parse_time(arguments.from);
  if (from.has_error()) return fail_usage("--from: " + from.error().what);
  const auto to = session->parse_time(arguments.to);
  if (to.has_error()) return fail_usage("--to: " + to.error().what);
  if (*to <= *from)
    return fail_usage("--to must be later than --from: the range is half-open, --to itself is not in it");
  app::sweep_order order{.kind = sync::sweep_kind::backfill, .range = core::window{*from, *to}, .only_unproven = false};
  if (!arguments.account.empty()) {
    const auto names = session->account_names();
    if (std::find(names.begin(), names.end(), arguments.account) == names.end())
      return fail_usage(fmt::format("--account: there is no account '{}' in {}; there are: {}", arguments.account,
                                    line.config.string(), fmt::join(names, ", ")));
    order.account = arguments.account;
  }
  if (!arguments.foreground)
    return fail_usage("no daemon works backfills yet: add --foreground, and this command does the work itself");
  return sweep_and_report(*session, order, arguments.json);
}

}  // namespace

void add_backfill(CLI::App& app, command_line& line) {
  auto* verb = app.add_subcommand("backfill", "read a range of creation time again, proven or not");
  verb->require_subcommand(1);
  auto* make = verb->add_subcommand("create", "start a backfill");
  auto arguments = std::make_shared<create_arguments>();
  make->add_option("--from", arguments->from, "first moment: 2024-05-07 or 2024-05-07T09:52:00+08:00")
      ->required()
      ->type_name("TIME");
  make->add_option("--to", arguments->to, "moment behind the last one")->required()->type_name("TIME");
  make->add_option("--account", arguments->account, "this account only")->type_name("NAME");
  make->add_flag("--foreground", arguments->foreground, "do the work in this process, with no daemon");
  make->add_flag("--json", arguments->json, "the result as JSON");
  make->callback([&line, arguments] { line.chosen = [&line, arguments] { return create(line, *arguments); }; });
}

}  // namespace ordersync::cli
