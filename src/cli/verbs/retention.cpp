// `retention`: erases what is older than the configuration allows.

#include "app/commands/erase.hpp"
#include "cli/text/output.hpp"
#include "cli/text/progress.hpp"
#include "cli/verbs/verbs.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace ordersync::cli::verbs {

namespace {

app::setup::exit_code retention(const shared::command_line& line, bool dry_run, bool json) {
  const auto session = shared::open_change(line);
  if (!session) return app::setup::exit_code::usage;
  text::progress_line progress;
  const auto done = commands::apply_retention(*session, dry_run, [&](const store::maintenance::erasure& took) {
    progress.show("retention", "erased from " + text::erasure_text(took));
  });
  progress.finish();
  if (done.has_error()) return shared::fail(done.error());
  if (json)
    text::print_json(text::erasure_json(done->took));
  else
    text::print((dry_run ? "would erase from " : "erased from ") + text::erasure_text(done->took));
  if (!done->interrupted) return app::setup::exit_code::done;
  text::say("ordersync: interrupted; run it again to continue");
  return app::setup::exit_code::incomplete;
}

}  // namespace

void add_retention(shared::command app, shared::command_line& line) {
  auto verb = app.add_subcommand(
      "retention",
      "erase the personal data and payloads that are older than retention.* allows; the daemon does this daily");
  auto dry_run = std::make_shared<bool>(false);
  auto json = std::make_shared<bool>(false);
  verb.add_flag("--dry-run", *dry_run, "erase nothing; print what would be erased");
  verb.add_flag("--json", *json, "print JSON");
  verb.callback(
      [&line, dry_run, json] { line.chosen = [&line, dry_run, json] { return retention(line, *dry_run, *json); }; });
}

}  // namespace ordersync::cli::verbs
