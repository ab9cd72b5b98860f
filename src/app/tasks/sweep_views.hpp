#pragma once
// What `sync` and `backfill --foreground` are asked for, and what they report: plain values.

#include "core/error.hpp"
#include "core/time.hpp"
#include "store/maintenance/quarantine.hpp"
#include "sync/ports.hpp"
#include "sync/sweep/sweep.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ordersync::app::tasks {

struct sweep_request {
  sync::sweep_kind kind = sync::sweep_kind::live;
  std::optional<core::window> range = std::nullopt;   // none: from sync.start to now
  bool only_unproven = true;                          // leave out what is proven already
  bool details = false;                               // then read the details that are due, where they are read
  std::optional<std::string> account = std::nullopt;  // none: all
};

// What is reported while a sweep runs, about five times a second, and once at its end.
using progress_listener = std::function<void(std::string_view account, const sync::sweep::sweep_progress&)>;

// What came of the details that were due.
struct details_result {
  std::int64_t stored = 0;
  std::int64_t put_off = 0;  // their reads failed, each for a reason of its own
  std::string refusal;       // why the API does not permit these calls; empty: it does
  std::string obstacle;      // what else kept the rest from being read
};

struct account_result {
  std::string account;
  core::window range;  // what was swept, cut at what is settled
  sync::sweep::sweep_progress progress;
  std::optional<core::error> stopped_by;             // ended early
  std::optional<core::error> last_failure;           // a reply nobody understood cost a window
  store::maintenance::quarantine_counts quarantine;  // of the account, whenever it got there
  std::optional<details_result> details;             // none: they were not asked for, or are not read
};

struct sweep_result {
  std::vector<account_result> accounts;
  bool interrupted = false;  // by a signal
};

}  // namespace ordersync::app::tasks
