#include "store/orders/entered_states.hpp"

#include "store/values/literals.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

namespace ordersync::store::orders {
namespace {

// The API's numbers of them.
constexpr std::int64_t unpaid = 1;
constexpr std::int64_t paid = 2;
constexpr std::int64_t shipped = 3;
constexpr std::int64_t received = 4;
constexpr std::int64_t finished = 5;
constexpr std::int64_t cancelled = 6;
constexpr std::int64_t terminated = 7;
constexpr std::int64_t money_returned = 4;  // of payments

bool in_any(core::integer status, std::int64_t first, std::int64_t last) {
  return status && *status >= first && *status <= last;
}

// The status is this one, and was not.
bool becomes(std::int64_t status, const order_state& now, const order_state* was) {
  return now.order_status == status && (was == nullptr || was->order_status != status);
}

// Of an order that was not looked at between, the status may be a later one.
bool is_paid(const order_state& now, const order_state* was) {
  if (becomes(paid, now, was)) return true;
  return in_any(now.order_status, paid, finished) && (was == nullptr || !in_any(was->order_status, paid, finished));
}

bool refund_moves(const order_state& now, const order_state* was) {
  const bool returned = now.pay_status == money_returned;
  if (was == nullptr) return returned || now.refund_amount_fen.value_or(0) > 0;
  return now.refund_status != was->refund_status || now.refund_amount_fen != was->refund_amount_fen ||
         returned != (was->pay_status == money_returned);
}

bool too_old(const core::order& order, std::chrono::seconds limit) {
  const auto created = order.created_at ? order.created_at : order.tb_created_at;
  return created && *created < order.observed_at - limit;
}

struct queued_orders {
  std::vector<std::int64_t> ids;
  std::vector<std::string> accounts;
};

void add_entering(const std::vector<const core::order*>& orders, const orders_to_write& written,
                  const std::string& account, const order_states& was, const pg::detail_rules& rules,
                  queued_orders& queued) {
  for (const auto* order : orders) {
    const auto before = was.find(order->id);
    if (!enters(*order, before == was.end() ? nullptr : &before->second, rules)) continue;
    const auto owner = written.owners.find(order->id);
    queued.ids.push_back(order->id);
    queued.accounts.push_back(owner == written.owners.end() ? account : owner->second);
  }
}

std::vector<std::int64_t> ids_of(const std::vector<const core::order*>& orders) {
  std::vector<std::int64_t> ids;
  ids.reserve(orders.size());
  for (const auto* order : orders) ids.push_back(order->id);
  return ids;
}

// Those that changed and belong to the account now.
void follow_owners(pg::connection& db, const orders_to_write& written, const std::string& account) {
  auto ids = ids_of(written.changed);
  std::erase_if(ids, [&](auto id) { return written.owners.contains(id); });
  if (ids.empty()) return;
  db.exec("move queued details",
          "UPDATE ordersync.detail_queue SET account = $2 WHERE order_id = ANY ($1::bigint[]) AND account <> $2",
          {values::array_literal(ids), account});
}

// Nobody can ask for their details. Whoever gets a number again is queued as if it were new.
void drop_unnumbered(pg::connection& db, const std::vector<const core::order*>& orders) {
  std::vector<std::int64_t> ids;
  for (const auto* order : orders)
    if (!is_number(order->tb_order_id)) ids.push_back(order->id);
  if (ids.empty()) return;
  db.exec("drop queued details", "DELETE FROM ordersync.detail_queue WHERE order_id = ANY ($1::bigint[])",
          {values::array_literal(ids)});
}

}  // namespace

order_state state_of(const core::order& order) {
  return {order.order_status, order.pay_status, order.refund_status, order.refund_amount_fen,
          is_number(order.tb_order_id)};
}

bool is_number(const core::text& tb_order_id) noexcept {
  return tb_order_id && !tb_order_id->empty() &&
         std::ranges::all_of(*tb_order_id, [](char c) { return c >= '0' && c <= '9'; });
}

std::string sql_is_number(std::string_view column) {
  return fmt::format("{} ~ '^[0-9]+$'", column);
}

bool enters(const core::order& order, const order_state* was, const pg::detail_rules& rules) {
  if (!is_number(order.tb_order_id) || too_old(order, rules.younger_than)) return false;
  if (was != nullptr && !was->numbered) was = nullptr;
  const auto now = state_of(order);
  return (rules.unpaid && becomes(unpaid, now, was)) || (rules.paid && is_paid(now, was)) ||
         (rules.shipped && becomes(shipped, now, was)) || (rules.received && becomes(received, now, was)) ||
         (rules.finished && becomes(finished, now, was)) ||
         (rules.closed && (becomes(cancelled, now, was) || becomes(terminated, now, was))) ||
         (rules.refund && refund_moves(now, was));
}

order_states read_states(pg::connection& db, const std::vector<const core::order*>& orders) {
  order_states states;
  if (orders.empty()) return states;
  const auto r =
      db.exec("read states of orders",
              "SELECT id, order_status, pay_status, refund_status, refund_amount_fen, coalesce(" +
                  sql_is_number("tb_order_id") + ", false) FROM ordersync.orders WHERE id = ANY ($1::bigint[])",
              {values::array_literal(ids_of(orders))});
  const auto number = [&r](int row, int column) {
    return r.is_null(row, column) ? core::integer{} : core::integer{r.integer(row, column)};
  };
  for (int row = 0; row < r.size(); ++row)
    states.emplace(r.integer(row, 0),
                   order_state{number(row, 1), number(row, 2), number(row, 3), number(row, 4), r.flag(row, 5)});
  return states;
}

void queue_details(pg::connection& db, const orders_to_write& written, const std::string& account,
                   const order_states& was, const pg::detail_rules& rules, core::instant read_at) {
  follow_owners(db, written, account);
  drop_unnumbered(db, written.changed);
  queued_orders queued;
  add_entering(written.created, written, account, was, rules, queued);
  add_entering(written.changed, written, account, was, rules, queued);
  if (queued.ids.empty()) return;
  // In the order of the key, as whoever else queues does, so that two cannot wait for each other.
  db.exec("queue details",
          "INSERT INTO ordersync.detail_queue AS held (order_id, account, queued_at, due_at, asked) "
          "SELECT id, account, $3::timestamptz, now(), false FROM unnest($1::bigint[], $2::text[]) AS entered(id, "
          "account) ORDER BY id ON CONFLICT (order_id) DO UPDATE SET account = excluded.account, "
          "queued_at = excluded.queued_at, due_at = excluded.due_at, asked = false, tries = 0, reason = NULL",
          {values::array_literal(queued.ids), values::array_literal(queued.accounts), core::to_text(read_at)});
}

}  // namespace ordersync::store::orders
