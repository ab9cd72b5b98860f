#pragma once
// What the maintenance verbs ask for and report: plain values.

#include "core/error.hpp"
#include "core/time.hpp"
#include "store/maintenance/maintenance.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ordersync::app::tasks {

// `quarantine retry`.
struct retried {
  enum class outcome {
    resolved,
    still_bad,      // it still cannot be stored as it came
    payload_erased  // nothing is left to decode: the order is read again when it changes
  };
  store::maintenance::quarantined what;
  outcome came_to = outcome::still_bad;
};

struct retry_result {
  std::vector<retried> values;
  store::maintenance::rewrite_counts orders;  // decoded again from their payloads
  std::int64_t details_changed = 0;           // of these, details that were changed
  std::int64_t calls = 0;                     // to the API, for whole orders
  std::vector<core::error> failed;            // reads of whole orders' windows that did not work
  bool interrupted = false;
};

struct replay_result {
  store::maintenance::replay_state state;
  std::int64_t details_changed = 0;  // by this run
  bool interrupted = false;
};
using replay_listener = std::function<void(const store::maintenance::replay_state&)>;

// `verify`.
using miscount = store::maintenance::miscount;
struct verify_request {
  core::window range;
  std::optional<std::string> account;  // none: all
  bool fix = false;
};

struct order_difference {
  enum class kind {
    missing,    // the API shows it, the mirror does not have it
    not_shown,  // the mirror has it, the API does not show it
    status,     // they have different statuses
    content,    // something else differs
    unusable,   // the API shows an order whose id cannot be read
    miscounted  // the API counts other than it shows
  };
  kind what = kind::missing;
  std::int64_t order_id = 0;  // 0 where there is none
  core::integer api_status;
  core::integer mirror_status;
};
const char* name(order_difference::kind kind) noexcept;

struct window_difference {
  core::window window;
  std::int64_t api_total = 0;
  store::maintenance::plausible_count mirror_total;
  std::vector<order_difference> orders;
};

struct account_verification {
  std::string account;
  core::window range;        // what was compared: the ends are moved to where no order is near
  std::int64_t windows = 0;  // compared, the parts of those that differed included
  std::int64_t calls = 0;
  std::int64_t orders = 0;                     // that the API counts
  std::int64_t repaired = 0;                   // windows that differed and do no more since they were read again
  std::vector<window_difference> differences;  // that remain
  // Where the counts that the mirror keeps differed from its own orders; corrected.
  std::vector<miscount> miscounts;
  std::optional<core::error> stopped_by;
};

struct verify_result {
  std::vector<account_verification> accounts;
  bool interrupted = false;
};

struct verify_progress {
  std::chrono::seconds done{0};
  std::int64_t calls = 0;
  std::int64_t differences = 0;
};
using verify_listener = std::function<void(std::string_view account, const verify_progress&)>;

// `retention`.
struct retention_result {
  store::maintenance::erasure took;  // or would take
  bool interrupted = false;
};
using retention_listener = std::function<void(const store::maintenance::erasure&)>;

}  // namespace ordersync::app::tasks
