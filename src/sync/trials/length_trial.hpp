#pragma once
// How long a range the API answers in full: an order that it is known to hold is asked for at the far end of a long
// range, from either side.

#include "sync/trials/trial_questions.hpp"

namespace ordersync::sync::trials {

struct length_finding {
  std::chrono::seconds in_full{0};  // ranges up to this length are answered in full
  bool cut = false;                 // longer ones are not, or are refused
  std::string found_by;
};

// Looks whether ranges of `wanted` are answered in full, and where not for the longest that are. The evidence knows an
// order. What is shown is written into the evidence. `last`: ranges are not to end later, unless that is allowed.
questions::answer<length_finding> try_lengths(questions& ask, std::chrono::seconds wanted, core::second last);

// What try_lengths asks first, if ranges of `wanted` are answered in full.
std::vector<questions::planned> likely_length_questions(questions& ask, std::chrono::seconds wanted);

}  // namespace ordersync::sync::trials
