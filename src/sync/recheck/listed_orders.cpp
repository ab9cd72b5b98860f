#include "sync/recheck/listed_orders.hpp"

#include <algorithm>
#include <utility>

namespace ordersync::sync::recheck {

void listed_orders::add(std::optional<int> status, core::order order) {
  if (status) lists_[*status].insert(order.id);
  if (status && order.order_status && *order.order_status != *status) misplaced_.insert(order.id);
  seen_[order.id] = order.order_status;
  auto& kept = untaken_[order.id];
  if (kept.id == 0 || kept.observed_at <= order.observed_at) kept = std::move(order);
}

void listed_orders::end_list(int status, std::int64_t total) {
  if (static_cast<std::int64_t>(lists_[status].size()) != total) drifted_ = true;
}

std::vector<int> listed_orders::statuses() const {
  std::vector<int> all;
  for (const auto& list : lists_) all.push_back(list.first);
  return all;
}

void listed_orders::compare(std::vector<mirror_order> held) {
  gone_.assign(std::make_move_iterator(held.begin()), std::make_move_iterator(held.end()));
  forget_found();
}

void listed_orders::forget_found() {
  std::erase_if(gone_, [&](const mirror_order& of) {
    const auto at = seen_.find(of.id);
    if (at == seen_.end()) return false;
    if (at->second == of.status && !lists_[of.status].contains(of.id)) unlisted_.insert(of.id);
    return true;
  });
}

bool listed_orders::some_without_number() const noexcept {
  return std::ranges::any_of(gone_, [](const mirror_order& of) { return of.tb_order_id.empty(); });
}

std::optional<mirror_order> listed_orders::next_gone() {
  while (!gone_.empty()) {
    auto of = std::move(gone_.front());
    gone_.pop_front();
    if (!of.tb_order_id.empty()) return of;
  }
  return std::nullopt;
}

void listed_orders::looked_up(const mirror_order& of, looked_up_order found) {
  if (found.absent) absent_.insert(of.id);
  if (!found.order || found.order->id != of.id) return;
  if (found.order->order_status == of.status) unlisted_.insert(of.id);
  add(std::nullopt, std::move(*found.order));
}

std::vector<core::order> listed_orders::take() {
  std::vector<core::order> orders;
  for (auto& [id, order] : untaken_) orders.push_back(std::move(order));
  untaken_.clear();
  return orders;
}

listed_orders::explanation listed_orders::explain(const std::vector<mirror_order>& held, const core::window& window,
                                                  std::chrono::seconds edge) const {
  explanation found{.complete = !drifted_, .offset = {}};
  for (const auto& list : lists_) found.offset[list.first] = static_cast<std::int64_t>(list.second.size());
  for (const auto& order : held) {
    const auto list = lists_.find(order.status);
    if (list == lists_.end() || !window.contains(order.created_at)) continue;
    --found.offset[order.status];
    if (list->second.contains(order.id)) continue;
    const bool near_an_end = order.created_at < window.begin + edge || order.created_at >= window.end - edge;
    if (!unlisted_.contains(order.id) && !absent_.contains(order.id)) found.complete = false;
    if (unlisted_.contains(order.id) && !near_an_end) found.unlisted.insert(order.id);
  }
  return found;
}

}  // namespace ordersync::sync::recheck
