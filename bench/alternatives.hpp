#pragma once
// What the store is measured against: the same rows into the same tables, without asking what is there already (plain
// COPY), and one upsert after the other (row by row). Both write what the store writes of orders: the orders, all that
// belongs to them, and their values in quarantine; neither proves anything.
//
// Each call is one transaction. Errors throw.

#include "core/order.hpp"
#include "store/pg/connection.hpp"
#include "store/pg/stop_signal.hpp"

#include <memory>
#include <string>
#include <vector>

namespace ordersync::bench {

class plain_copy {
 public:
  explicit plain_copy(const std::string& url);
  // The orders must not be in the tables.
  void write(const std::vector<core::order>& orders);

 private:
  store::pg::stop_signal never_;
  store::pg::connection db_;  // with the store's own session settings
};

// One statement a row: as a parameterised text that the server parses and plans each time, which is what drivers do
// when nothing else is asked of them; or prepared once.
class row_by_row {
 public:
  enum class statements { parameterised, prepared };
  row_by_row(const std::string& url, statements kind);
  ~row_by_row();
  // The orders may be in the tables.
  void write(const std::vector<core::order>& orders);

 private:
  class session;
  std::unique_ptr<session> session_;
};

}  // namespace ordersync::bench
