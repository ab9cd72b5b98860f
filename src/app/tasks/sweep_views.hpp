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
  std::optional<std::string> account = std::nullopt;  // none: all
};

// What is reported while a sweep runs, about five times a second, and once at its end.
using progress_listener = std::function<void(std::string_view account, const sync::sweep::sweep_progress&)>;

struct account_result {
  std::string account;
  core::window range;  // what was swept, cut at what is settled
  sync::sweep::sweep_progress progress;
  std::optional<core::error> stopped_by;             // ended early
  std::optional<core::error> last_failure;           // a reply nobody understood cost a window
  store::maintenance::quarantine_counts quarantine;  // of the account, whenever it got there
};

struct sweep_result {
  std::vector<account_result> accounts;
  bool interrupted = false;  // by a signal
};

}  // namespace ordersync::app::tasks
