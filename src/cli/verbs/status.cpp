// `status`: how fresh the mirror is and what is missing, in ten lines.

#include "app/commands/status.hpp"

#include "app/commands/coverage.hpp"
#include "app/status/status_json.hpp"
#include "cli/text/output.hpp"
#include "cli/text/status_text.hpp"
#include "cli/verbs/verbs.hpp"

#include <algorithm>

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

app::setup::exit_code status(const shared::command_line& line, bool json) {
  const auto session = shared::open_look(line);
  if (!session) return app::setup::exit_code::usage;
  const auto view = commands::read_status(*session);
  if (view.has_error()) return shared::fail(view.error());
  const auto verdict = assess(*session, *view);
  if (json) {
    auto object = app::status::json_of(*view);
    object["verdict"] = app::status::json_of(verdict);
    text::print_json(object);
  } else {
    const text::local_time local = [&](core::second t) { return session->local_text(t); };
    for (const auto& one : text::status_lines(*view, verdict, local)) text::print(one);
  }
  return view->incomplete ? app::setup::exit_code::incomplete : app::setup::exit_code::done;
}

}  // namespace

void add_status(shared::command app, shared::command_line& line) {
  auto verb = app.add_subcommand("status",
                                 "show how fresh the mirror is and what is missing; exit code 6 when it is incomplete");
  auto json = std::make_shared<bool>(false);
  verb.add_flag("--json", *json, "print JSON");
  verb.callback([&line, json] { line.chosen = [&line, json] { return status(line, *json); }; });
}

}  // namespace ordersync::cli::verbs
