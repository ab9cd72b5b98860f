#include "sync/sweep/commit_queue.hpp"

#include <algorithm>
#include <utility>

namespace ordersync::sync::sweep {

std::optional<window_commit> commit_queue::next() {
  const auto ready = [this](const window_commit& c) { return !with_store_.contains(c.id); };
  const auto place = std::ranges::find_if(queued_, ready);
  if (place == queued_.end()) return std::nullopt;
  auto next = std::move(*place);
  queued_.erase(place);
  with_store_.insert(next.id);
  return next;
}

bool commit_queue::holds(window_id id) const {
  return with_store_.contains(id) || std::ranges::find(queued_, id, &window_commit::id) != queued_.end();
}

}  // namespace ordersync::sync::sweep
