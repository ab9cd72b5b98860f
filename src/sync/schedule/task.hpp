#pragma once
// The schedule's types: a moment, a tier of revisits, a job, and a task, which is what is to be read next.

#include "core/time.hpp"
#include "sync/flow/admission.hpp"
#include "sync/ports.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace ordersync::sync::schedule {

// Now, by three clocks that must not be mixed up.
struct moment {
  std::chrono::steady_clock::time_point steady;  // paces: how often, how long to wait
  core::second server;                           // which windows are due; may jump
  core::second reading;                          // stamps readings (read_at), across restarts; does not jump
};

// Orders younger than `younger_than`, and older than the tier before covers, are read again every `every`.
struct tier {
  std::chrono::seconds younger_than{};
  std::chrono::seconds every{};
};

struct tier_state {
  tier rule;
  // The oldest reading of anything that the tier covers; none: nothing of that age is proven, or a part of it was never
  // read as far as is known.
  std::optional<core::second> oldest_read;
  bool behind = false;  // staler than one and a half times `every`
};

struct runnable_job {
  std::int64_t id = 0;
  std::vector<core::window> left;  // ascending, disjoint
};

struct task {
  std::uint64_t id = 0;
  sweep_kind kind = sweep_kind::live;
  flow::urgency how = flow::urgency::live;
  std::vector<core::window> ranges;  // at least one, none empty; swept in this order
  std::optional<std::int64_t> job;   // the backfill job it is for
  std::optional<std::size_t> tier;   // the tier of revisits it is for
};

// How a task came to its end: all of it proven, or not, or stopped for a reason that is not its windows'.
enum class task_end { proven, unproven, dropped };

}  // namespace ordersync::sync::schedule
