#pragma once
// Whether the API's filter shows an order in the seconds of its creation, and by what it is off where it does not.

#include "sync/trials/trial_questions.hpp"

namespace ordersync::sync::trials {

struct filter_finding {
  bool holds = false;
  bool by_status = false;  // the order is shown only where its status is named
  std::string reason;      // why it does not hold, for people
};

// Asks for one of the orders after the other, until one is shown that a filter which rounds times to the minute would
// not show; others count where there is none like that. Writes what it found into the evidence.
questions::answer<filter_finding> try_filter(questions& ask, std::vector<evidence::witness> orders);

// The same by the orders that the evidence remembers, then `stored`.
questions::answer<filter_finding> try_filter_by_known(questions& ask, std::vector<evidence::witness> stored);

// What try_filter_by_known asks first, if the filter holds.
std::vector<questions::planned> likely_filter_questions(questions& ask, std::vector<evidence::witness> stored);

}  // namespace ordersync::sync::trials
