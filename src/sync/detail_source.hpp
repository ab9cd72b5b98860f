#pragma once
// What the engine needs to read the detail of single orders. pandapon implements it, tests fake it. Runs on the one I/O
// thread.

#include "core/error.hpp"
#include "core/order_detail.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <functional>
#include <string>

namespace ordersync::sync {

// One account's view of the API, an order or a refund at a time.
//
// Each call is one try, without retries; the reply is complete before `deadline`, or the result is
// failure::unreachable. `received` is called, where set, as soon as the last byte of the reply has come or will not
// come. Several calls may be in flight. failure::not_permitted: the API accepts the account's credentials, but not for
// these calls, and asking again soon is no use. failure::unusable_reply, of which nothing is to be stored: the reply is
// not understood, says that there is no such order, or is about another one.
class detail_source {
 public:
  detail_source() = default;
  detail_source(const detail_source&) = delete;
  detail_source& operator=(const detail_source&) = delete;
  virtual ~detail_source() = default;

  // By the order's number at 1688; not empty.
  virtual boost::asio::awaitable<core::result<core::order_detail>> read_detail(
      std::string tb_order_id, std::chrono::steady_clock::time_point deadline, std::function<void()> received) = 0;

  // By the id that an order's detail names, "TQ..."; not empty.
  virtual boost::asio::awaitable<core::result<core::refund_info>> read_refund(
      std::string refund_id, std::chrono::steady_clock::time_point deadline, std::function<void()> received) = 0;

  // Ends what is in flight (it fails with failure::unreachable) and refuses what follows. For shutdown.
  virtual void close() noexcept = 0;
};

}  // namespace ordersync::sync
