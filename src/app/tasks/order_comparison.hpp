#pragma once
// The orders that the API shows in a window against those that the mirror holds. Pure.

#include "app/tasks/maintenance_views.hpp"
#include "core/order.hpp"
#include "store/maintenance/maintenance.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace ordersync::app::tasks {

// Orders that the API showed, by id; what is needed of each.
class shown_orders {
 public:
  void add(const std::vector<core::order>& orders);
  std::vector<std::int64_t> ids() const;
  std::int64_t size() const noexcept { return static_cast<std::int64_t>(orders_.size()); }

  // `held`: the mirror's rows of these ids; `in_window`: its rows of the window. Orders around the window are left out.
  std::vector<order_difference> differences(const std::string& account, const core::window& window,
                                            const std::vector<store::maintenance::held_order>& held,
                                            const std::vector<store::maintenance::held_order>& in_window) const;

 private:
  std::map<std::int64_t, store::maintenance::held_order> orders_;
};

}  // namespace ordersync::app::tasks
