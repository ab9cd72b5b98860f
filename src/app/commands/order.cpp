#include "app/commands/order.hpp"

#include "app/commands/coverage.hpp"

#include <algorithm>
#include <utility>

namespace ordersync::app::commands {
namespace {

core::result<std::int64_t> count_unreadable(session& in) {
  const auto values = in.run_on_schema(
      in.database().maintenance().quarantine({store::maintenance::quarantine_part::unresolved}, 1'000));
  if (values.has_error()) return values.error();
  return std::ranges::count_if(*values, [](const auto& value) { return !value.order_id; });
}

}  // namespace

core::result<order_lookup> show_order(session& in, std::string number, bool personal) {
  auto found = in.run_on_schema(in.database().find_orders(std::move(number), personal));
  if (found.has_error()) return found.error();
  order_lookup result{std::move(*found), std::nullopt};
  if (!result.orders.empty()) return result;
  auto coverage = read_coverage(in, std::nullopt, std::nullopt, std::nullopt);
  if (coverage.has_error()) return coverage.error();
  const auto unreadable = count_unreadable(in);
  if (unreadable.has_error()) return unreadable.error();
  result.absent = orders::why_absent(in.configuration().settings, std::move(coverage->accounts), *unreadable);
  return result;
}

core::result<void> refresh_orders(session& in, std::vector<std::string> numbers,
                                  const orders::refresh_listener& listener) {
  orders::refreshing task(in.task_dependencies());
  return in.run(task.perform(std::move(numbers), listener), [&] { task.stop(); });
}

}  // namespace ordersync::app::commands
