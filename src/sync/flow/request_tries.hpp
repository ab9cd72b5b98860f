#pragma once
// What to do about a request that failed: give up, send it again after a wait, or ask once with nothing beside it.
// Pure: an event goes in, the next action comes out. gated_requests performs it.

#include "sync/flow/retry.hpp"

#include <chrono>
#include <cstdint>
#include <optional>

namespace ordersync::sync::flow {

// When a refusal for a reason that is not known (remedy::ask_less) is asked once more with nothing beside it, because
// the reason may be the load.
enum class ask_alone { never, after_company, always };

struct try_rules {
  retry_rules retries;
  // Tries in all where nobody understands the reply, which may be a passing fault, and where it is too large. Asking
  // for this page again is cheaper than reading the whole window again, and a window of many pages would hardly ever be
  // read where one reply in ten is such a one.
  int unusable_tries = 3;
  int oversized_tries = 2;
  ask_alone alone = ask_alone::after_company;
  // Where `retries` outlasts what keeps the whole account from succeeding: a request that fails while others succeed
  // is given up all the same.
  bool gives_up_alone = true;
  // What would have to wait longer is given up.
  std::optional<std::chrono::milliseconds> longest_wait{};
};

// A try that failed, and what was around it.
struct failed_try {
  const core::error& why;
  bool in_company = false;      // other requests were sent around it; false where it was asked alone
  bool asked_alone = false;     // nothing was beside it, on purpose
  bool stopping = false;        // nothing more is to be sent
  std::uint64_t successes = 0;  // of the account, ever
  std::uint64_t random = 0;     // any 64 bits
};

struct next_try {
  enum class action { give_up, send, ask_alone };
  action what = action::give_up;
  int attempt = 0;                    // its number, from 2 on
  std::chrono::milliseconds wait{0};  // before it; where it is given up, before others are sent
  bool failure_streak = false;        // the account is failing: the failure was not this request's own
  bool slow_down = false;             // the API asks to slow down
};

class request_tries {
 public:
  explicit request_tries(const try_rules& rules) : rules_(rules), retries_(rules.retries) {}

  next_try after(const failed_try& failed);

 private:
  bool is_alone(const failed_try& failed);

  try_rules rules_;
  retry retries_;
  int misunderstood_ = 0;
  std::uint64_t successes_ = 0;  // when it failed last
};

}  // namespace ordersync::sync::flow
