#include "sync/sweep/commit_queue.hpp"

#include <algorithm>
#include <utility>

namespace ordersync::sync::sweep {

void commit_queue::push(window_commit next) {
  had_orders_ = had_orders_ || !next.batch.orders.empty();
  queued_.push_back(std::move(next));
}

std::optional<window_commit> commit_queue::next() {
  const auto ready = [this](const window_commit& c) { return !with_store_.contains(c.id); };
  const auto place = std::ranges::find_if(queued_, ready);
  if (place == queued_.end()) return std::nullopt;
  auto next = std::move(*place);
  queued_.erase(place);
  with_store_.emplace(next.id, next.batch.orders.size());
  return next;
}

std::size_t commit_queue::orders() const noexcept {
  std::size_t count = 0;
  for (const auto& commit : queued_) count += commit.batch.orders.size();
  for (const auto& [id, orders] : with_store_) count += orders;
  return count;
}

bool commit_queue::holds(window_id id) const {
  return with_store_.contains(id) || std::ranges::find(queued_, id, &window_commit::id) != queued_.end();
}

}  // namespace ordersync::sync::sweep
