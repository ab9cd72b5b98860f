#include "app/tasks/looked_up.hpp"

#include <utility>

namespace ordersync::app::tasks {

using namespace std::chrono_literals;

core::instant created_at_of(const core::order& order) noexcept {
  return order.created_at ? *order.created_at : order.tb_created_at.value_or(core::instant{});
}

sync::window_batch looked_up(std::string account, core::order order, std::string reason) {
  const auto second = std::chrono::floor<std::chrono::seconds>(created_at_of(order));
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
