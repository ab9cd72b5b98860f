#pragma once
// Tries whether an API's counts by status can be relied on (see sync/recheck/counts_trial.hpp), in proven windows. One
// I/O thread.

#include "app/freshness/count_questions.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ordersync::app::freshness {

struct trial_rules {
  std::vector<core::window> windows;  // each is answered in full
  std::vector<int> statuses;          // all that are known, ascending
  int page_size = 50;
  // Lists without a status leave orders out: only whether lists show orders of their own status can be tried.
  bool by_status = false;
  std::optional<std::int64_t> most_counted{};  // counts end here
};

struct trial_finding {
  bool tried = false;  // a window had orders
  std::string reason;  // why the counts cannot be relied on; empty: they can
};

count_questions::answer<trial_finding> try_counts(count_questions& ask, trial_rules how);

}  // namespace ordersync::app::freshness
