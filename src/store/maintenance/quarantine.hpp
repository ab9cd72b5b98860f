#pragma once
// What could not be stored as it came, by value and by kind, and what is accepted of it: plain values.
//
// A kind is a path without the numbers of list elements (`orderDetailInfoVOS[].skuInfos`) and a reason without the
// position of a byte (`not valid JSON at byte N`). Whoever knows a kind accepts it, for all accounts and for what comes
// later; or accepts a single value. What is accepted is kept, counted apart, and does not make the mirror incomplete.
//
// Hazard: quarantined::raw holds what people must not see without need: never log it. Times are UTC.

#include "core/order.hpp"
#include "core/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ordersync::store::maintenance {

struct acceptance {
  std::string why;  // in the words of who accepted it
  std::string by;   // role of the database
  core::instant at{};
};

struct quarantined {
  std::int64_t id = 0;
  std::string account;
  core::integer order_id;  // none: a whole order whose id cannot be used
  std::string path;
  std::string reason;
  std::string raw;                   // personal data
  bool erased = false;               // raw is only a stand-in
  std::int64_t bytes = 0;            // of raw
  std::vector<core::window> ranges;  // of a whole order: where it must lie
  core::instant first_seen_at{};
  core::instant last_seen_at{};
  std::optional<core::instant> resolved_at;
  std::optional<acceptance> accepted;       // by its id
  std::optional<acceptance> kind_accepted;  // with its kind

  bool open() const noexcept { return !resolved_at && !accepted && !kind_accepted; }
};

// Values that are not resolved, and of how many kinds they are. A kind of which only some values are accepted counts on
// both sides.
struct quarantine_counts {
  std::int64_t open = 0;  // not accepted
  std::int64_t open_kinds = 0;
  std::int64_t accepted = 0;
  std::int64_t accepted_kinds = 0;

  friend bool operator==(const quarantine_counts&, const quarantine_counts&) = default;
};

struct quarantine_kind {
  std::string path, reason;
  std::int64_t open = 0;
  std::int64_t accepted = 0;
  std::int64_t resolved = 0;
  std::int64_t orders = 0;    // that have such a value, and whole orders, by account; 0 where nobody asked for it
  std::int64_t accounts = 0;  // that have one
  // Of a kind that is accepted and has no value now: none.
  std::optional<core::instant> first_seen_at, last_seen_at;
  std::optional<std::int64_t> example;  // id of the newest value
  std::optional<acceptance> kind_accepted;

  std::int64_t values() const noexcept { return open + accepted + resolved; }
};

enum class quarantine_part {
  open,        // neither resolved nor accepted
  accepted,    // and not resolved
  unresolved,  // both
  all
};

struct quarantine_choice {
  quarantine_part part = quarantine_part::open;
  std::optional<std::string> account{};
};

// Kinds with this path and, if given, this reason. Numbers of list elements and positions of bytes do not matter.
struct kind_choice {
  std::string path;
  std::optional<std::string> reason{};
};

// A field or value of the API that the mirror does not know.
struct drift_path {
  std::string path;
  core::instant first_seen_at{};
  core::instant last_seen_at{};
  std::int64_t count = 0;
};

}  // namespace ordersync::store::maintenance
