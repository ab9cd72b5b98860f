#pragma once
// Backfill jobs as plain values. A job is a row of ordersync.backfill_jobs; whoever inserts one, by a command or by
// plain SQL, has it worked by the daemon that leads.

#include "core/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ordersync::store::jobs {

enum class job_state {
  queued,      // waits for its turn
  running,     // being worked, or would be if a daemon led
  paused,      // waits for a person to resume it
  cancelled,   // a person ended it
  done,        // all of its range was read and proven
  incomplete,  // all of its range was read, and gaps are left
  failed,      // cannot go on as it is; can be resumed
};

// "queued", "running", ...: as the table spells them.
const char* name(job_state state) noexcept;
std::optional<job_state> job_state_from(std::string_view name) noexcept;
// Queued, running or paused: it may still come to something by itself or by being resumed.
bool is_open(job_state state) noexcept;

struct backfill_job {
  std::int64_t id = 0;
  std::string account;
  core::window range;  // what was asked for, rounded outwards to whole seconds
  job_state state = job_state::queued;
  std::string requested_by;
  core::instant requested_at{};
  std::optional<core::instant> started_at;
  std::optional<core::instant> finished_at;
  core::instant updated_at{};
  std::string reason;              // why it stopped or waits; empty: nothing to say
  std::string stopped_by;          // who paused or cancelled it; empty: nobody
  std::vector<core::window> left;  // range less what is done: ascending, disjoint, not touching each other
  std::int64_t windows_proven = 0;
  std::int64_t gaps = 0;  // windows read that could not be proven
  std::int64_t orders = 0;
  std::int64_t created = 0;
  std::int64_t changed = 0;
  std::int64_t unchanged = 0;
  std::int64_t calls = 0;                       // requests answered
  std::optional<std::int64_t> expected_orders;  // by the API's own count, where it was asked
};

enum class job_action { pause, resume, cancel };

}  // namespace ordersync::store::jobs
