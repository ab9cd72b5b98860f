#include "sync/recheck/shop.hpp"

#include <algorithm>

namespace ordersync::sync::recheck {

namespace {

template <class... Each>
struct overloaded : Each... {
  using Each::operator()...;
};
template <class... Each>
overloaded(Each...) -> overloaded<Each...>;

status_counts count(const std::vector<shop::entry>& orders, const count_mirror& of) {
  status_counts counts;
  for (const auto& order : orders)
    if (of.window.contains(order.created_at) && std::ranges::count(of.statuses, order.status)) ++counts[order.status];
  return counts;
}

}  // namespace

void shop::fill(core::window created, std::int64_t orders, std::int64_t open) {
  const std::chrono::milliseconds length = created.length();
  for (std::int64_t i = 0; i < orders; ++i) {
    const bool is_open = i * open / orders != (i + 1) * open / orders;
    const int status = static_cast<int>(is_open ? 1 + random_() % 4 : 5 + random_() % 3);
    const auto id = static_cast<std::int64_t>(api_.size()) + 1;
    api_.push_back({id, status, core::instant{created.begin} + length * i / orders});
    if (is_open) open_.push_back(id);
  }
  mirror_ = api_;
}

void shop::move(std::int64_t id, int to) {
  at(id).status = to;
}

std::int64_t shop::move_one() {
  while (!open_.empty()) {
    const auto place = random_() % open_.size();
    const auto id = open_[place];
    auto& order = at(id);
    if (order.status >= 5) {
      open_[place] = open_.back();
      open_.pop_back();
      continue;
    }
    ++order.status;
    return id;
  }
  return 0;
}

std::vector<const shop::entry*> shop::listed(const core::window& w, std::optional<int> status) const {
  std::vector<const entry*> list;
  const core::window asked{w.begin + edge_shift, w.end + edge_shift};
  for (const auto& order : api_) {
    if (!asked.contains(order.created_at) || (status && (order.status != *status || missed.contains(order.id))))
      continue;
    list.push_back(&order);
  }
  return list;
}

core::order shop::wire(const entry& of) {
  core::order order;
  order.id = of.id;
  order.tb_order_id = std::to_string(of.id);
  order.order_status = of.status;
  order.created_at = of.created_at;
  return order;
}

page shop::read(const read_page& of) {
  page reply;
  deepest_asked = std::max<std::int64_t>(deepest_asked, std::int64_t{of.page} * of.page_size);
  const auto list = listed(of.window, of.status);
  reply.total = static_cast<std::int64_t>(list.size());
  const auto first = static_cast<std::size_t>((of.page - 1) * of.page_size);
  for (auto i = first; i < std::min(list.size(), first + static_cast<std::size_t>(of.page_size)); ++i)
    reply.orders.push_back(wire(*list[i]));
  return reply;
}

std::int64_t shop::store(const store_orders& batch) {
  std::int64_t changed = 0;
  largest_batch = std::max(largest_batch, batch.orders.size());
  for (const auto& order : batch.orders) {
    auto& held = mirror_.at(static_cast<std::size_t>(order.id) - 1);
    if (held.status == order.order_status) continue;
    held.status = static_cast<int>(*order.order_status);
    ++changed;
    on_stored(order.id);
  }
  return changed;
}

check_result shop::perform(count_check& check) {
  const auto ask = [&] {
    before_request();
    ++requests_;
  };
  for (bool over = false; !over;) {
    const auto next = check.next();
    std::visit(overloaded{[&](const count_mirror& of) { check.mirror_counted(count(mirror_, of)); },
                          [&](const count_api& of) {
                            ask();
                            check.api_counted(static_cast<std::int64_t>(listed(of.window, of.status).size()));
                          },
                          [&](const find_cut& of) {
                            before_cut();
                            check.cut_found(of.window.begin + of.window.length() / 2);
                          },
                          [&](const read_page& of) {
                            ask();
                            check.page_read(read(of));
                          },
                          [&](const read_mirror& of) {
                            std::vector<mirror_order> orders;
                            for (const auto& order : mirror_)
                              if (of.window.contains(order.created_at) && std::ranges::count(of.statuses, order.status))
                                orders.push_back({order.id, order.status,
                                                  numberless.contains(order.id) ? "" : std::to_string(order.id),
                                                  order.created_at});
                            check.mirror_read(std::move(orders));
                          },
                          [&](const look_up& of) {
                            ask();
                            check.looked_up(lost.contains(of.order.id) ? looked_up_order{}
                                                                       : looked_up_order{wire(at(of.order.id))});
                          },
                          [&](const store_orders& of) { overtaken ? check.stored(0, 1) : check.stored(store(of), 0); },
                          [&](const finished&) { over = true; }},
               next);
  }
  return check.result();
}

std::set<std::int64_t> shop::stale() const {
  std::set<std::int64_t> ids;
  for (std::size_t i = 0; i < api_.size(); ++i)
    if (mirror_[i].status != api_[i].status) ids.insert(api_[i].id);
  return ids;
}

}  // namespace ordersync::sync::recheck
