#pragma once
// The details of single orders as the database keeps them: which are to be read, what was read, and what became of it.
// Part of store::database; threads and errors are those of store.hpp.
//
// An order is queued by the transaction that stores it in one of the states of settings::details, or because somebody
// asked. It leaves the queue when its detail is stored. So what was due when a process died still is.

#include "core/error.hpp"
#include "core/order_detail.hpp"
#include "core/time.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ordersync::store::details {

// An order whose detail is to be read now.
struct due_detail {
  std::int64_t order_id = 0;
  std::string tb_order_id;  // 1688's number, of digits
  int tries = 0;            // reads that failed since the order was queued
  // Its refunds alone are missing, because the API did not permit to ask for them.
  bool waits_for_refunds = false;
  // Requests for a refund that are stored and had not ended: a detail names the latest alone.
  std::vector<std::string> open_refunds{};
};

// What the API was seen to permit: what can be read again to see whether it still does. Empty: nothing of the kind is
// stored, or the API has refused it since.
struct permissions {
  std::string order;   // 1688's number of one whose detail is stored
  std::string refund;  // the id of one
};

// Of one order, as the API said.
struct read_detail {
  std::int64_t order_id = 0;
  core::order_detail detail;
  // Of the refunds that the detail names, or that are stored, as far as they could be read; of others, what is stored
  // stays.
  std::vector<core::refund_info> refunds;
  // Why one of these is missing; empty: all are there.
  std::string missing{};
};

// How the reason begins where refunds alone are refused, and not the details.
inline constexpr std::string_view refunds_refused = "refunds: ";

// What is stored of an order's detail and can be decoded again: erased payloads are not here. Personal data.
struct stored_detail {
  struct payload {
    std::string text;
    core::sha256 content_hash{};  // of what was decoded when it was stored
  };
  std::int64_t order_id = 0;
  std::string account, tb_order_id;
  core::instant observed_at{};
  payload detail;
  std::map<std::string, payload> refunds;  // by id
};

// The same, decoded again.
struct redecoded_detail {
  std::string account;
  read_detail read;
};

enum class written {
  created,
  changed,
  unchanged,  // nothing was written but the queue
  outdated,   // a later answer is stored already; nothing was written
  no_order,   // the mirror does not have the order any more; nothing was written
};

// Of one account.
struct detail_figures {
  std::int64_t waiting = 0;             // due now
  std::int64_t later = 0;               // queued, and due later
  std::int64_t failing = 0;             // of both, those whose last read failed
  std::string last_failure;             // reason of one of these; empty: none fails
  std::optional<core::instant> oldest;  // since when the longest due one is due
  std::int64_t asked = 0;               // of both, those that somebody asked for
  std::int64_t details = 0;             // stored; an estimate where there are many
  // Since when the API refuses these calls for the account, and in which words; none: it does not.
  std::optional<core::instant> refused_at;
  std::string refusal;
  bool refunds_alone = false;  // it refuses what it would say of refunds, and permits details
};

class details {
 public:
  template <class T>
  using answer = boost::asio::awaitable<core::result<T>>;

  details() = default;
  details(const details&) = delete;
  details& operator=(const details&) = delete;
  virtual ~details() = default;

  // Those that a state has queued before those that somebody asked for; of each the longest due first. Takes off the
  // queue what it finds there whose order has lost its number.
  virtual answer<std::vector<due_detail>> due(std::string account, std::size_t most) = 0;

  // due_detail::open_refunds of one order.
  virtual answer<std::vector<std::string>> open_refunds(std::int64_t order_id) = 0;

  // One transaction: the detail, what belongs to it, history, quarantine, drift. Takes the order off the queue, unless
  // it was queued after the detail was asked for; while a parcel is under way it is queued again for a day later, and
  // where a refund is missing it is queued as put_off() does; for a day later where refunds are refused.
  virtual answer<written> commit(std::string account, read_detail read) = 0;
  // Its read failed: due in 1 min, then twice as long each time, up to a day. Nothing happens to an order that is not
  // queued.
  virtual answer<void> put_off(std::string account, std::int64_t order_id, std::string reason) = 0;
  // Its read failed as those of all others do: it stays due, behind those that are due already.
  virtual answer<void> put_behind(std::string account, std::int64_t order_id, std::string reason) = 0;

  // All of the account's orders created in the range that have a number at 1688 become due; how many were not. Several
  // transactions where they are many.
  virtual answer<std::int64_t> queue(std::string account, core::window created) = 0;

  // The API does not permit these calls for the account, in its words; see refunds_refused.
  virtual answer<void> set_refused(std::string account, std::string reason) = 0;
  // It does. `refunds`: those, too, were read; then orders that wait for theirs become due. Without, it stays stored
  // that refunds are refused.
  virtual answer<void> set_permitted(std::string account, bool refunds) = 0;
  virtual answer<permissions> permitted(std::string account) = 0;
  // Some orders that wait for refunds, `most` of them, become due: to see whether these are permitted by now.
  virtual answer<void> try_refunds(std::string account, std::size_t most) = 0;

  // Requests that what is due takes, about: one an order, and one more where the order list shows a refund.
  virtual answer<std::int64_t> requests_due(std::string account) = 0;
  virtual answer<detail_figures> figures(std::string account) = 0;

  virtual answer<std::vector<stored_detail>> payloads(std::vector<std::int64_t> order_ids) = 0;
  // One transaction: as commit, with the payloads' own observations, without the queue. What was read anew meanwhile
  // stays. How many were changed.
  virtual answer<std::int64_t> rewrite(std::vector<redecoded_detail> list) = 0;
};

}  // namespace ordersync::store::details
