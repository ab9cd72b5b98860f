#pragma once
// The table order_counts: how many orders the mirror holds by account, day and status, kept by whoever writes orders,
// in the same transaction. A write adds up what it changes, and hands that over in one statement.
//
// Under the writers' lock. What is deleted by hand is subtracted by triggers at the same time; hold what is to change
// (read_counts does) before it is counted.

#include "core/order.hpp"
#include "store/pg/connection.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ordersync::store::orders {

struct count_key {
  std::string account;
  std::optional<std::chrono::sys_days> day;  // of created_at, UTC; none: not known
  std::int64_t status = -1;                  // -1: not known

  friend auto operator<=>(const count_key&, const count_key&) = default;
};

struct order_count {
  std::int64_t orders = 0;  // vanished ones included
  std::int64_t vanished = 0;
  std::int64_t items = 0;

  bool is_zero() const noexcept { return orders == 0 && vanished == 0 && items == 0; }
  order_count& operator+=(const order_count& more) noexcept;
  order_count operator-() const noexcept { return {-orders, -vanished, -items}; }
  friend bool operator==(const order_count&, const order_count&) = default;
};

using order_counts = std::map<count_key, order_count>;

// Where an order that is shown, and belongs to the account, is counted.
count_key key_of(const core::order& order, const std::string& account);
// Of such an order.
order_count count_of(const core::order& order);

// SQL for three columns, account, day (in days since 1970) and status, of a row of orders, which read_key reads.
std::string key_columns(std::string_view alias);
count_key read_key(const pg::rows& r, int row);

// What the mirror holds of these orders. Until the transaction ends nobody deletes one of them.
order_counts read_counts(pg::connection& db, const std::vector<std::int64_t>& ids);

// Adds the changes to what is counted.
void add_counts(pg::connection& db, const order_counts& changes);

}  // namespace ordersync::store::orders
