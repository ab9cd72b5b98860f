#pragma once
// Whether lists without a status leave orders out that lists of their status show, as the pages of some shops do with
// finished orders.

#include "sync/trials/trial_questions.hpp"

namespace ordersync::sync::trials {

struct status_finding {
  bool leaves_out = false;
  bool shows_all = false;      // with finished orders among them; neither: it could not be found out
  std::int64_t counted = 0;    // without a status
  std::int64_t by_status = 0;  // the sum over the statuses
  std::string found_by;
};

// `range` is answered in full. `to_now`: it ends now.
questions::answer<status_finding> try_statuses(questions& ask, core::window range, bool to_now);

}  // namespace ordersync::sync::trials
