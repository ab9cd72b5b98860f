// `status`: how fresh the mirror is and what is missing, in ten lines.

#include "app/commands/status.hpp"

#include "app/commands/coverage.hpp"
#include "app/status/status_json.hpp"
#include "cli/text/output.hpp"
#include "cli/text/status_text.hpp"
#include "cli/verbs/verbs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string>

namespace ordersync::cli::verbs {

namespace {

// With the reasons of its gaps, when there are any.
app::status::verdict assess(commands::session& session, const app::status::status_view& view) {
  app::status::situation seen{.now = view.at, .view = &view};
  const auto incomplete = [](const app::status::account_view& account) { return !account.complete.complete(); };
  if (std::ranges::any_of(view.accounts, incomplete))
    if (auto coverage = commands::read_coverage(session, std::nullopt, std::nullopt, std::nullopt);
        coverage.has_value())
      seen.coverage = std::move(coverage->accounts);
  return app::status::assess(seen);
}

struct arguments {
  bool json = false;
  text::account_choice accounts;
};

// One that only the database knows is shown, too.
bool knows(const app::status::status_view& view, const std::string& account) {
  return std::ranges::any_of(view.accounts, [&](const auto& each) { return each.stored.account == account; });
}

app::setup::exit_code status(const shared::command_line& line, const arguments& given) {
  const auto session = shared::open_look(line);
  if (!session) return app::setup::exit_code::usage;
  const auto view = commands::read_status(*session);
  if (view.has_error()) return shared::fail(view.error());
  if (!given.accounts.name.empty() && !knows(*view, given.accounts.name)) {
    return shared::fail_usage(fmt::format(
        "--account: no account '{}' in the configuration or the database; ordersync status --all shows all of them",
        given.accounts.name));
  }
  const auto verdict = assess(*session, *view);
  if (given.json) {
    auto object = app::status::json_of(*view);
    object["verdict"] = app::status::json_of(verdict);
    text::print_json(object);
  } else {
    const text::local_time local = [&](core::second t) { return session->local_text(t); };
    for (const auto& one : text::status_lines(*view, verdict, local, given.accounts)) text::print(one);
  }
  return view->incomplete ? app::setup::exit_code::incomplete : app::setup::exit_code::done;
}

}  // namespace

void add_status(shared::command app, shared::command_line& line) {
  auto verb = app.add_subcommand("status",
                                 "show how fresh the mirror is and what is missing; exit code 6 when it is incomplete");
  auto given = std::make_shared<arguments>();
  auto json = verb.add_flag("--json", given->json, "print JSON: all accounts");
  auto all = verb.add_flag("--all", given->accounts.all, "show every account, not only the 20 worst");
  auto one = verb.add_option("--account", given->accounts.name, "this account only").type_name("NAME");
  all.excludes(json);
  one.excludes(json);
  one.excludes(all);
  verb.callback([&line, given] { line.chosen = [&line, given] { return status(line, *given); }; });
}

}  // namespace ordersync::cli::verbs
