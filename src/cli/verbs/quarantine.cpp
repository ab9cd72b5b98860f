// `quarantine`: lists values and orders that could not be stored, and tries again to store them.

#include "app/commands/quarantine.hpp"

#include "app/status/quarantine_report.hpp"
#include "cli/shared/range.hpp"
#include "cli/text/output.hpp"
#include "cli/text/quarantine_text.hpp"
#include "cli/verbs/verbs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>

namespace ordersync::cli::verbs {

namespace {

using store::maintenance::quarantine_part;

struct list_arguments {
  bool open = false;
  bool all = false;
  bool accepted = false;
  bool each = false;
  bool json = false;
  std::string account;
};

text::moment_text moments_of(const commands::session& session) {
  return [&session](core::instant t) { return session.local_text(std::chrono::floor<std::chrono::seconds>(t)); };
}

store::maintenance::quarantine_choice choice_of(const list_arguments& given) {
  return {given.all        ? quarantine_part::all
          : given.accepted ? quarantine_part::accepted
                           : quarantine_part::open,
          given.account.empty() ? std::nullopt : std::optional{given.account}};
}

const char* nothing_text(const list_arguments& given) {
  if (given.all) return "nothing was ever quarantined";
  return given.accepted ? "nothing is accepted" : "quarantine is empty";
}

app::setup::exit_code code_of(bool any_open) {
  return any_open ? app::setup::exit_code::incomplete : app::setup::exit_code::done;
}

app::setup::exit_code list_each(commands::session& session, const list_arguments& given) {
  const auto values = commands::list_quarantine(session, choice_of(given));
  if (values.has_error()) return shared::fail(values.error());
  boost::json::array array;
  for (const auto& value : *values) {
    if (given.json)
      array.push_back(text::value_json(value));
    else
      text::print(text::value_line(value, moments_of(session)));
  }
  if (given.json)
    text::print_json(array);
  else if (values->empty())
    text::print(nothing_text(given));
  return code_of(std::ranges::any_of(*values, &store::maintenance::quarantined::open));
}

// Below the open kinds, which leave it out.
void print_accepted(commands::session& session, list_arguments given, bool any_open) {
  given.accepted = true;
  const auto kinds = commands::list_kinds(session, choice_of(given));
  if (kinds.has_error()) return static_cast<void>(shared::fail(kinds.error()));
  store::maintenance::quarantine_counts counts;
  for (const auto& kind : *kinds) {
    counts.accepted += kind.accepted;
    counts.accepted_kinds += kind.accepted > 0 ? 1 : 0;
  }
  if (counts.accepted > 0 && !any_open) text::print("nothing in quarantine that is not accepted");
  if (counts.accepted > 0)
    text::print(app::status::accepted_text(counts) + ": see ordersync quarantine list --accepted");
  else if (!any_open)
    text::print(nothing_text({}));
}

app::setup::exit_code list_kinds(commands::session& session, const list_arguments& given) {
  const auto kinds = commands::list_kinds(session, choice_of(given));
  if (kinds.has_error()) return shared::fail(kinds.error());
  boost::json::array array;
  for (const auto& kind : *kinds) {
    if (given.json) array.push_back(text::kind_json(kind));
    if (given.json) continue;
    for (const auto& one : text::kind_lines(kind, moments_of(session))) text::print(one);
  }
  if (given.json)
    text::print_json(array);
  else if (!given.all && !given.accepted)
    print_accepted(session, given, !kinds->empty());
  else if (kinds->empty())
    text::print(nothing_text(given));
  return code_of(std::ranges::any_of(*kinds, [](const auto& kind) { return kind.open > 0; }));
}

app::setup::exit_code list(const shared::command_line& line, const list_arguments& given) {
  const auto session = shared::open_look(line);
  if (!session) return app::setup::exit_code::usage;
  if (const auto account = shared::read_account(*session, given.account); account.has_error())
    return shared::fail(account.error());
  return given.each ? list_each(*session, given) : list_kinds(*session, given);
}

app::setup::exit_code show(const shared::command_line& line, std::int64_t id, bool json) {
  const auto session = shared::open_look(line);
  if (!session) return app::setup::exit_code::usage;
  const auto q = commands::find_quarantined(*session, id);
  if (q.has_error()) return shared::fail(q.error());
  if (json) {
    auto object = text::value_json(*q);
    object["raw"] = q->erased ? boost::json::value(nullptr) : boost::json::value(q->raw);
    text::print_json(object);
    return app::setup::exit_code::done;
  }
  text::print(fmt::format("number      {}", q->id));
  text::print(fmt::format("account     {}", q->account));
  text::print(fmt::format("what        {}, {}", text::subject(*q), q->path));
  text::print(fmt::format("why         {}", q->reason));
  for (const auto& range : q->ranges)
    text::print(fmt::format("created     {} to {}", session->local_text(range.begin), session->local_text(range.end)));
  const auto moment = moments_of(*session);
  text::print(fmt::format("first seen  {}", moment(q->first_seen_at)));
  text::print(fmt::format("last seen   {}", moment(q->last_seen_at)));
  text::print(fmt::format("resolved    {}", q->resolved_at ? moment(*q->resolved_at) : std::string{"no"}));
  text::print(fmt::format("accepted    {}", text::acceptance_text(*q, moment)));
  text::print(q->erased ? std::string{"the text was erased"} : fmt::format("the text, {} bytes:", q->bytes));
  if (!q->erased) text::print_text(q->raw);
  return app::setup::exit_code::done;
}

const char* word(app::tasks::retried::outcome outcome) {
  switch (outcome) {
    case app::tasks::retried::outcome::resolved:
      return "resolved";
    case app::tasks::retried::outcome::still_bad:
      return "still_bad";
    case app::tasks::retried::outcome::payload_erased:
      return "payload_erased";
  }
  return "still_bad";
}

const char* sentence(app::tasks::retried::outcome outcome) {
  switch (outcome) {
    case app::tasks::retried::outcome::resolved:
      return "is stored now";
    case app::tasks::retried::outcome::still_bad:
      return "still cannot be stored";
    case app::tasks::retried::outcome::payload_erased:
      return "cannot be decoded again: the order's payload was erased";
  }
  return "";
}

boost::json::object to_json(const app::tasks::retry_result& result) {
  boost::json::array values;
  for (const auto& one : result.values) {
    auto object = text::value_json(one.what);
    object["outcome"] = word(one.came_to);
    values.push_back(std::move(object));
  }
  return {{"values", std::move(values)},
          {"orders_changed", result.orders.changed},
          {"orders_unchanged", result.orders.unchanged},
          {"details_changed", result.details_changed},
          {"calls", result.calls}};
}

void print_result(const app::tasks::retry_result& result) {
  const auto resolved =
      std::ranges::count(result.values, app::tasks::retried::outcome::resolved, &app::tasks::retried::came_to);
  for (const auto& one : result.values)
    text::print(
        fmt::format("{}  {}, {}: {}", one.what.id, text::subject(one.what), one.what.path, sentence(one.came_to)));
  text::print(fmt::format(
      "{} of {} resolved; {} orders decoded again from their payloads, {} of them written, and {} details; {} calls",
      resolved, result.values.size(), result.orders.changed + result.orders.unchanged, result.orders.changed,
      result.details_changed, result.calls));
}

app::setup::exit_code retry(const shared::command_line& line, std::int64_t id, bool json) {
  const auto session = shared::open_session(line);
  if (!session) return app::setup::exit_code::usage;
  const auto result = commands::retry_quarantined(*session, id == 0 ? std::nullopt : std::optional{id});
  if (result.has_error()) return shared::fail(result.error());
  if (json)
    text::print_json(to_json(*result));
  else
    print_result(*result);
  auto code = app::setup::exit_code::done;
  for (const auto& failed : result->failed) code = app::setup::worse(code, shared::fail(failed));
  const bool left = std::ranges::any_of(result->values, [](const auto& one) {
    return one.came_to != app::tasks::retried::outcome::resolved && one.what.open();
  });
  return left || result->interrupted ? app::setup::worse(code, app::setup::exit_code::incomplete) : code;
}

void add_list(shared::command verb, shared::command_line& line) {
  auto made = verb.add_subcommand(
      "list", "list what is in quarantine by kind (path and reason), most values first; exit code 6 if any is open");
  auto given = std::make_shared<list_arguments>();
  auto open = made.add_flag("--open", given->open, "what is neither resolved nor accepted (default)");
  auto accepted = made.add_flag("--accepted", given->accepted,
                                "what was accepted, why, by whom and when; with --each also by number");
  auto all = made.add_flag("--all", given->all, "accepted and resolved values, too");
  accepted.excludes(open);
  all.excludes(open);
  all.excludes(accepted);
  made.add_flag("--each", given->each, "each value by itself, newest first, 1,000 at most");
  made.add_option("--account", given->account, "values of this account only").type_name("NAME");
  made.add_flag("--json", given->json, "print JSON");
  made.callback([&line, given] { line.chosen = [&line, given] { return list(line, *given); }; });
}

void add_show(shared::command verb, shared::command_line& line) {
  auto made = verb.add_subcommand("show", "show one value with its raw text (personal data)");
  auto id = std::make_shared<std::int64_t>(0);
  auto json = std::make_shared<bool>(false);
  made.add_id("id", *id, "its number").required();
  made.add_flag("--json", *json, "print JSON");
  made.callback([&line, id, json] { line.chosen = [&line, id, json] { return show(line, *id, *json); }; });
}

void add_retry(shared::command verb, shared::command_line& line) {
  auto made = verb.add_subcommand(
      "retry", "try again to store quarantined values, accepted ones too; exit code 6 if any remain open");
  auto id = std::make_shared<std::int64_t>(0);
  auto json = std::make_shared<bool>(false);
  made.add_id("id", *id, "number of the value; default: all unresolved ones");
  made.add_flag("--json", *json, "print JSON");
  made.footer(
      "A value is decoded again from its order's stored payload, without an API call. For a whole order, whose id "
      "could not\n"
      "be read, the range of creation times that contains it is read from the API again.");
  made.callback([&line, id, json] { line.chosen = [&line, id, json] { return retry(line, *id, *json); }; });
}

}  // namespace

void add_quarantine(shared::command app, shared::command_line& line) {
  auto verb =
      app.add_subcommand("quarantine", "list, show, accept or retry values and orders that could not be stored");
  verb.require_subcommand();
  add_list(verb, line);
  add_show(verb, line);
  add_quarantine_accept(verb, line);
  add_retry(verb, line);
}

}  // namespace ordersync::cli::verbs
