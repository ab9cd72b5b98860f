// `quarantine`: lists values and orders that could not be stored, and tries again to store them.

#include "app/commands/quarantine.hpp"

#include "app/status/status_json.hpp"
#include "cli/text/output.hpp"
#include "cli/verbs/verbs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <optional>

namespace ordersync::cli::verbs {

namespace {

std::string subject(const store::maintenance::quarantined& q) {
  return q.order_id ? fmt::format("order {}", *q.order_id) : std::string{"a whole order"};
}

// Without the text itself, which is personal data: `show` prints it.
boost::json::object to_json(const store::maintenance::quarantined& q) {
  boost::json::object object{{"id", q.id},
                             {"account", q.account},
                             {"order_id", nullptr},
                             {"path", q.path},
                             {"reason", q.reason},
                             {"bytes", q.bytes},
                             {"erased", q.erased},
                             {"first_seen_at", core::to_text(q.first_seen_at)},
                             {"last_seen_at", core::to_text(q.last_seen_at)},
                             {"resolved_at", nullptr}};
  if (q.order_id) object["order_id"] = *q.order_id;
  if (q.resolved_at) object["resolved_at"] = core::to_text(*q.resolved_at);
  boost::json::array ranges;
  for (const auto& range : q.ranges) ranges.push_back(app::status::json_of(range));
  object["ranges"] = std::move(ranges);
  return object;
}

std::string day_of(const commands::session& session, core::instant t) {
  return session.local_text(std::chrono::floor<std::chrono::seconds>(t));
}

bool any_open(const std::vector<store::maintenance::quarantined>& values) {
  return std::ranges::any_of(values, [](const auto& q) { return !q.resolved_at; });
}

app::setup::exit_code list(const shared::command_line& line, bool all, bool json) {
  const auto session = shared::open_look(line);
  if (!session) return app::setup::exit_code::usage;
  const auto values = commands::list_quarantine(*session, !all);
  if (values.has_error()) return shared::fail(values.error());
  boost::json::array array;
  for (const auto& q : *values) {
    if (json)
      array.push_back(to_json(q));
    else
      text::print(fmt::format("{}  {}  {}  {}  {}: {}{}", q.id, day_of(*session, q.last_seen_at), q.account, subject(q),
                              q.path, q.reason, q.resolved_at ? "; resolved " + day_of(*session, *q.resolved_at) : ""));
  }
  if (json)
    text::print_json(array);
  else if (values->empty())
    text::print(all ? "nothing was ever quarantined" : "quarantine is empty");
  return any_open(*values) ? app::setup::exit_code::incomplete : app::setup::exit_code::done;
}

app::setup::exit_code show(const shared::command_line& line, std::int64_t id, bool json) {
  const auto session = shared::open_look(line);
  if (!session) return app::setup::exit_code::usage;
  const auto q = commands::find_quarantined(*session, id);
  if (q.has_error()) return shared::fail(q.error());
  if (json) {
    auto object = to_json(*q);
    object["raw"] = q->erased ? boost::json::value(nullptr) : boost::json::value(q->raw);
    text::print_json(object);
    return app::setup::exit_code::done;
  }
  text::print(fmt::format("number      {}", q->id));
  text::print(fmt::format("account     {}", q->account));
  text::print(fmt::format("what        {}, {}", subject(*q), q->path));
  text::print(fmt::format("why         {}", q->reason));
  for (const auto& range : q->ranges)
    text::print(fmt::format("created     {} to {}", session->local_text(range.begin), session->local_text(range.end)));
  text::print(fmt::format("first seen  {}", day_of(*session, q->first_seen_at)));
  text::print(fmt::format("last seen   {}", day_of(*session, q->last_seen_at)));
  text::print(fmt::format("resolved    {}", q->resolved_at ? day_of(*session, *q->resolved_at) : std::string{"no"}));
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
    auto object = to_json(one.what);
    object["outcome"] = word(one.came_to);
    values.push_back(std::move(object));
  }
  return {{"values", std::move(values)},
          {"orders_changed", result.orders.changed},
          {"orders_unchanged", result.orders.unchanged},
          {"calls", result.calls}};
}

void print_result(const app::tasks::retry_result& result) {
  const auto resolved =
      std::ranges::count(result.values, app::tasks::retried::outcome::resolved, &app::tasks::retried::came_to);
  for (const auto& one : result.values)
    text::print(fmt::format("{}  {}, {}: {}", one.what.id, subject(one.what), one.what.path, sentence(one.came_to)));
  text::print(fmt::format(
      "{} of {} resolved; {} orders decoded again from their payloads, {} of them written; {} calls", resolved,
      result.values.size(), result.orders.changed + result.orders.unchanged, result.orders.changed, result.calls));
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
  const bool left = std::ranges::any_of(
      result->values, [](const auto& one) { return one.came_to != app::tasks::retried::outcome::resolved; });
  return left || result->interrupted ? app::setup::worse(code, app::setup::exit_code::incomplete) : code;
}

void add_list(shared::command verb, shared::command_line& line) {
  auto made = verb.add_subcommand("list", "list quarantined values, newest first; exit code 6 if any are open");
  auto all = std::make_shared<bool>(false);
  auto open = std::make_shared<bool>(false);
  auto json = std::make_shared<bool>(false);
  auto only_open = made.add_flag("--open", *open, "only unresolved ones (default)");
  made.add_flag("--all", *all, "resolved ones, too").excludes(only_open);
  made.add_flag("--json", *json, "print JSON");
  made.callback([&line, all, open, json] { line.chosen = [&line, all, json] { return list(line, *all, *json); }; });
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
  auto made = verb.add_subcommand("retry", "try again to store quarantined values; exit code 6 if any remain open");
  auto id = std::make_shared<std::int64_t>(0);
  auto json = std::make_shared<bool>(false);
  made.add_id("id", *id, "number of the value; default: all open ones");
  made.add_flag("--json", *json, "print JSON");
  made.footer(
      "A value is decoded again from its order's stored payload, without an API call. For a whole order, whose id "
      "could not\n"
      "be read, the range of creation times that contains it is read from the API again.");
  made.callback([&line, id, json] { line.chosen = [&line, id, json] { return retry(line, *id, *json); }; });
}

}  // namespace

void add_quarantine(shared::command app, shared::command_line& line) {
  auto verb = app.add_subcommand("quarantine", "list, show or retry values and orders that could not be stored");
  verb.require_subcommand();
  add_list(verb, line);
  add_show(verb, line);
  add_retry(verb, line);
}

}  // namespace ordersync::cli::verbs
