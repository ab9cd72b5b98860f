#pragma once
// What others take out of the mirror: the versions of orders in the order of commits, and tables of schema reporting as
// streams. Part of store::database; threads and errors are those of store.hpp, where nothing else is said.
//
// Both read schema reporting alone, so that a role that may read nothing else can use them (restricted()), but for
// personal data, which the database refuses to whom it is not granted.

#include "core/error.hpp"
#include "core/order.hpp"
#include "core/time.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ordersync::store::feed {

enum class column_kind {
  text,
  number,  // digits, sign and decimal point
  flag,    // "t" or "f"
  moment,  // milliseconds since 1970
  day,     // "2024-05-07"
  json,
};
struct column {
  std::string name;
  column_kind kind = column_kind::text;

  friend bool operator==(const column&, const column&) = default;
};
// None: NULL. Valid while its row is.
using cell = std::optional<std::string_view>;

struct change {
  std::int64_t number = 0;
  core::instant at{};
  std::string order_id;
  std::int64_t version = 0;
  std::string account;
  core::text status;
  std::string what;  // had changed, of the order or its detail, in one line as in reporting.order_timeline
  std::vector<core::text> values;  // of change_columns()
};
// Those of reporting.changes, without order_key.
const std::vector<column>& change_columns();

struct change_page {
  std::vector<change> changes;  // ascending
  std::int64_t through = 0;     // everything up to this number has been looked at
  std::int64_t greatest = 0;    // of all numbers at the time; 0: there are none yet
};

enum class subject { orders, items, payments, shipments };

struct selection {
  subject of = subject::orders;
  core::window created;                // of the orders
  std::optional<std::string> account;  // none: all
  bool personal = false;               // of orders: with addresses and contacts
};

// Called in the runner's thread, while the transaction is open: what they touch is theirs meanwhile.
struct consumer {
  // At the beginning, and again from the beginning after the connection was lost. False: it cannot begin again, and the
  // operation fails.
  std::function<bool(const std::vector<column>&)> begin;
  // A row. False: no more of them, and the operation ends well.
  std::function<bool(const std::vector<cell>&)> row;
};

class feed {
 public:
  template <class T>
  using answer = boost::asio::awaitable<core::result<T>>;

  feed() = default;
  feed(const feed&) = delete;
  feed& operator=(const feed&) = delete;
  virtual ~feed() = default;

  // Whether the role may read schema reporting and not the mirror behind it. Needs no schema.
  virtual answer<bool> restricted() = 0;

  // The versions with the next `at_most` numbers, of the account where one is given. A version that went with its order
  // has a number and no row. failure::input when no number is as great as `after`.
  virtual answer<change_page> changes(std::int64_t after, std::int64_t at_most, std::optional<std::string> account) = 0;

  // One snapshot, by creation time and id of the order. Memory does not grow with it. How many rows were taken. Not
  // among the columns: order_key, item_key, and what depends on the present moment.
  virtual answer<std::int64_t> read(selection what, consumer into) = 0;
  // How many orders of the selection have payments or parcels that the mirror does not know, because their details are
  // missing (reporting.details_missing); 0 of other subjects.
  virtual answer<std::int64_t> missing_details(selection what) = 0;
  // What of the range is not proven, as reporting.coverage_gaps shows it; for a role that is restricted. An account
  // that was never mirrored is not known here.
  virtual answer<std::vector<core::window>> gaps(core::window range, std::optional<std::string> account) = 0;
};

}  // namespace ordersync::store::feed
