#pragma once
// Which column of which table holds which field of an order: the one list, for COPY and for the statements built from
// it. To add a field: a migration that adds the column, the member in core::order or below it, and a line in the .cpp
// file.

#include "core/order.hpp"
#include "store/orders/statements.hpp"
#include "store/values/copy_binary.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ordersync::store::orders {

// Whose row it is.
struct row_owner {
  const core::order& order;
  const std::string& account;
};

// A payload as it is stored.
struct payload_row {
  std::optional<std::string_view> shape;
  std::string_view body;
  core::sha256 sha256;  // of the payload
};

// A column of a table whose rows are made of `Row`, which belongs to an order (or is the order).
template <class Row>
struct column {
  std::string_view name;
  void (*write)(values::copy_binary& out, const row_owner& owner, const Row& row);
  in_state state = in_state::no;
};

template <class Row>
struct row_table {
  std::string_view name;  // in schema ordersync
  int key_columns = 0;    // the first so many columns are the primary key
  // Compared to see whether a row changed; empty: all columns but the key.
  std::string_view compared;
  std::span<const column<Row>> columns;
  // A whole row; null: it is written column by column.
  void (*write_row)(values::copy_binary& out, const row_owner& owner, const Row& row) = nullptr;

  table_shape shape() const {
    table_shape its{name, {}, key_columns, compared, {}};
    for (const auto& c : columns) {
      its.columns.push_back(c.name);
      if (c.state != in_state::no) its.state.push_back({c.name, c.state});
    }
    return its;
  }
  void write(values::copy_binary& out, const row_owner& owner, const Row& row) const {
    if (write_row != nullptr) return write_row(out, owner, row);
    out.begin_row(columns.size());
    for (const auto& c : columns) c.write(out, owner, row);
  }
};

// As of an order that is new; a change is merged with what is there, see merge_staged_orders.
extern const row_table<core::order> orders_table;
extern const row_table<core::order_item> items_table;
extern const row_table<core::order_cargo> cargo_table;
extern const row_table<core::order_receiver> receivers_table;
extern const row_table<core::order_warehouse_address> warehouse_addresses_table;
extern const row_table<payload_row> payloads_table;

order_shapes shapes_of_orders();

}  // namespace ordersync::store::orders
