// `migrate`: brings the database's schema to what this program needs, or says what is missing.

#include "app/commands/migrate.hpp"

#include "cli/text/output.hpp"
#include "cli/text/progress.hpp"
#include "cli/verbs/verbs.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace ordersync::cli::verbs {

namespace {

using states = std::vector<store::migrations::migration_state>;

boost::json::array to_json(const states& steps) {
  boost::json::array list;
  for (const auto& step : steps) {
    boost::json::object object{{"version", step.version}, {"name", step.name}, {"applied_at", nullptr}};
    if (step.applied_at) object["applied_at"] = core::to_text(*step.applied_at);
    list.push_back(std::move(object));
  }
  return list;
}

void print_states(const states& steps) {
  for (const auto& step : steps)
    text::print(fmt::format("{:04} {:<20} {}", step.version, step.name,
                            step.applied_at ? "applied " + core::to_text(*step.applied_at) : "pending"));
}

void print_distribution(const store::migrations::distributed& done) {
  if (done.tables.empty())
    text::print(fmt::format("nothing to distribute: {} nodes hold the orders already", done.nodes));
  else
    text::print(fmt::format("distributed by order over {} nodes: {}", done.nodes, fmt::join(done.tables, ", ")));
}

std::string progress_text(const store::maintenance::history_conversion& now) {
  return now.estimate < now.orders ? fmt::format("history: {} orders converted", now.orders)
                                   : fmt::format("history: {} of about {} orders converted", now.orders, now.estimate);
}

// What the conversion of the history has come to; nothing where there was none.
app::setup::exit_code conclude(const store::maintenance::history_conversion& history) {
  if (!history.finished) {
    text::say(
        fmt::format("ordersync: interrupted after {} orders; the history of the others still holds their present "
                    "state. The mirror is complete and may be used so; run ordersync migrate again to continue",
                    history.orders));
    return app::setup::exit_code::incomplete;
  }
  if (history.orders > 0)
    text::print(
        fmt::format("history: {} orders converted; VACUUM FULL ordersync.order_history gives its space ({} MB) "
                    "back to the system, and locks it meanwhile; without it the space is used again",
                    history.orders, history.history_bytes / 1'000'000));
  return app::setup::exit_code::done;
}

app::setup::exit_code list(const shared::command_line& line, bool json) {
  const auto session = shared::open_look(line);
  if (!session) return app::setup::exit_code::usage;
  const auto steps = commands::migration_status(*session);
  if (steps.has_error()) return shared::fail(steps.error());
  json ? text::print_json(to_json(*steps)) : print_states(*steps);
  return app::setup::exit_code::done;
}

app::setup::exit_code migrate(const shared::command_line& line, bool distribute, bool json) {
  const auto session = shared::open_change(line);
  if (!session) return app::setup::exit_code::usage;
  text::progress_line progress;
  const auto done = commands::migrate(*session, distribute, [&](const store::maintenance::history_conversion& now) {
    progress.show("history", progress_text(now));
  });
  progress.finish();
  if (done.has_error()) return shared::fail(done.error());
  if (json) {
    text::print_json(to_json(done->steps));
    return done->history.finished ? app::setup::exit_code::done : app::setup::exit_code::incomplete;
  }
  if (done->steps.empty()) text::print("nothing to apply: the schema is current");
  print_states(done->steps);
  if (done->distribution) print_distribution(*done->distribution);
  return conclude(done->history);
}

}  // namespace

void add_migrate(shared::command app, shared::command_line& line) {
  auto verb = app.add_subcommand("migrate", "bring the database's schema up to date; safe to run again");
  auto status = std::make_shared<bool>(false);
  auto distribute = std::make_shared<bool>(false);
  auto json = std::make_shared<bool>(false);
  verb.add_flag("--status", *status, "only list the steps and whether each is applied");
  verb.add_flag("--distribute", *distribute, "spread the orders over the nodes of a Citus cluster");
  verb.add_flag("--json", *json, "print JSON");
  verb.footer(
      "After an upgrade from a version that kept the present state of each order in order_history, it removes those in "
      "batches,\nbeside a running daemon. It can be interrupted at any time: the next run continues where it stopped.");
  verb.callback([&line, status, distribute, json] {
    line.chosen = [&line, status, distribute, json] {
      return *status ? list(line, *json) : migrate(line, *distribute, *json);
    };
  });
}

}  // namespace ordersync::cli::verbs
