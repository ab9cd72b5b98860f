#pragma once
// Which orders enter a state in which their details are to be read, and queueing those. The statements run inside the
// caller's transaction, under the writers' lock.

#include "core/order.hpp"
#include "store/orders/staging.hpp"
#include "store/pg/connection.hpp"
#include "store/pg/settings.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

namespace ordersync::store::orders {

// What the rules look at.
struct order_state {
  core::integer order_status, pay_status, refund_status;
  core::fen refund_amount_fen;
  bool numbered = true;  // it has a number at 1688 by which its detail can be asked for
};
order_state state_of(const core::order& order);
using order_states = std::unordered_map<std::int64_t, order_state>;

// Of digits.
bool is_number(const core::text& tb_order_id) noexcept;
// The same in SQL, of a column.
std::string sql_is_number(std::string_view column);

// Whether an order that was in the state `was` (null: it is new to the mirror) enters one of the rules' states, and can
// be read: it has a number at 1688 and is not too old. One that had none before is as one that is new. Pure.
bool enters(const core::order& order, const order_state* was, const pg::detail_rules& rules);

// As the mirror holds them before they are written.
order_states read_states(pg::connection& db, const std::vector<const core::order*>& orders);

// Queues those of the orders that enter a state, as of `read_at`. `was` has the states of those that changed. Orders
// that become this account's take their place in its queue; those without a number leave it.
void queue_details(pg::connection& db, const orders_to_write& written, const std::string& account,
                   const order_states& was, const pg::detail_rules& rules, core::instant read_at);

}  // namespace ordersync::store::orders
