#include "app/freshness/check_performing.hpp"

#include <algorithm>
#include <unordered_map>
#include <utility>
#include <variant>

namespace ordersync::app::freshness {

check_performing::answer<void> check_performing::perform(sync::recheck::count_check& check) {
  while (!stopping_) {
    const auto next = check.next();
    if (std::holds_alternative<sync::recheck::finished>(next)) co_return core::result<void>{};
    const auto done = co_await std::visit([&](const auto& of) { return step(check, of); }, next);
    if (done.has_error()) co_return done;
  }
  co_return core::make_error(core::failure::unreachable, "the check was stopped");
}

check_performing::answer<void> check_performing::step(sync::recheck::count_check& check,
                                                      const sync::recheck::count_mirror& of) {
  const auto counts = co_await around_.database.recheck().count(account_, of.window, of.statuses);
  if (counts.has_error()) co_return counts.error();
  check.mirror_counted(*counts);
  co_return core::result<void>{};
}

check_performing::answer<void> check_performing::step(sync::recheck::count_check& check,
                                                      const sync::recheck::count_api& of) {
  const auto total = co_await around_.ask.count(of.window, of.status);
  if (total.has_error()) co_return total.error();
  check.api_counted(*total);
  co_return core::result<void>{};
}

check_performing::answer<void> check_performing::step(sync::recheck::count_check& check,
                                                      const sync::recheck::find_cut& of) {
  const auto at = co_await around_.database.recheck().middle(account_, of.window, of.statuses);
  if (at.has_error()) co_return at.error();
  check.cut_found(*at);
  co_return core::result<void>{};
}

check_performing::answer<void> check_performing::step(sync::recheck::count_check& check,
                                                      const sync::recheck::read_page& of) {
  auto page = co_await around_.ask.read(of.window, of.status, of.page, of.page_size);
  if (page.has_error()) co_return page.error();
  check.page_read(std::move(*page));
  co_return core::result<void>{};
}

check_performing::answer<void> check_performing::step(sync::recheck::count_check& check,
                                                      const sync::recheck::read_mirror& of) {
  auto orders = co_await around_.database.recheck().open_orders(account_, of.window, of.statuses);
  if (orders.has_error()) co_return orders.error();
  check.mirror_read(std::move(*orders));
  co_return core::result<void>{};
}

check_performing::answer<void> check_performing::step(sync::recheck::count_check& check,
                                                      const sync::recheck::look_up& of) {
  auto found = co_await around_.ask.look_up(of.order);
  if (found.has_error()) co_return found.error();
  check.looked_up(std::move(*found));
  co_return core::result<void>{};
}

// Those that differ from what the mirror holds: the others need no transaction.
check_performing::answer<std::vector<core::order>> check_performing::differing(std::vector<core::order> orders) {
  std::vector<std::int64_t> ids;
  for (const auto& order : orders) ids.push_back(order.id);
  const auto held = co_await around_.database.maintenance().held(std::move(ids));
  if (held.has_error()) co_return held.error();
  std::unordered_map<std::int64_t, core::sha256> hashes;
  for (const auto& order : *held) hashes.emplace(order.id, order.content_hash);
  std::erase_if(orders, [&](const core::order& order) {
    const auto at = hashes.find(order.id);
    return at != hashes.end() && at->second == order.content_hash;
  });
  co_return orders;
}

// Proves nothing: a list of one status is not the window.
check_performing::answer<void> check_performing::step(sync::recheck::count_check& check,
                                                      const sync::recheck::store_orders& of) {
  auto all = of.orders;
  auto orders = co_await differing(std::move(all));
  if (orders.has_error()) co_return orders.error();
  if (orders->empty()) {
    check.stored(0, 0);
    co_return core::result<void>{};
  }
  sync::window_batch batch;
  batch.account = account_;
  batch.kind = sync::sweep_kind::revisit;
  batch.window = of.window;
  batch.outcome = sync::sweep_outcome::partial;
  batch.reason = "read because counts by status differed";
  batch.seen = static_cast<std::int64_t>(orders->size());
  batch.attempts = batch.pages = 1;
  batch.apart = true;
  batch.started_at = std::ranges::min_element(*orders, {}, &core::order::observed_at)->observed_at;
  batch.finished_at = around_.observed_now();
  batch.orders = std::move(*orders);
  const auto stored = co_await around_.database.commit(std::move(batch));
  if (stored.has_error()) co_return stored.error();
  check.stored(stored->created + stored->changed, stored->outdated);
  co_return core::result<void>{};
}

check_performing::answer<void> check_performing::step(sync::recheck::count_check&, const sync::recheck::finished&) {
  co_return core::result<void>{};
}

}  // namespace ordersync::app::freshness
