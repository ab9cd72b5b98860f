#pragma once
// Whether a count is the sum of its parts, or the end of all that the API counts.

#include "sync/trials/trial_questions.hpp"

namespace ordersync::sync::trials {

struct total_finding {
  std::optional<std::int64_t> cap;  // counts go no further
  std::string found_by;
};

// `range` is answered in full, as far as its length goes, and counts `total` orders of that status, or of all.
questions::answer<total_finding> try_total(questions& ask, core::window range, std::int64_t total,
                                           std::optional<int> status);

}  // namespace ordersync::sync::trials
