#include "sync/status_trial.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ordersync::sync {

namespace {

std::optional<witness> first_witness(const page& reply) {
  for (const auto& order : reply.orders) {
    const auto created = order.created_at ? order.created_at : order.tb_created_at;
    if (!created) continue;
    auto w = make_witness(order.id, order.tb_order_id.value_or(""), *created, order.tb_created_at, order.order_status);
    if (w) return w;
  }
  return std::nullopt;
}

struct status_list {
  int status = 0;
  std::optional<witness> order;
  bool obeyed = true;  // no order of another status is shown
};

// An order that its status shows and no list without one does.
questions::answer<bool> left_out(questions& ask, status_list of) {
  for (int tries = 0; tries < 2; ++tries) {
    const auto plain = co_await ask.read(of.order->created);
    if (plain.has_error()) co_return plain.error();
    if (std::ranges::find(plain->orders, of.order->id, &core::order::id) != plain->orders.end()) co_return false;
    const auto named = co_await ask.read(of.order->created, 1, of.status);
    if (named.has_error()) co_return named.error();
    if (std::ranges::find(named->orders, of.order->id, &core::order::id) == named->orders.end()) co_return false;
  }
  co_return true;
}

}  // namespace

questions::answer<status_finding> try_statuses(questions& ask, core::window range, bool to_now) {
  status_finding finding;
  std::vector<status_list> lists;
  const auto plain = co_await ask.count(range);
  if (plain.has_error()) co_return plain.error();
  finding.counted = *plain;
  const auto statuses = ask.known().known_statuses();
  for (const int status : statuses) {
    const auto reply = co_await ask.read(range, 1, status);
    if (reply.has_error()) co_return reply.error();
    finding.by_status += reply->total;
    if (reply->rows() == 0) continue;
    const bool obeyed =
        std::ranges::all_of(reply->orders, [&](const auto& o) { return o.order_status.value_or(status) == status; });
    lists.push_back({status, first_witness(*reply), obeyed});
  }
  if (finding.by_status > finding.counted) {
    for (const auto& list : lists) {
      if (!list.order || !list.obeyed) continue;
      const auto hidden = co_await left_out(ask, list);
      if (hidden.has_error()) co_return hidden.error();
      if (!*hidden) continue;
      finding.leaves_out = true;
      finding.found_by = fmt::format(
          "an order of status {} is shown only where its status is named; {} orders are counted without a status and "
          "{} "
          "over all statuses",
          list.status, finding.counted, finding.by_status);
      break;
    }
  }
  if (!finding.leaves_out) ask.known().statuses_tried(range, to_now, ask.now());
  co_return finding;
}

}  // namespace ordersync::sync
