// `replay`: rows again from the stored payloads, without the API.

#include "app/commands/replay.hpp"

#include "cli/shared/range.hpp"
#include "cli/shared/version.hpp"
#include "cli/text/output.hpp"
#include "cli/text/progress.hpp"
#include "cli/verbs/verbs.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace ordersync::cli::verbs {

namespace {

struct arguments {
  std::string from;
  std::string to;
  bool json = false;
};

// Another build may read the payloads otherwise, and begins anew.
std::string this_program() {
  const auto text = shared::version_text();
  const auto second_line_end = text.find('\n', text.find('\n') + 1);
  return text.substr(0, second_line_end);
}

std::string progress_text(const store::maintenance::replay_state& state) {
  return fmt::format("replay {}: {} of {} orders, {} changed", state.id, state.done(), state.orders,
                     state.counts.changed);
}

boost::json::object to_json(const app::tasks::replay_result& done) {
  const auto& state = done.state;
  return {{"id", std::to_string(state.id)},
          {"resumed", state.resumed},
          {"finished", state.finished},
          {"orders", state.orders},
          {"created", state.created},
          {"changed", state.counts.changed},
          {"unchanged", state.counts.unchanged},
          {"overtaken", state.counts.overtaken},
          {"unusable", state.unusable},
          {"details_changed", done.details_changed}};
}

void print_state(const app::tasks::replay_result& done) {
  const auto& state = done.state;
  text::print(fmt::format("{} orders replayed{}: {} created, {} changed, {} unchanged", state.done(),
                          state.resumed ? ", including the interrupted run" : "", state.created, state.counts.changed,
                          state.counts.unchanged));
  if (state.counts.overtaken > 0)
    text::print(fmt::format("{} were skipped: a newer read stored them meanwhile", state.counts.overtaken));
  if (done.details_changed > 0) text::print(fmt::format("{} details changed", done.details_changed));
  if (state.unusable > 0) text::print(fmt::format("{} payloads contain no usable order", state.unusable));
}

app::setup::exit_code replay(const shared::command_line& line, const arguments& given) {
  const auto session = shared::open_change(line);
  if (!session) return app::setup::exit_code::usage;
  const auto range = shared::read_range(*session, given.from, given.to);
  if (range.has_error()) return shared::fail(range.error());
  text::progress_line progress;
  const auto done = commands::replay(
      *session, range->from, range->to, this_program(),
      [&](const store::maintenance::replay_state& state) { progress.show("replay", progress_text(state)); });
  progress.finish();
  if (done.has_error()) return shared::fail(done.error());
  if (given.json)
    text::print_json(to_json(*done));
  else
    print_state(*done);
  if (done->interrupted) {
    text::say("ordersync: interrupted; run it again to continue from here");
    return app::setup::exit_code::incomplete;
  }
  return done->state.unusable > 0 ? app::setup::exit_code::incomplete : app::setup::exit_code::done;
}

}  // namespace

void add_replay(shared::command app, shared::command_line& line) {
  auto verb = app.add_subcommand("replay", "rebuild the rows from the stored payloads, without API calls");
  auto given = std::make_shared<arguments>();
  verb.add_option("--from", given->from, "start of the range of creation times; default: all").type_name("TIME");
  verb.add_option("--to", given->to, "end of the range, not included; default: all").type_name("TIME");
  verb.add_flag("--json", given->json, "print JSON");
  verb.footer(
      "Use after an upgrade that understands new fields. Orders that do not change are not written. It can be "
      "interrupted\n"
      "at any time: the next run over the same range continues where it stopped.");
  verb.callback([&line, given] { line.chosen = [&line, given] { return replay(line, *given); }; });
}

}  // namespace ordersync::cli::verbs
