// `order`: shows an order of the mirror by its number, and reads orders from the API now.

#include "app/commands/order.hpp"

#include "app/orders/number_search.hpp"
#include "app/orders/order_json.hpp"
#include "cli/text/order_text.hpp"
#include "cli/text/output.hpp"
#include "cli/verbs/verbs.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

namespace ordersync::cli::verbs {

namespace {

namespace json = boost::json;
namespace orders = app::orders;

struct show_arguments {
  std::string number;
  bool personal = false;
  bool json = false;
};

struct refresh_arguments {
  std::vector<std::string> numbers;
  bool json = false;
};

void print_all(const std::vector<std::string>& lines) {
  for (const auto& line : lines) text::print(line);
}

void print_found(const std::string& number, const commands::order_lookup& found) {
  if (found.absent) print_all(text::absence_lines(number, *found.absent));
  for (const auto& order : found.orders) {
    if (&order != &found.orders.front()) text::print("");
    print_all(text::order_lines(order));
  }
}

app::setup::exit_code show(const shared::command_line& line, const show_arguments& given) {
  const auto number = orders::trimmed_number(given.number);
  if (number.empty()) return shared::fail_usage("the number is empty: give an order's id, PandaPon's number or 1688's");
  const auto session = shared::open_look(line);
  if (!session) return app::setup::exit_code::usage;
  const auto found = commands::show_order(*session, number, given.personal);
  if (found.has_error()) return shared::fail(found.error());
  if (given.json)
    text::print_json(orders::lookup_json(number, found->orders, found->absent));
  else
    print_found(number, *found);
  return found->absent ? app::setup::exit_code::incomplete : app::setup::exit_code::done;
}

app::setup::exit_code refresh(const shared::command_line& line, const refresh_arguments& given) {
  std::vector<std::string> numbers;
  for (const auto& number : given.numbers) numbers.push_back(orders::trimmed_number(number));
  if (std::ranges::any_of(numbers, &std::string::empty))
    return shared::fail_usage("a number is empty: give an order's id, PandaPon's number or 1688's");
  const auto session = shared::open_session(line);
  if (!session) return app::setup::exit_code::usage;
  auto code = app::setup::exit_code::done;
  json::array list;
  const auto done = commands::refresh_orders(*session, numbers, [&](const std::vector<orders::refreshed>& results) {
    for (const auto& one : results) {
      if (given.json)
        list.push_back(orders::json_of(one));
      else
        print_all(text::refreshed_lines(one));
      const bool failed = one.detail && one.detail->outcome == "failed";
      if (failed || !orders::is_current(one.outcome)) code = app::setup::exit_code::incomplete;
    }
  });
  if (given.json) text::print_json(list);
  if (done.has_error()) return app::setup::worse(code, shared::fail(done.error()));
  if (!session->interrupted()) return code;
  text::say("ordersync: interrupted; the numbers that are not shown were not read");
  return app::setup::exit_code::incomplete;
}

void add_show(shared::command verb, shared::command_line& line) {
  auto made = verb.add_subcommand(
      "show", "show an order, its history and when it was read last; exit code 6 if it is not in the mirror");
  auto given = std::make_shared<show_arguments>();
  made.add_option("number", given->number, "the order's id, PandaPon's number or 1688's")
      .required()
      .type_name("NUMBER");
  made.add_flag("--personal", given->personal, "receiver and warehouse address, too (personal data)");
  made.add_flag("--json", given->json, "print JSON");
  made.footer(
      "Reads the database only, with or without a daemon. A number that several orders have shows all of them. For an "
      "order\n"
      "that is not in the mirror it says why that may be: a gap, an age that is not proven yet, a time before "
      "sync.start.");
  made.callback([&line, given] { line.chosen = [&line, given] { return show(line, *given); }; });
}

void add_refresh(shared::command verb, shared::command_line& line) {
  auto made = verb.add_subcommand(
      "refresh", "read orders from the API now and show what changed; exit code 6 if it did not return one of them");
  auto given = std::make_shared<refresh_arguments>();
  made.add_options("number", given->numbers, "ids of orders, PandaPon's numbers or 1688's")
      .required()
      .type_name("NUMBER");
  made.add_flag("--json", given->json, "print JSON");
  made.footer(
      "With details.enabled its detail is read and stored, too, and the refunds that the detail names.\n"
      "An order of the mirror takes one API call. A number that the mirror does not know is searched as a 1688 number, "
      "the\n"
      "newest creation times first, back to sync.start or for 60 calls. What the API returns is stored; an order that "
      "it\n"
      "does not return stays as it is.");
  made.callback([&line, given] { line.chosen = [&line, given] { return refresh(line, *given); }; });
}

}  // namespace

void add_order(shared::command app, shared::command_line& line) {
  auto verb = app.add_subcommand("order", "show an order by its number, or read it from the API now");
  verb.require_subcommand();
  add_show(verb, line);
  add_refresh(verb, line);
}

}  // namespace ordersync::cli::verbs
