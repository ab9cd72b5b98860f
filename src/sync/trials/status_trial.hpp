#pragma once
// Whether lists without a status leave orders out that lists of their status show, as the pages of some shops do with
// finished orders.

#include "sync/trials/trial_questions.hpp"

#include <functional>

namespace ordersync::sync::trials {

struct status_finding {
  bool leaves_out = false;
  bool shows_all = false;      // with finished orders among them; neither: it could not be found out
  std::int64_t counted = 0;    // without a status
  std::int64_t by_status = 0;  // the sum over the statuses
  std::string found_by;
};

// `range` is answered in full. `to_now`: it ends now. `before_last` is called once, when only the list of all is left
// to be asked for: what comes after it can be planned then.
questions::answer<status_finding> try_statuses(questions& ask, core::window range, bool to_now,
                                               std::function<void()> before_last = {});

// What try_statuses asks first.
std::vector<questions::planned> status_questions(questions& ask, core::window range);

}  // namespace ordersync::sync::trials
