#pragma once
// Reads the details of a list of orders, several at once, and stores each as soon as it is there. An order that fails
// is put off, whatever the failure, and the next is read. Only when several orders in a row fail as all would, the
// batch ends; those that were not asked for stay due before those that failed. Once refunds are seen to be refused, no
// more are asked for.
//
// One I/O thread. What is given outlives it.

#include "app/details/detail_requests.hpp"
#include "app/details/failure_row.hpp"
#include "app/telemetry/observer.hpp"
#include "core/log.hpp"
#include "store/details/details.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include <cstddef>
#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <vector>

namespace ordersync::app::details {

// "created", ...
const char* name(store::details::written what) noexcept;
// With why a refund is missing. `others_permitted`: one that is not permitted is this order's own.
store::details::read_detail to_store(std::int64_t order_id, detail_reading reading, bool others_permitted = false);

struct detail_batch_result {
  int stored = 0;
  int put_off = 0;
  // The API does not permit these calls: for details (then no order was read since), or for refunds alone.
  std::optional<core::error> refused;
  std::optional<core::error> refunds_refused;
  bool refunds_read = false;            // one at least
  std::optional<core::error> obstacle;  // anything else that keeps the rest from being read for now
};

class detail_batch {
 public:
  struct dependencies {
    boost::asio::any_io_executor executor;
    store::details::details& store;
    detail_requests& requests;
    core::log& log;
    telemetry::observer& observers;
  };
  struct rules {
    std::string account;
    std::size_t in_flight = 1;  // orders at once
  };

  detail_batch(dependencies around, rules how);

  // What was read before: it is asked for again where several orders in a row are refused.
  void expect(store::details::permissions known) noexcept { known_ = std::move(known); }
  // One at a time. Throws on a defect only.
  boost::asio::awaitable<detail_batch_result> read(std::vector<store::details::due_detail> list);
  // Several orders in a row, the last one too, have failed as all would: a short list is enough to see whether that is
  // over.
  bool is_in_vain() const noexcept { return row_.lasts(); }
  // Ends `read` soon: requests are abandoned, the transaction in hand is finished. The requests are stopped beside.
  void stop() noexcept;

 private:
  boost::asio::awaitable<void> read_some(const std::vector<store::details::due_detail>& list, std::size_t& next);
  boost::asio::awaitable<void> read_one(const store::details::due_detail& due);
  boost::asio::awaitable<void> store_one(const store::details::due_detail& due, detail_reading reading);
  boost::asio::awaitable<void> fail(const store::details::due_detail& due, core::error why);
  boost::asio::awaitable<void> refuse(const store::details::due_detail& due, core::error why);
  boost::asio::awaitable<void> put_off(const store::details::due_detail& due, core::error why);
  boost::asio::awaitable<void> put_behind(const store::details::due_detail& due, core::error why);
  boost::asio::awaitable<bool> note_refunds(const store::details::due_detail& due, const detail_reading& reading);
  bool ended() const noexcept { return stopping_ || result_.refused || result_.obstacle; }
  void report(const char* outcome) noexcept;

  dependencies around_;
  const rules rules_;
  detail_batch_result result_;
  std::list<boost::asio::cancellation_signal> ends_;
  store::details::permissions known_;
  failure_row row_;           // over all lists
  failure_row refunds_row_;   // of orders whose refunds are not permitted
  std::size_t patience_ = 0;  // orders of this list that may fail as all would before it ends
  bool stopping_ = false;
};

}  // namespace ordersync::app::details
