// `changes`: every version of an order and of its detail, in the order of commits.

#include "app/commands/changes.hpp"

#include "app/exports/table_text.hpp"
#include "cli/shared/range.hpp"
#include "cli/text/order_text.hpp"
#include "cli/text/output.hpp"
#include "cli/verbs/verbs.hpp"

#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

namespace ordersync::cli::verbs {

namespace {

struct arguments {
  std::int64_t after = 0;
  bool follow = false;
  std::string account;
  bool json = false;
};

std::string line_of(const store::feed::change& one) {
  return fmt::format("{}  {}  {} v{}  {}  {}: {}", one.number, core::to_text(one.at), one.order_id, one.version,
                     one.account, one.status.value_or("no status"), text::cut(one.what));
}

class json_lines {
 public:
  json_lines() { table_.begin(nothing_, store::feed::change_columns()); }

  std::string line_of(const store::feed::change& one) const {
    const std::vector<store::feed::cell> cells(one.values.begin(), one.values.end());
    std::string line;
    table_.row(line, cells);
    line.pop_back();
    return line;
  }

 private:
  app::exports::table_text table_{app::exports::table_format::ndjson, {}};
  std::string nothing_;
};

// Whoever reads them has each as soon as it is there.
bool print_change(const store::feed::change& one, const json_lines* json) {
  if (json == nullptr)
    text::print(line_of(one));
  else
    text::print_text(json->line_of(one));
  return !text::output_problem();
}

app::setup::exit_code changes(const shared::command_line& line, const arguments& given) {
  const auto session = shared::open_look(line);
  if (!session) return app::setup::exit_code::usage;
  const auto account = shared::read_account(*session, given.account);
  if (account.has_error()) return shared::fail(account.error());
  const json_lines json;
  const commands::change_listener listener{
      [&](const auto& one) { return print_change(one, given.json ? &json : nullptr); },
      [](std::string_view notice) { text::say(fmt::format("ordersync: {}", notice)); }};
  const auto done = commands::read_changes(*session, {given.after, given.follow, *account}, listener);
  if (done.has_error()) return shared::fail(done.error());
  if (given.follow || !session->interrupted()) return app::setup::exit_code::done;
  text::say(fmt::format("ordersync: interrupted; go on with --after {}", *done));
  return app::setup::exit_code::incomplete;
}

}  // namespace

void add_changes(shared::command app, shared::command_line& line) {
  auto verb =
      app.add_subcommand("changes", "print every version of an order and of its detail, in the order of commits");
  auto given = std::make_shared<arguments>();
  verb.add_number("--after", given->after, "only changes with a greater number; default: 0, all");
  verb.add_flag("--follow", given->follow, "go on with what comes, until SIGTERM or SIGINT");
  verb.add_option("--account", given->account, "this account only").type_name("NAME");
  verb.add_flag("--json", given->json, "print a JSON object a line");
  verb.footer(
      "Each line begins with its number (with --json: \"change\"). Whoever starts again with --after and the greatest "
      "number\n"
      "it has seen misses none and repeats none. A line without its end is not complete. Numbers of orders that were\n"
      "deleted are left out. Where \"kind\" is \"detail\", the order's detail is new or has changed; the rest of the "
      "line is the\n"
      "order as it was then.");
  verb.callback([&line, given] { line.chosen = [&line, given] { return changes(line, *given); }; });
}

}  // namespace ordersync::cli::verbs
