#pragma once
// What the API refuses of a request that it does not answer: too long a range, one that ends too near to now, too large
// a page. Each is looked for by itself, from a small request that is answered.

#include "sync/trials/trial_questions.hpp"

namespace ordersync::sync::trials {

struct refusal_finding {
  core::window range;  // what may be asked for of the range that was refused: its latest part
  std::optional<std::chrono::seconds> nearest_end;
  std::optional<std::chrono::seconds> longest_range;
  std::optional<int> page_size;
  std::string found_by;
};

// `refused` was, with `why`. Fails with `why` where small requests are refused as well.
questions::answer<refusal_finding> try_refused(questions& ask, core::window refused, core::error why);

}  // namespace ordersync::sync::trials
