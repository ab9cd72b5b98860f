#pragma once
// What the database shows to people: plain values for `status`, `coverage` and `doctor`. Filled by store::database.
//
// Times are UTC. No personal data.

#include "core/log.hpp"
#include "core/time.hpp"
#include "store/coverage/trials.hpp"
#include "store/jobs/jobs.hpp"
#include "store/leadership/leader.hpp"
#include "store/maintenance/maintenance.hpp"
#include "store/push/messages.hpp"
#include "store/recheck/recheck.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ordersync::store::reports {

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
  std::optional<double> live_requests;  // that each of its last live windows took, on average
  std::int64_t orders = 0;              // that belong to the account
  maintenance::quarantine_counts quarantine;
  std::vector<coverage::api_limit> limits;  // what the API was found to allow, by name
  coverage::audit_figures audited;
  std::int64_t open_contradictions = 0;                              // what they took back is not proven again yet
  std::optional<coverage::contradiction_report> last_contradiction;  // open or not
  push::push_figures push;                                           // the vendor's messages about its orders
};

// How a revisit tier of an account keeps its pace, as the daemon that leads last said.
struct tier_report {
  std::string account;
  std::chrono::seconds younger_than{};          // the tier goes up to this age of orders
  std::chrono::seconds every{};                 // and is to be read again this often
  std::optional<core::instant> oldest_read_at;  // when its stalest part was read; none: a part was never read
  bool behind = false;
  core::instant updated_at{};  // when it was said; by the database's clock
};

// A warning or an error of a daemon's log; alike ones, those of the same process, event, account and sort of failure,
// are one. Texts are UTF-8 without control characters.
struct logged_problem {
  std::string instance;  // the daemon's process, see instance::id
  std::string event;
  std::string account;  // empty: about none
  std::string failure;  // empty: of no sort
  core::severity level = core::severity::warning;
  core::instant first_at{};  // by the clock of the daemon's machine
  core::instant last_at{};
  std::int64_t count = 0;
  std::vector<std::pair<std::string, std::string>> fields{};  // of the last time
};

// How the API answers an account at present, as the requests of the daemon that owns it show.
struct api_state {
  std::string account;
  std::string instance;                               // the daemon's process, see instance::id
  std::optional<core::instant> failing_since{};       // by the clock of the daemon's machine; none: it answers
  std::string failure{};                              // core::name of all failures since
  std::int64_t failures = 0;                          // so many
  std::optional<std::chrono::milliseconds> answer{};  // how long answers take, where that is long

  friend bool operator==(const api_state&, const api_state&) = default;
};

// The value of one of its fields, as long as it lives; empty where it has none.
inline std::string_view field_of(const logged_problem& of, std::string_view name) {
  for (const auto& [field, value] : of.fields)
    if (field == name) return value;
  return {};
}

// A transaction that is open for long; vacuum removes nothing that died since.
struct old_snapshot_report {
  std::string who;  // "pid 4711, user alice, application psql", "prepared transaction x of alice"
  core::instant since{};
};

// What is wrong around the tables.
struct server_state {
  std::optional<std::chrono::milliseconds> replay_lag;  // of a standby, behind what its primary has sent; else none
  std::string missing_standby;           // synchronous_standby_names, when a commit waits for one and none is connected
  std::optional<std::string> collation;  // "2.31, now 2.36" where the operating system's has changed
  std::optional<old_snapshot_report> held;  // what keeps vacuum from removing dead rows, if for long
  std::vector<std::string> locked;  // tables of ours in which we may not read, insert, update or delete; 20 at most
  bool writer = false;              // we may insert into some table of ours: not a role that only reads
};

struct status_report {
  std::vector<account_status> accounts;  // every account that was ever opened, by name
  std::int64_t orders = 0;
  std::int64_t order_items = 0;
  maintenance::quarantine_counts quarantine;                   // a kind of several accounts is one
  std::vector<maintenance::quarantine_kind> quarantine_kinds;  // unresolved, most values first, 100 at most
  std::int64_t drift_paths = 0;
  std::vector<maintenance::drift_path> drift;              // newest first
  std::optional<core::instant> newest_order;               // the latest created_at in the mirror
  std::optional<leadership::leader_info> leader;           // the last that led; none: no daemon ever did
  std::optional<std::chrono::milliseconds> heartbeat_age;  // of the leader, by the database's clock
  // How often the leader shows itself beside each of its looks; longer than none where its sessions cannot be seen, on
  // a standby or by a role without rights.
  std::chrono::seconds heartbeat_every{0};
  std::vector<leadership::account_owner> owners;               // by account
  std::vector<tier_report> tiers;                              // by account, youngest first
  std::vector<recheck::check_report> checks;                   // by counts, by account
  std::vector<jobs::backfill_job> open_jobs;                   // oldest first
  std::vector<logged_problem> problems;                        // the latest first, 50 at most
  std::vector<api_state> api;                                  // by account, of whoever owned it then
  std::optional<core::instant> last_alert;                     // when a webhook took one; none: not in the last weeks
  std::map<std::string, push::refusal_figures> push_refusals;  // of requests to push.listen, by reason
  server_state server;
};

// A window that was read whole and proven.
struct read_record {
  core::window window;
  core::instant started_at{};  // when the first request left
};

// Creation times for which the mirror is not proven complete.
struct gap {
  core::window window;
  std::string reason;                      // of the latest read that failed to prove it; empty when it was never read
  std::optional<core::instant> last_read;  // when that read ended
  bool failed = false;                     // that read was not finished; otherwise its count was not confirmed

  friend bool operator==(const gap&, const gap&) = default;
};

// The database and what the role that we are may do in it.
struct health_report {
  server_state state;
  std::string server_version;  // "15.8 (Debian 15.8-0+deb12u1)"
  int server_number = 0;       // 150008
  std::string database;
  std::string role;
  std::string encoding;            // "UTF8"
  bool may_create = false;         // schemas in the database
  bool may_use_temporary = false;  // tables
  bool superuser = false;
  bool may_create_roles = false;
  bool has_schema = false;                    // ordersync
  bool has_readers = false;                   // the two roles that may read
  std::vector<std::string> foreign;           // what belongs to a role that we are not; 20 at most
  std::vector<std::string> unanalyzed;        // tables of ours that hold much and have no statistics; 20 at most
  std::chrono::milliseconds clock_behind{0};  // the server's clock is so far behind what is stored
  bool old_history = false;                   // the history still holds present states, see history_conversion
};

// How the API's list keeps up with what is created, as far as the mirror could see.
struct listing_report {
  std::int64_t orders = 0;      // the latest ones looked at, at most a day old
  std::int64_t late = 0;        // of them, those that a live read of their second did not show yet
  std::chrono::seconds lag{0};  // from creation until 95 of 100 of the late ones had been seen
};

struct coverage_report {
  std::string account;
  std::string scope;
  std::string asked;
  core::window range;                // what was asked about
  std::vector<core::window> proven;  // within range, ascending
  std::vector<gap> gaps;             // range minus proven, ascending; cut where the reason changes
};

}  // namespace ordersync::store::reports
