// `backfill`: reads a range of creation time again, proven or not. `create` asks for it; shared/jobs.cpp has the verbs
// that list and control what was asked for.

#include "app/commands/jobs.hpp"
#include "app/setup/spoken.hpp"
#include "cli/shared/jobs.hpp"
#include "cli/shared/range.hpp"
#include "cli/shared/sweep_report.hpp"
#include "cli/text/output.hpp"
#include "cli/verbs/backfill_details.hpp"
#include "cli/verbs/verbs.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <optional>
#include <string>

namespace ordersync::cli::verbs {

namespace {

struct create_arguments {
  std::string from;
  std::string to;
  std::string account;
  bool wait = false;
  bool foreground = false;
  bool dry_run = false;
  bool details = false;
  bool json = false;

  std::optional<std::string> one_account() const { return account.empty() ? std::nullopt : std::optional{account}; }
};

// Or what is wrong with the arguments.
core::result<core::window> range_of(const commands::session& session, const create_arguments& arguments) {
  const auto wrong = [](std::string what) { return core::make_error(core::failure::input, std::move(what)); };
  const auto from = session.parse_time(arguments.from);
  if (from.has_error()) return wrong("--from: " + from.error().what);
  const auto to = session.parse_time(arguments.to);
  if (to.has_error()) return wrong("--to: " + to.error().what);
  if (*to <= *from) return wrong("invalid range: --from must be before --to (--to itself is not included)");
  return core::window{*from, *to};
}

app::setup::exit_code estimate(commands::session& session, const create_arguments& arguments,
                               const core::window& range) {
  const auto estimates = commands::estimate_backfill(session, arguments.one_account(), range);
  if (estimates.has_error()) return shared::fail(estimates.error());
  boost::json::array list;
  for (const auto& e : *estimates) {
    if (arguments.json)
      list.push_back({{"account", e.account}, {"orders", e.orders}, {"calls", e.calls}, {"seconds", e.time.count()}});
    else
      text::print(fmt::format("{}: {} orders, about {} calls, {} if nothing else is read meanwhile", e.account,
                              e.orders, e.calls, app::setup::spoken(e.time)));
  }
  if (arguments.json) text::print_json(list);
  return app::setup::exit_code::done;
}

app::setup::exit_code ask_daemon(commands::session& session, const create_arguments& arguments,
                                 const core::window& range) {
  const auto jobs = commands::create_jobs(session, arguments.one_account(), range, shared::who_asks());
  if (jobs.has_error()) return shared::fail(jobs.error());
  if (arguments.wait) return shared::wait_for(session, *jobs, arguments.json);
  const auto code = shared::show_jobs(session, *jobs, arguments.json);
  text::say("The leading daemon starts it within a second; ordersync backfill list shows its progress.");
  return code;
}

app::setup::exit_code create(const shared::command_line& line, const create_arguments& arguments) {
  const auto session = arguments.foreground ? shared::open_session(line) : shared::open_change(line);
  if (!session) return app::setup::exit_code::usage;
  const auto range = range_of(*session, arguments);
  if (range.has_error()) return shared::fail(range.error());
  if (const auto account = shared::read_account(*session, arguments.account); account.has_error())
    return shared::fail(account.error());
  if (arguments.details)
    return backfill_details(*session, arguments.one_account(), *range, arguments.wait, arguments.json);
  if (arguments.dry_run) return estimate(*session, arguments, *range);
  if (!arguments.foreground) return ask_daemon(*session, arguments, *range);
  return shared::sweep_and_report(
      *session,
      {.kind = sync::sweep_kind::backfill, .range = *range, .only_unproven = false, .account = arguments.one_account()},
      arguments.json);
}

void add_create(shared::command verb, shared::command_line& line) {
  auto make = verb.add_subcommand("create", "create a backfill; the leading daemon carries it out");
  auto arguments = std::make_shared<create_arguments>();
  make.add_option("--from", arguments->from, "start of the range: 2024-05-07 or 2024-05-07T09:52:00+08:00")
      .required()
      .type_name("TIME");
  make.add_option("--to", arguments->to, "end of the range, not included").required().type_name("TIME");
  make.add_option("--account", arguments->account, "this account only").type_name("NAME");
  auto wait =
      make.add_flag("--wait", arguments->wait, "wait until it ends and show its progress; the exit code is its result");
  auto foreground =
      make.add_flag("--foreground", arguments->foreground, "do the work in this process, without a daemon");
  auto dry_run =
      make.add_flag("--dry-run", arguments->dry_run, "create nothing; print how many API calls it would take");
  wait.excludes(foreground).excludes(dry_run);
  foreground.excludes(dry_run);
  make.add_flag("--details", arguments->details,
                "read the details of the orders that the mirror has of this range, not the range itself")
      .excludes(foreground)
      .excludes(dry_run);
  make.add_flag("--json", arguments->json, "print the result as JSON");
  make.footer(
      "With --details it queues the orders in the database, and needs no daemon; the daemons read them within "
      "details.share\n"
      "of the rate, after the details of orders that change. Exit code 2 where details.enabled is false.");
  make.callback([&line, arguments] { line.chosen = [&line, arguments] { return create(line, *arguments); }; });
}

}  // namespace

void add_backfill(shared::command app, shared::command_line& line) {
  auto verb = app.add_subcommand("backfill", "read a range of creation times again, proven or not");
  verb.require_subcommand();
  add_create(verb, line);
  shared::add_job_verbs(verb, line);
}

}  // namespace ordersync::cli::verbs
