#pragma once
// What the API was found to allow, and what became of the proof when it was tried in another way. Part of
// store::database; threads and errors are those of store.hpp.
//
// Hazard: known_order::tb_order_id is the company's business data: no log needs it.

#include "core/error.hpp"
#include "core/order.hpp"
#include "core/time.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ordersync::store::coverage {

// Names: longest_range (seconds), nearest_end (seconds), page_size, depth (orders that the pages of one range reach),
// total (greatest count of a range), by_status (1: lists leave orders out unless a status is named), rate (thousandths
// of requests a second).
struct api_limit {
  std::string name;
  std::int64_t value = 0;
  core::instant since{};
  core::instant tried_at{};
  std::string found_by;  // for people: how, and by which reply
};

// An order to ask the API for.
struct known_order {
  std::int64_t id = 0;
  std::string tb_order_id;  // digits
  core::instant created_at{};
  std::optional<core::instant> tb_created_at;
  core::integer order_status;
};

constexpr core::window whole_time_line{core::second::min(), core::second::max()};

// A check that disagrees with what is proven. The three last members say whose proof falls.
struct contradiction {
  std::string way;     // which kind of check, as audit_counts::way
  core::window range;  // where it may matter; whole_time_line: everywhere
  std::int64_t expected = 0;
  std::int64_t found = 0;
  std::string reason;                               // for people
  std::optional<core::instant> proven_since;        // proofs whose read began before are left; none: all
  std::optional<std::chrono::seconds> longer_than;  // only proofs of windows longer than this
};

// One found earlier, for `status`.
struct contradiction_report {
  core::instant found_at{};
  std::string way;
  core::window range;
  std::int64_t expected = 0;
  std::int64_t found = 0;
  std::string reason;
  std::optional<core::instant> resolved_at;  // when all that it took back was proven again
};

struct audit_counts {
  std::string way;           // empty: of all ways together
  std::int64_t checks = 0;   // ended
  std::int64_t calls = 0;    // requests answered for them
  std::int64_t orders = 0;   // covered
  std::int64_t seconds = 0;  // of creation time, covered
  std::int64_t contradictions = 0;
};

struct audit_figures {
  audit_counts day;    // today and yesterday, in UTC
  audit_counts month;  // the last 31 days
};

class trials {
 public:
  template <class T>
  using answer = boost::asio::awaitable<core::result<T>>;

  trials() = default;
  trials(const trials&) = delete;
  trials& operator=(const trials&) = delete;
  virtual ~trials() = default;

  // By name.
  virtual answer<std::vector<api_limit>> limits(std::string account) = 0;
  // In the place of the one of that name; `since` is kept where the value stays the same.
  virtual answer<void> set_limit(std::string account, api_limit limit) = 0;
  virtual answer<void> drop_limit(std::string account, std::string name) = 0;

  // Orders of the account that it showed last time, have a creation time and a number to look up: half of `count` are
  // the newest, newest first; then as many as are found at random points of creation time, each once. `random` is the
  // seed. Fewer where the account has fewer, or hardly any among those of other accounts.
  virtual answer<std::vector<known_order>> known_orders(std::string account, int count, std::uint64_t random) = 0;

  // Takes back what is called proven within `range` because of a matching proof; what another proof that began later
  // and does not match has shown stays. Each stretch gets a sweep of kind verify with the reason, so that coverage
  // names it. The stretches, ascending. None: nothing rests on such a proof, and nothing is written. Orders stay as
  // they are. The account must have been opened (see database::open_account).
  virtual answer<std::vector<core::window>> retract(std::string account, contradiction what) = 0;

  // Added to today's; what is older than 62 days goes.
  virtual answer<void> count_audit(std::string account, audit_counts counts) = 0;

  // Of the account's orders created in the window: those marked as vanished at `since` or later; those not marked. The
  // second takes about a second per million orders.
  virtual answer<std::int64_t> vanished_within(std::string account, core::window created, core::instant since) = 0;
  virtual answer<std::int64_t> held_within(std::string account, core::window created) = 0;
};

}  // namespace ordersync::store::coverage
