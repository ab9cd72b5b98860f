#pragma once
// Which column of which table holds which field of an order: the one list, for COPY and for the statements built from
// it. To add a field: a migration that adds the column, the member in core::order or below it, and a line in the .cpp
// file.

#include "core/order.hpp"
#include "store/orders/state_json.hpp"
#include "store/values/copy_binary.hpp"
#include "store/values/copy_text.hpp"

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

// A column of a table whose rows are made of `Row`, which belongs to an order (or is the order).
template <class Row>
struct column {
  std::string_view name;
  void (*write)(values::copy_text& out, const row_owner& owner, const Row& row);
  // Its value in the order's state, see order_history; null where it is none of the state: a key that its place shows,
  // the mirror's own, personal data.
  void (*write_state)(state_json& out, const Row& row) = nullptr;
};

template <class Row>
struct row_table {
  std::string_view name;  // in schema ordersync
  int key_columns = 0;    // the first so many columns are the primary key
  // Compared to see whether a row changed; empty: all columns but the key.
  std::string_view compared;
  std::span<const column<Row>> columns;
  // A whole row in the binary form; null: the text form is used.
  void (*write_binary)(values::copy_binary& out, const row_owner& owner, const Row& row) = nullptr;

  std::vector<std::string_view> names() const {
    std::vector<std::string_view> all;
    for (const auto& c : columns) all.push_back(c.name);
    return all;
  }
  void write(values::copy_text& out, const row_owner& owner, const Row& row) const {
    for (const auto& c : columns) c.write(out, owner, row);
    out.end_row();
  }
  void write_state(state_json& out, const Row& row) const {
    out.open('{');
    for (const auto& c : columns) {
      if (c.write_state == nullptr) continue;
      out.name(c.name);
      c.write_state(out, row);
    }
    out.close('}');
  }
};

// As of an order that is new; a change is merged with what is there, see merge_staged_orders.
extern const row_table<core::order> orders_table;
extern const row_table<core::order_item> items_table;
extern const row_table<core::order_cargo> cargo_table;
extern const row_table<core::order_receiver> receivers_table;
extern const row_table<core::order_warehouse_address> warehouse_addresses_table;
extern const row_table<core::order> payloads_table;
// The first state of an order that is new; of one that changed, `state` alone is looked at, see history.hpp. In the
// binary form only.
extern const row_table<core::order> history_table;

}  // namespace ordersync::store::orders
