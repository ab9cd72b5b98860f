#pragma once
// What the engine needs of the world: a source of orders and a store for them. pandapon and store implement these,
// tests fake them. All coroutines run on the one I/O thread; an implementation that blocks does so on a thread of its
// own.

#include "core/error.hpp"
#include "core/order.hpp"
#include "core/time.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace ordersync::sync {

// One page of one window, as an account asks for it.
struct page_request {
  core::window window;  // not empty
  int page = 1;         // 1-based, as the API counts
  int page_size = 50;
  std::string window_name{};  // see sweep.hpp; for logs alone, and may be empty
  // Only orders of this status, as the API numbers it. For counting: such pages drift, because a status changes.
  std::optional<int> status{};
  // Called, where set, as soon as the last byte of the reply has come or will not come, before it is decoded: the next
  // request may leave.
  std::function<void()> received{};
};

// What a page said. `total` is the API's count of all orders of the asked range, over all pages.
struct page {
  std::int64_t total = 0;
  std::vector<core::order> orders;
  std::vector<core::unusable_order> unusable;
  core::instant observed_at{};  // when the request was sent
  // No later than now by the API's clock, nor by this machine's: the reply's Date header where it is trusted, else this
  // machine's clock. None: the source has no clock (tests).
  std::optional<core::second> server_time{};
  // The Date header, where it is trusted: shows how far the clocks are apart.
  std::optional<core::second> date{};
  // How far the Date header was from this machine's clock where it was not trusted (positive: ahead). A request whose
  // signature was accepted shows that both clocks agree within 600 s, so such a header is wrong.
  std::optional<std::chrono::seconds> date_off{};

  std::size_t rows() const noexcept { return orders.size() + unusable.size(); }
};

// One account's view of the API.
class order_source {
 public:
  order_source() = default;
  order_source(const order_source&) = delete;
  order_source& operator=(const order_source&) = delete;
  virtual ~order_source() = default;

  // One try, without retries. What comes back may hold orders from around the window (a superset), because nobody
  // outside knows whether the ends of the API's filter are inclusive: the implementation asks wide enough for all
  // cases. The reply is complete before `deadline` or the result is failure::unreachable. Several calls may be in
  // flight.
  virtual boost::asio::awaitable<core::result<page>> fetch(page_request request,
                                                           std::chrono::steady_clock::time_point deadline) = 0;

  // The order of that number at 1688, for whomever it was created: one try, as fetch. Not there: total 0 and no rows.
  // Only `around` is asked for, because an API may limit the length of ranges; it is to hold the order's creation with
  // room to spare (see range_around).
  virtual boost::asio::awaitable<core::result<page>> look_up(std::string tb_order_id, core::window around,
                                                             std::chrono::steady_clock::time_point deadline,
                                                             std::function<void()> received) = 0;

  // Ends what is in flight (it fails with failure::unreachable) and refuses what follows. For shutdown.
  virtual void close() noexcept = 0;
};

enum class sweep_kind { live, revisit, backfill, verify };

enum class sweep_outcome {
  proven,    // complete by the API's own count
  unproven,  // read and stored, but the count was not confirmed: a gap
  partial,   // a part of a window too large to hold at once; its last part has the outcome
  split,     // not stored: its parts are read instead
  failed,    // not read to the end
};

// "live", "proven", ...: as the sweeps table spells them.
const char* name(sweep_kind kind) noexcept;
const char* name(sweep_outcome outcome) noexcept;

// Everything one transaction of the store writes: a window's orders, its sweep row and its proof.
struct window_batch {
  std::string account;
  std::string window_name{};  // for logs alone
  sweep_kind kind = sweep_kind::live;
  std::optional<std::int64_t> job{};   // backfill job whose progress this is
  core::window window;                 // what was asked
  std::optional<core::window> proven;  // what to add to coverage; within `window`
  sweep_outcome outcome = sweep_outcome::unproven;
  std::string reason;                 // why it is not proven; empty when it is
  std::optional<std::int64_t> total;  // what the API reported, if it did
  std::int64_t seen = 0;              // distinct orders seen by the read that decided
  int pages = 0;                      // requests answered for this window
  int pages_before = 0;               // of these, in the rows of its earlier parts
  std::int64_t orders_before = 0;     // in its earlier parts, of all its reads
  bool outdated_before = false;       // some of these were left as they are, see commit_summary::outdated
  int attempts = 0;                   // reads of the window, the deciding one included
  core::instant started_at{};         // first request sent
  core::instant finished_at{};        // last reply taken
  std::vector<core::order> orders;    // distinct ids
  std::vector<std::int64_t> shown{};  // where parts went before: all orders that the read has shown, those included
  std::vector<core::unusable_order> unusable;
  bool apart = false;  // `orders` were read apart from the window, by number or status: nothing is said of its others
};

// A stored order that a read did not show although its window is proven and it was created in it. A look-up shows
// whether it is gone.
struct missing_order {
  std::int64_t id = 0;
  std::string tb_order_id;
  core::instant created_at{};
};

// The range in which an order of that creation time is looked up: a day to each side.
inline core::window range_around(core::instant created_at) noexcept {
  const auto second = std::chrono::floor<std::chrono::seconds>(created_at);
  return {second - std::chrono::days{1}, second + std::chrono::days{1}};
}

struct commit_summary {
  std::int64_t created = 0;
  std::int64_t changed = 0;
  std::int64_t unchanged = 0;
  std::int64_t quarantined = 0;  // rows new in quarantine
  // Orders left as they are because a read that finished later than theirs began has been committed meanwhile: what
  // this read saw of them may be older than what is stored. The window was then stored as unproven and is to be read
  // again.
  std::int64_t outdated = 0;
  std::vector<std::int64_t> outdated_ids{};  // not of a commit whose first answer was lost
  std::int64_t drifted = 0;              // fields, or numbers of statuses, that the mirror has seen for the first time
  std::vector<missing_order> missing{};  // the oldest 1,000 at most
  std::int64_t accepted = 0;  // of `quarantined`, values of an accepted kind; 0 where the first answer was lost
};

class order_store {
 public:
  order_store() = default;
  order_store(const order_store&) = delete;
  order_store& operator=(const order_store&) = delete;
  virtual ~order_store() = default;

  // One transaction: all of the batch or nothing. Running it again changes nothing more. Retries a lost connection or
  // an unknown commit by itself, within bounds; then failure::database_down. Several calls may be in flight; they are
  // worked one after the other.
  virtual boost::asio::awaitable<core::result<commit_summary>> commit(window_batch batch) = 0;
};

}  // namespace ordersync::sync
