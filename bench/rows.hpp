#pragma once
// An order's rows, table by table: what the alternatives to the store write.

#include "core/order.hpp"
#include "store/values/copy_binary.hpp"

#include <functional>
#include <string>
#include <vector>

namespace ordersync::bench {

inline const std::string account = "main";

struct order_table {
  std::string name;                  // in schema ordersync
  std::vector<std::string> columns;  // the first so many are the key
  std::size_t key_columns = 0;
  std::string key_condition;  // of the partial index that makes the key unique; empty for a primary key
  std::function<void(store::values::copy_binary&, const core::order&)> write;  // appends the order's rows
};

// In the order that foreign keys ask for. Besides the tables of orders, the values in quarantine.
const std::vector<order_table>& order_tables();

}  // namespace ordersync::bench
