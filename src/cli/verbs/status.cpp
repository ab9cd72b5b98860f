// `status`: how fresh the mirror is and what is missing, in ten lines.

#include "app/commands/status.hpp"

#include "app/status/status_json.hpp"
#include "cli/shared/range.hpp"
#include "cli/text/output.hpp"
#include "cli/text/screen.hpp"
#include "cli/text/status_text.hpp"
#include "cli/verbs/verbs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ordersync::cli::verbs {

namespace {

using app::setup::exit_code;

struct arguments {
  bool json = false;
  text::account_choice accounts;
  std::optional<std::string> watch;  // "": without a number of seconds
};

constexpr std::chrono::seconds usual_pause{2};
constexpr std::int64_t longest_pause = 86'400;

// Of an account that there is not; one that only the database knows is shown, too.
std::optional<core::error> wrong_account(const app::status::status_view& view, const std::string& account) {
  std::vector<std::string> names;
  for (const auto& each : view.accounts) names.push_back(each.stored.account);
  if (account.empty() || std::ranges::find(names, account) != names.end()) return std::nullopt;
  return shared::unknown_account(account, "the configuration or the database", names);
}

text::style style_of(app::status::health level) {
  if (level == app::status::health::good) return text::style::good;
  return level == app::status::health::bad ? text::style::bad : text::style::doubtful;
}

std::vector<text::styled_line> lines_of(const commands::session& session, const app::status::status_view& view,
                                        const app::status::verdict& verdict, const arguments& given) {
  const text::local_time local = [&](core::second t) { return session.local_text(t); };
  std::vector<text::styled_line> lines;
  const auto stands = given.watch ? text::remedy::after_verdict : text::remedy::at_end;
  for (auto& one : text::status_lines(view, verdict, local, given.accounts, stands)) lines.push_back({std::move(one)});
  lines.front().how = style_of(verdict.level);
  lines.front().bytes = verdict.headline.size();
  return lines;
}

exit_code show(commands::session& session, const app::status::status_view& view, const arguments& given,
               text::screen& on) {
  const auto verdict = commands::assess(session, view);
  if (given.json) {
    auto object = app::status::json_of(view);
    object["verdict"] = app::status::json_of(verdict);
    text::print_json(object);
  } else if (given.watch) {
    on.show(lines_of(session, view, verdict, given));
  } else {
    for (const auto& one : lines_of(session, view, verdict, given)) text::print(one);
  }
  return view.incomplete ? exit_code::incomplete : exit_code::done;
}

// None: not a number of seconds in range.
std::optional<std::chrono::seconds> pause_of(const std::string& text) {
  if (text.empty()) return usual_pause;
  std::int64_t seconds = 0;
  const auto* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, seconds);
  if (read.ec != std::errc{} || read.ptr != end || seconds < 1 || seconds > longest_pause) return std::nullopt;
  return std::chrono::seconds{seconds};
}

// The database may be away for a while, at the start too.
exit_code watch(commands::session& session, const arguments& given, std::chrono::seconds pause) {
  text::screen on;
  std::optional<exit_code> last;
  do {
    const auto view = commands::read_status(session);
    if (session.interrupted()) break;
    if (view.has_error() && view.error().kind != core::failure::database_down) return shared::fail(view.error());
    if (view.has_error()) {
      last = shared::fail(view.error());
      continue;
    }
    if (const auto wrong = wrong_account(*view, given.accounts.name)) return shared::fail(*wrong);
    last = show(session, *view, given, on);
    text::flush_output();
    if (text::output_problem()) break;
  } while (commands::pause(session, pause));
  return last.value_or(exit_code::done);
}

exit_code status(const shared::command_line& line, const arguments& given) {
  const auto pause = pause_of(given.watch.value_or(""));
  if (!pause)
    return shared::fail_usage(fmt::format("--watch: '{}' is not a number of seconds: it must be 1 to {}",
                                          text::shortened(*given.watch), longest_pause));
  const auto session = shared::open_look(line);
  if (!session) return exit_code::usage;
  if (given.watch) return watch(*session, given, *pause);
  const auto view = commands::read_status(*session);
  if (view.has_error()) return shared::fail(view.error());
  if (const auto wrong = wrong_account(*view, given.accounts.name)) return shared::fail(*wrong);
  text::screen on;
  return show(*session, *view, given, on);
}

}  // namespace

void add_status(shared::command app, shared::command_line& line) {
  auto verb = app.add_subcommand("status",
                                 "show how fresh the mirror is and what is missing; exit code 6 when it is incomplete");
  auto given = std::make_shared<arguments>();
  auto json = verb.add_flag("--json", given->json, "print JSON: all accounts");
  auto all = verb.add_flag("--all", given->accounts.all, "show every account, not only the 20 worst");
  auto one = verb.add_option("--account", given->accounts.name, "this account only").type_name("NAME");
  verb.add_choice("--watch", given->watch,
                  "show it again every so many seconds, 2 where none are given, until a signal")
      .type_name("SECONDS");
  all.excludes(json);
  one.excludes(json);
  one.excludes(all);
  verb.callback([&line, given] { line.chosen = [&line, given] { return status(line, *given); }; });
}

}  // namespace ordersync::cli::verbs
