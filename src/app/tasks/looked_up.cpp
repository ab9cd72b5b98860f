#include "app/tasks/looked_up.hpp"

#include <algorithm>
#include <utility>

namespace ordersync::app::tasks {

using std::chrono::seconds;
using namespace std::chrono_literals;

core::instant created_at_of(const core::order& order) noexcept {
  return order.created_at ? *order.created_at : order.tb_created_at.value_or(core::instant{});
}

core::window look_up_range(core::instant created, core::second now, const sync::evidence::known_limits& limits) {
  auto range = sync::range_around(created);
  const auto second = std::chrono::floor<seconds>(created);
  if (limits.longest_range && *limits.longest_range < range.length()) {
    const auto half = std::max(*limits.longest_range / 2, seconds{1});
    range = {second - half, second + half};
  }
  // An order too young for the API's limit is asked for all the same.
  if (limits.nearest_end) range.end = std::max(std::min(range.end, now - *limits.nearest_end), second + 1s);
  return range;
}

sync::window_batch looked_up(std::string account, core::order order, std::string reason) {
  const auto second = std::chrono::floor<seconds>(created_at_of(order));
  sync::window_batch batch;
  batch.account = std::move(account);
  batch.kind = sync::sweep_kind::revisit;
  batch.window = {second, second + 1s};
  batch.outcome = sync::sweep_outcome::partial;
  batch.reason = std::move(reason);
  batch.seen = 1;
  batch.pages = batch.attempts = 1;
  batch.started_at = batch.finished_at = order.observed_at;
  batch.apart = true;
  batch.orders.push_back(std::move(order));
  return batch;
}

}  // namespace ordersync::app::tasks
