#pragma once
// What a daemon knows of itself at a moment, as plain values: for /metrics, /readyz and whoever wants to show it. Taken
// on the I/O thread, without asking the database. What is not known is left empty.

#include "core/error.hpp"
#include "core/time.hpp"
#include "store/coverage/trials.hpp"
#include "store/details/details.hpp"
#include "store/jobs/jobs.hpp"
#include "store/leadership/leader.hpp"
#include "store/maintenance/quarantine.hpp"
#include "store/push/messages.hpp"
#include "store/recheck/recheck.hpp"
#include "sync/evidence/evidence.hpp"
#include "sync/flow/admission.hpp"
#include "sync/schedule/demand.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ordersync::app::daemon {

struct tier_view {
  std::chrono::seconds younger_than{};
  std::chrono::seconds every{};
  std::optional<std::chrono::seconds> staleness;  // none: a part was never read, or nothing of that age is proven
  bool behind = false;
};

// What became of the proof when it was tried in other ways, of push messages and of order details, as the database has
// it.
struct proof_figures {
  std::int64_t open_contradictions = 0;
  store::coverage::audit_figures audited;
  store::push::push_figures push{};
  std::optional<store::details::detail_figures> details{};  // none: they are not read
};

struct account_state {
  std::string name;
  bool prepared = false;                         // what the database knows of it was read; what follows needs that
  std::optional<core::second> complete_through;  // from sync.start
  std::size_t gaps = 0;                          // ranges that should be proven by now and are not
  std::chrono::seconds unproven{0};              // in them
  std::vector<tier_view> tiers;                  // youngest first
  std::optional<std::chrono::seconds> skew;      // this machine's clock ahead of the API's
  std::optional<std::chrono::nanoseconds> since_success;  // a proven window was committed
  std::optional<store::maintenance::quarantine_counts> quarantine;
  std::optional<double> live_requests;  // that a live window takes, on average of late
  sync::evidence::known_limits limits;  // of the API, those that are set by hand included
  // Why the API could not be shown to answer in full when it was last tried; empty: it could, or was not tried yet.
  std::string untried;
  std::optional<proof_figures> proof;
  std::optional<store::recheck::check_report> checks;  // by counts; none: they are switched off
  std::optional<std::chrono::seconds> check_age;       // of the oldest one that left no difference
};

struct leader_seen {
  store::leadership::leader_info who;
  std::chrono::milliseconds silent_for{0};
};

struct daemon_state {
  std::string instance;
  std::chrono::nanoseconds since_look{0};      // at the database, whatever came of it
  std::optional<core::result<void>> database;  // the last look at it; none: it was not looked at yet
  bool listens_for_push = false;               // for push messages, as it is
  bool leads = false;                          // does what belongs to the database; `epoch`, `led_for` with it
  bool works = false;                          // owns accounts: what follows `worked_for` is known then only
  bool preparing = false;                      // holds the lead, and brings the schema up to date
  std::int64_t epoch = 0;
  std::chrono::nanoseconds led_for{0};
  std::chrono::nanoseconds worked_for{0};  // since it could own accounts
  std::map<std::string, bool> owned;       // whether it owns them, by configured account; empty: it shares none
  std::optional<sync::flow::admission_load> requests;
  std::optional<std::size_t> store_waiting;
  std::optional<sync::schedule::demand> demand;  // what all accounts need of the rate
  std::vector<account_state> accounts;           // that it owns, in the configuration's order
  std::vector<store::jobs::backfill_job> jobs;   // open ones, oldest first
  std::optional<leader_seen> leader;             // another one, as this one sees it
  std::chrono::nanoseconds success_timeout{0};   // an account that has had no success for longer is failing
};

// A look that hangs ends within half of this by its own limits; a loop that has not looked for so long is stuck.
inline constexpr std::chrono::seconds longest_silence{45};

}  // namespace ordersync::app::daemon
