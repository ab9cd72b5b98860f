#pragma once
// Looking after what is stored: erasing personal data, what is in quarantine, making rows again from stored payloads,
// and counting for a comparison with the API. Part of store::database; threads and errors are those of store.hpp.
//
// Hazard: stored_payload, quarantined::raw and held_order hold what people must not see without need: never log them.

#include "core/error.hpp"
#include "core/order.hpp"
#include "core/time.hpp"
#include "store/coverage/superseded_reads.hpp"
#include "store/maintenance/quarantine.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ordersync::store::maintenance {

// Personal data.

// What an erasure took away, in rows.
struct erasure {
  std::int64_t orders = 0;  // orders that are kept without it from now on
  std::int64_t receivers = 0;
  std::int64_t warehouse_addresses = 0;
  std::int64_t payloads = 0;     // of orders, their details and refunds
  std::int64_t quarantined = 0;  // texts in quarantine
  std::int64_t contacts = 0;     // of order details; what people wrote there goes with them

  erasure& operator+=(const erasure& more) noexcept {
    orders += more.orders;
    receivers += more.receivers;
    warehouse_addresses += more.warehouse_addresses;
    payloads += more.payloads;
    quarantined += more.quarantined;
    contacts += more.contacts;
    return *this;
  }
  friend bool operator==(const erasure&, const erasure&) = default;
};

struct erased_order {
  erasure took;
  bool mirrored = false;  // false: the mirror has no such order; should it be read, it is stored without
};

// Ages of orders by their creation, beyond which something is erased; 0: never. Whoever erases personal data erases
// payloads, too, for they hold it.
struct retention_rules {
  std::chrono::seconds personal_data{0};
  std::chrono::seconds payloads{0};

  bool off() const noexcept { return personal_data.count() == 0 && payloads.count() == 0; }
};

struct retention_step {
  erasure took;
  std::optional<std::int64_t> next;  // where to go on; none: that was the last
};

// Reads that later ones have proven and shown again.

// Ends before which a row may go: of a read that found nothing new, and of one that did.
struct prune_rules {
  core::instant uneventful_before{};
  core::instant eventful_before{};
  int rows_at_once = 1'000;  // that a step passes
};

// Where a run is: begin with a new one, and hand on what each step answers.
struct prune_position {
  std::string account{};      // the one that is looked through, or the last that was
  std::string finished_at{};  // of the last row passed, as the database writes it; empty: the next account begins
  std::int64_t id = 0;        // of that row
  coverage::superseded_reads seen{};
};

struct prune_step {
  std::int64_t pruned = 0;
  std::optional<prune_position> next{};  // where to go on; none: that was the last
};

// Present states in the history, where older versions wrote them.

struct history_conversion {
  std::int64_t orders = 0;         // converted so far, by earlier runs too; 0 where an earlier run had finished
  std::int64_t estimate = 0;       // how many orders there are, as the planner knows it; 0: unknown
  bool finished = true;            // nothing is left, or there was nothing
  std::int64_t history_bytes = 0;  // what order_history takes
};

// Payloads.

struct stored_payload {
  std::int64_t order_id = 0;
  core::instant observed_at{};
  std::string text;  // personal data
};

struct rewrite_counts {
  std::int64_t changed = 0;
  std::int64_t unchanged = 0;
  std::int64_t overtaken = 0;  // stored anew since the payload was read
};

// What became of one batch.
struct replay_piece {
  std::vector<core::order> orders;        // decoded again
  std::int64_t unusable = 0;              // payloads that cannot be decoded any more
  std::vector<std::string> detail_drift;  // paths in the batch's details that are unknown
  std::int64_t position = 0;              // its last order
  bool through = false;                   // there is no more
};

struct replay_state {
  std::int64_t id = 0;
  std::optional<core::second> from, to;
  std::int64_t position = 0;
  std::int64_t orders = 0;  // payloads there were when it began
  std::int64_t created = 0;
  std::int64_t unusable = 0;
  rewrite_counts counts;
  bool resumed = false;  // an earlier run had begun it
  bool finished = false;

  std::int64_t done() const noexcept { return counts.changed + counts.unchanged + counts.overtaken + unusable; }
};

// The counts kept in order_counts.

// Where they differ from the orders: what is missing in them, which may be negative.
struct miscount {
  std::string account;
  std::optional<std::chrono::sys_days> day;  // UTC; none: of orders whose created_at is not known
  core::integer status;
  std::int64_t orders = 0;
  std::int64_t vanished = 0;
  std::int64_t items = 0;
};

// Which are compared: one account's, or all.
struct counted_part {
  std::optional<std::string> account;
  // Of whole days, UTC, those that it touches; none: of orders whose created_at is not known.
  std::optional<core::window> created;
};

// Comparing with the API.

// How many orders the mirror may be expected to show in a window: nobody outside knows which creation time the API
// filters by and which ends are inclusive, so each count is a range that all readings lie in.
struct plausible_count {
  std::int64_t least = 0;
  std::int64_t most = 0;

  bool holds(std::int64_t n) const noexcept { return least <= n && n <= most; }
};

struct mirror_counts {
  plausible_count total;
  std::map<std::int64_t, plausible_count> by_status;  // orders without a status are in `total` alone
  std::int64_t without_status = 0;  // at most; theirs could not be stored, so the API may count them under any
};

// An order as a comparison sees it.
struct held_order {
  std::int64_t id = 0;
  std::string account;
  core::integer status;
  core::sha256 content_hash{};
  std::optional<core::instant> created_at, tb_created_at;
};

class maintenance {
 public:
  template <class T>
  using answer = boost::asio::awaitable<core::result<T>>;

  maintenance() = default;
  maintenance(const maintenance&) = delete;
  maintenance& operator=(const maintenance&) = delete;
  virtual ~maintenance() = default;

  // Receiver, warehouse address, payload and quarantined texts of the order go, now and whenever it is read again.
  virtual answer<erased_order> erase_order(std::int64_t id) = 0;
  // The same for every order with that number, in whatever spelling, and for orders read later that have it.
  // failure::input for what is no telephone number (5 to 15 digits).
  virtual answer<erasure> erase_mobile(std::string mobile) = 0;
  // One batch of what is too old. Begin with after = 0.
  virtual answer<retention_step> retain(retention_rules rules, std::int64_t after) = 0;
  // What a whole run would take away, writing nothing. Takes a while on a large mirror.
  virtual answer<erasure> estimate_retention(retention_rules rules) = 0;
  // What erasing an order or a mobile number would take away now. Changes nothing. The same failures.
  virtual answer<erased_order> estimate_order(std::int64_t id) = 0;
  virtual answer<erasure> estimate_mobile(std::string mobile) = 0;

  // One batch of the rows in sweeps, and what of it may go. No proof, and no answer to which read was the last,
  // changes.
  virtual answer<prune_step> prune_reads(prune_rules rules, prune_position from) = 0;

  // One batch: the present states of some orders leave the history, and what they changed goes to the orders. Views say
  // the same before and after.
  virtual answer<history_conversion> convert_history() = 0;

  // Newest first, `limit` at most.
  virtual answer<std::vector<quarantined>> quarantine(quarantine_choice of, int limit) = 0;
  // failure::input when there is none.
  virtual answer<quarantined> quarantined_value(std::int64_t id) = 0;
  // Those with the most values first, 1,000 at most. Of the accepted ones of all accounts also those without a value.
  virtual answer<std::vector<quarantine_kind>> quarantine_kinds(quarantine_choice of) = 0;

  // This value alone; another reason than before replaces it, with who gave it and when. failure::input when there is
  // none, or when it is resolved.
  virtual answer<quarantined> accept_value(std::int64_t id, std::string why) = 0;
  // failure::input when it is not accepted by its id.
  virtual answer<quarantined> stop_accepting_value(std::int64_t id) = 0;
  // The kinds of what is not resolved, in all accounts, and what comes later of them; another reason replaces that of a
  // kind as above. As they are then. failure::input, which names the kinds there are, when there is none.
  virtual answer<std::vector<quarantine_kind>> accept_kinds(kind_choice of, std::string why) = 0;
  // Values that were accepted by their id stay accepted.
  virtual answer<std::vector<quarantine_kind>> stop_accepting_kinds(kind_choice of) = 0;

  // By id; orders without a stored payload are left out.
  virtual answer<std::vector<stored_payload>> payloads(std::vector<std::int64_t> order_ids) = 0;
  // Writes orders that were decoded from their stored payloads, with the payload's own observation, where that makes a
  // difference. An order whose payload is another by now is left as it is.
  virtual answer<rewrite_counts> rewrite(std::vector<core::order> orders) = 0;

  // The unfinished replay of this range by this program, or a new one.
  virtual answer<replay_state> begin_replay(std::optional<core::second> from, std::optional<core::second> to,
                                            std::string program) = 0;
  // What is next for it, by id; empty: it is through.
  virtual answer<std::vector<stored_payload>> replay_batch(replay_state replay) = 0;
  // In one transaction: the orders, as rewrite() does, and the position.
  virtual answer<replay_state> advance_replay(replay_state replay, replay_piece piece) = 0;

  // Counts the orders themselves, once. In a cluster what is written at this moment may differ.
  virtual answer<std::vector<miscount>> miscounts(counted_part of) = 0;
  // The same while nobody else writes, and adds what is missing; what it added.
  virtual answer<std::vector<miscount>> correct_counts(counted_part of) = 0;

  // Of the account's orders in the window.
  virtual answer<mirror_counts> count(std::string account, core::window window) = 0;
  // Of any account, by either creation time, up to `around` outside the window.
  virtual answer<std::vector<held_order>> held(core::window window, std::chrono::seconds around) = 0;
  virtual answer<std::vector<held_order>> held(std::vector<std::int64_t> ids) = 0;
};

}  // namespace ordersync::store::maintenance
