#pragma once
// What checks by counts need of the mirror (see sync/recheck): counts of open orders out of an index, the orders
// themselves, seconds at which windows can be cut, and a row for `status`. Part of store::database; threads and errors
// are those of store.hpp.
//
// An order is of a window by its created_at. Vanished orders are not counted: the API does not show them.
//
// Hazard: mirror_order::tb_order_id is the company's business data: no log needs it.

#include "core/error.hpp"
#include "core/time.hpp"
#include "sync/recheck/status_counts.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ordersync::store::recheck {

enum class check_state { untried, on, unusable };

// "untried", "on", "unusable": as the table count_checks spells them.
const char* name(check_state state) noexcept;

// See the table count_checks.
struct check_report {
  std::string account;
  check_state state = check_state::untried;
  std::string reason;
  std::chrono::seconds younger_than{};
  std::chrono::seconds every{};
  std::optional<std::chrono::seconds> period;
  std::int64_t windows = 0;
  std::optional<core::instant> oldest_checked_at;
  std::int64_t requests = 0;
  std::int64_t changes = 0;
  core::instant updated_at{};  // written by the database
};

class recheck {
 public:
  template <class T>
  using answer = boost::asio::awaitable<core::result<T>>;

  recheck() = default;
  recheck(const recheck&) = delete;
  recheck& operator=(const recheck&) = delete;
  virtual ~recheck() = default;

  // Of the account's orders created in the window, by status. Statuses that orders stay in (5, 6, 7) count 0.
  virtual answer<sync::recheck::status_counts> count(std::string account, core::window window,
                                                     std::vector<int> statuses) = 0;
  // The same orders, by creation.
  virtual answer<std::vector<sync::recheck::mirror_order>> open_orders(std::string account, core::window window,
                                                                       std::vector<int> statuses) = 0;
  // A quiet second (see below) near the middle of these orders; none where there are fewer than two.
  virtual answer<std::optional<core::second>> middle(std::string account, core::window window,
                                                     std::vector<int> statuses) = 0;
  // The latest second in the ten minutes up to `near` around which no order was created, so that a window that ends
  // there has the same orders however the API reads the filter; `near` itself where there is none.
  virtual answer<core::second> quiet_second(core::second near) = 0;

  // In the place of the account's row.
  virtual answer<void> write(check_report report) = 0;
};

}  // namespace ordersync::store::recheck
