#pragma once
// The detail of one order, with what the API says of the refunds that it names: requests behind the gate. What fails
// here says nothing of the order list, which may be permitted where this is not, so the gate sees these requests as
// those of an account of their own.
//
// One I/O thread. What is given outlives it.

#include "core/order_detail.hpp"
#include "sync/detail_source.hpp"
#include "sync/flow/gated_requests.hpp"
#include "sync/flow/request_gate.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace ordersync::app::details {

struct detail_reading {
  core::order_detail detail;
  std::vector<core::refund_info> refunds;  // as far as they could be read
  // Why the last one that is missing could not be read; none: all are there.
  std::optional<core::error> missing;
  bool asked = true;  // false: refunds are not asked for at present, so those that are named are missing
};

struct wanted_detail {
  std::string tb_order_id;                  // not empty
  std::vector<std::string> open_refunds{};  // that are asked for, too, though the detail names others
  bool for_refunds = false;                 // refunds are asked for in any case
};

class detail_requests {
 public:
  struct dependencies {
    sync::flow::request_gate& turns;
    sync::detail_source& source;
    // Awaited before each request.
    std::function<boost::asio::awaitable<void>()> before;
  };
  struct rules {
    std::string account;
    std::chrono::milliseconds request_timeout{30'000};
    sync::flow::urgency how = sync::flow::urgency::backfill;
  };

  detail_requests(dependencies around, const rules& how);

  // Fails where the detail cannot be read. Several at once. Cancelled, it may throw operation_aborted.
  boost::asio::awaitable<core::result<detail_reading>> read(wanted_detail what);

  // Whether the API still says something of one that it was read of before.
  boost::asio::awaitable<core::result<void>> try_detail(std::string tb_order_id);
  boost::asio::awaitable<core::result<void>> try_refund(std::string refund_id);

  // Whether refunds are asked for where nobody says so; at the start they are.
  void ask_for_refunds(bool yes) noexcept { refunds_ = yes; }
  // Replies that the account ever had, to these calls and to others; see request_gate::successes.
  std::uint64_t account_successes() const { return around_.turns.successes(account_) + around_.turns.successes(name_); }
  // Ends the waits. What is in flight is the source's owner's to end.
  void stop() noexcept { requests_.stop(); }

 private:
  template <class Reply>
  boost::asio::awaitable<core::result<Reply>> send(sync::flow::gated_requests::send_once<Reply> once);
  boost::asio::awaitable<core::result<core::order_detail>> ask_for_detail(std::string tb_order_id);
  boost::asio::awaitable<core::result<core::refund_info>> ask_for_refund(std::string refund_id);
  boost::asio::awaitable<void> read_refunds(const std::vector<std::string>& ids, detail_reading& into);

  dependencies around_;
  std::string account_;
  std::string name_;  // the account's, as the gate knows it for these calls
  sync::flow::gated_requests requests_;
  bool refunds_ = true;
};

}  // namespace ordersync::app::details
