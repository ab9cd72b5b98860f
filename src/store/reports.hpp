#pragma once
// What the database tells people: plain values for `status`, `coverage` and `doctor`. Filled by store::database.
//
// Times are UTC. No personal data.

#include "core/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ordersync::store {

// The last window of an account that was proven.
struct proven_sweep {
  core::window window;
  std::string kind;  // as sync::name(sweep_kind) spells it
  core::instant finished_at{};
};

struct account_status {
  std::string account;
  std::string scope;                 // digest of what the account asks for
  std::string asked;                 // the same for people
  std::vector<core::window> proven;  // ascending, disjoint, not touching each other
  std::optional<proven_sweep> last_proven;
  std::optional<core::second> swept_until;  // the latest end of any window read, proven or not
  std::int64_t orders = 0;                  // that belong to the account
  std::int64_t open_quarantine = 0;
};

struct status_report {
  std::vector<account_status> accounts;  // every account that was ever opened, by name
  std::int64_t orders = 0;
  std::int64_t order_items = 0;
  std::int64_t open_quarantine = 0;
  std::int64_t drift_paths = 0;
  std::optional<core::instant> newest_order;  // the latest created_at in the mirror
};

// Creation times for which the mirror is not proven complete.
struct gap {
  core::window window;
  std::string reason;                      // of the latest read that failed to prove it; empty when it was never read
  std::optional<core::instant> last_read;  // when that read ended

  friend bool operator==(const gap&, const gap&) = default;
};

struct coverage_report {
  std::string account;
  std::string scope;
  std::string asked;
  core::window range;                // what was asked about
  std::vector<core::window> proven;  // within range, ascending
  std::vector<gap> gaps;             // range minus proven, ascending; cut where the reason changes
};

}  // namespace ordersync::store
