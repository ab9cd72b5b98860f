#include "app/tasks/order_comparison.hpp"

#include <optional>

namespace ordersync::app::tasks {
namespace {

using kind = order_difference::kind;

bool in(const core::window& window, const std::optional<core::instant>& time) {
  return time && window.contains(*time);
}

// By at least one of its times, so that it is somebody's to find.
bool belongs(const core::window& window, const store::maintenance::held_order& order) {
  return in(window, order.created_at) || in(window, order.tb_created_at) || (!order.created_at && !order.tb_created_at);
}

// By every time it has, so that the API must show it.
bool surely_in(const core::window& window, const store::maintenance::held_order& order) {
  if (!order.created_at && !order.tb_created_at) return false;
  return (!order.created_at || in(window, order.created_at)) &&
         (!order.tb_created_at || in(window, order.tb_created_at));
}

std::optional<order_difference> compare(const store::maintenance::held_order& api,
                                        const store::maintenance::held_order* mirror, const std::string& account) {
  if (mirror == nullptr) return order_difference{kind::missing, api.id, api.status, std::nullopt};
  // Another account may be shown the order otherwise, and is the one that writes it.
  if (mirror->account != account || mirror->content_hash == api.content_hash) return std::nullopt;
  return order_difference{mirror->status == api.status ? kind::content : kind::status, api.id, api.status,
                          mirror->status};
}

}  // namespace

const char* name(order_difference::kind kind) noexcept {
  switch (kind) {
    case kind::missing:
      return "missing";
    case kind::not_shown:
      return "not_shown";
    case kind::status:
      return "status";
    case kind::content:
      return "content";
    case kind::unusable:
      return "unusable";
    case kind::miscounted:
      return "miscounted";
  }
  return "missing";
}

void shown_orders::add(const std::vector<core::order>& orders) {
  for (const auto& order : orders) {
    orders_[order.id] = {.id = order.id,
                         .account = {},
                         .status = order.order_status,
                         .content_hash = order.content_hash,
                         .created_at = order.created_at,
                         .tb_created_at = order.tb_created_at};
  }
}

std::vector<std::int64_t> shown_orders::ids() const {
  std::vector<std::int64_t> ids;
  for (const auto& [id, order] : orders_) ids.push_back(id);
  return ids;
}

std::vector<order_difference> shown_orders::differences(
    const std::string& account, const core::window& window, const std::vector<store::maintenance::held_order>& held,
    const std::vector<store::maintenance::held_order>& in_window) const {
  std::map<std::int64_t, const store::maintenance::held_order*> by_id;
  for (const auto& order : held) by_id[order.id] = &order;
  std::vector<order_difference> found;
  for (const auto& [id, order] : orders_) {
    if (!belongs(window, order)) continue;
    const auto at = by_id.find(id);
    if (auto difference = compare(order, at == by_id.end() ? nullptr : at->second, account)) {
      found.push_back(*difference);
    }
  }
  for (const auto& order : in_window) {
    if (order.account == account && surely_in(window, order) && !orders_.contains(order.id)) {
      found.push_back({kind::not_shown, order.id, std::nullopt, order.status});
    }
  }
  return found;
}

}  // namespace ordersync::app::tasks
