// `quarantine accept`: takes what is known out of what counts as incomplete, or puts it back.

#include "app/commands/quarantine.hpp"
#include "cli/text/output.hpp"
#include "cli/text/quarantine_text.hpp"
#include "cli/verbs/verbs.hpp"
#include "core/utf8.hpp"

#include <boost/json/array.hpp>
#include <fmt/format.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace ordersync::cli::verbs {

namespace {

struct accept_arguments {
  std::int64_t id = 0;
  std::string path;
  std::string reason_is;
  std::string reason;
  bool undo = false;
  bool json = false;
};

// In the table of accepted kinds people read them.
constexpr std::size_t longest_reason = 1'000;

text::moment_text moments_of(const commands::session& session) {
  return [&session](core::instant t) { return session.local_text(std::chrono::floor<std::chrono::seconds>(t)); };
}

// Nothing that a database or a terminal would not take.
bool is_plain(std::string_view text) {
  while (!text.empty()) {
    const auto next = core::first_character(text);
    if (!next.valid || next.code < 0x20 || next.code == 0x7F) return false;
    text.remove_prefix(next.bytes);
  }
  return true;
}

bool is_blank(std::string_view text) {
  return text.find_first_not_of(' ') == std::string_view::npos;
}

// Why the arguments do not go together; empty when they do.
std::string problem_of(const accept_arguments& given) {
  if ((given.id != 0) == !given.path.empty()) return "quarantine accept needs exactly one of ID and --path";
  if (given.id != 0 && !given.reason_is.empty()) return "--reason-is goes with --path, not with ID";
  if (!given.undo && is_blank(given.reason))
    return "--reason is missing: say why this is accepted, for whoever looks at it next";
  if (given.reason.size() > longest_reason) return fmt::format("--reason: at most {} bytes", longest_reason);
  if (!is_plain(given.path) || !is_plain(given.reason_is) || !is_plain(given.reason))
    return "--path, --reason-is and --reason must be UTF-8 without control characters";
  return {};
}

app::setup::exit_code accept_value(commands::session& session, const accept_arguments& given) {
  const auto value = commands::accept_value(session, given.id, given.undo ? std::nullopt : std::optional{given.reason});
  if (value.has_error()) return shared::fail(value.error());
  if (given.json)
    text::print_json(text::value_json(*value));
  else
    text::print(text::value_line(*value, moments_of(session)));
  return app::setup::exit_code::done;
}

app::setup::exit_code accept_kinds(commands::session& session, const accept_arguments& given) {
  const auto kinds = commands::accept_kinds(
      session, {given.path, given.reason_is.empty() ? std::nullopt : std::optional{given.reason_is}},
      given.undo ? std::nullopt : std::optional{given.reason});
  if (kinds.has_error()) return shared::fail(kinds.error());
  boost::json::array array;
  if (given.undo && !given.json) text::print("accepted no longer:");
  for (const auto& kind : *kinds) {
    if (given.json) array.push_back(text::kind_json(kind));
    if (given.json) continue;
    for (const auto& one : text::kind_lines(kind, moments_of(session))) text::print(one);
  }
  if (given.json) text::print_json(array);
  return app::setup::exit_code::done;
}

app::setup::exit_code accept(const shared::command_line& line, const accept_arguments& given) {
  if (const auto problem = problem_of(given); !problem.empty()) return shared::fail_usage(problem);
  const auto session = shared::open_change(line);
  if (!session) return app::setup::exit_code::usage;
  return given.id != 0 ? accept_value(*session, given) : accept_kinds(*session, given);
}

}  // namespace

void add_quarantine_accept(shared::command quarantine, shared::command_line& line) {
  auto made =
      quarantine.add_subcommand("accept", "take what is known out of warnings and of exit code 6; it stays counted");
  auto given = std::make_shared<accept_arguments>();
  made.add_id("id", given->id, "number of a value, which is accepted alone");
  made.add_option("--path", given->path, "accept all kinds with this path, and values of them that come later")
      .type_name("PATH");
  made.add_option("--reason-is", given->reason_is, "of these kinds only the one with this reason").type_name("REASON");
  auto reason = made.add_option("--reason", given->reason, "why it is accepted").type_name("TEXT");
  made.add_flag("--undo", given->undo, "accept it no longer").excludes(reason);
  made.add_flag("--json", given->json, "print JSON");
  made.footer(
      "A kind is accepted for all accounts. Numbers of list elements in a path do not matter. Another reason at the\n"
      "same path is another kind, which shows until it is accepted. What is accepted already gets the new --reason.\n"
      "--undo of a path leaves values alone that were accepted by their number.");
  made.callback([&line, given] { line.chosen = [&line, given] { return accept(line, *given); }; });
}

}  // namespace ordersync::cli::verbs
