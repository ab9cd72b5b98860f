// How the calls about one order behave, beyond what the documentation leaves open. What these change is not in the
// truth; oddities of the data itself are in the recipe. Shares are in 10,000, durations in milliseconds.
#pragma once

#include <cstdint>

namespace pandapon_sim {

/// How it is said that this app may not call them.
enum class refused_as : std::uint8_t {
  nothing,  // it may
  status,   // HTTP 403
  code,     // HTTP 200 with code 403
  gateway,  // HTTP 200 with 1688's gw.APIACLDecline
};

struct detail_rules {
  refused_as refuse = refused_as::nothing;
  refused_as refuse_refunds = refused_as::nothing;  // of the two calls that one alone
  std::int64_t lag_ms = 0;                          // the detail is that old
  std::uint32_t wrong = 0;                          // replies that are about another order
  std::uint32_t broken = 0;  // orders that the detail, and of which the refund, always answers with code 500
  std::uint32_t denied = 0;  // orders of which the app may not see the detail, nor the refund
};

}  // namespace pandapon_sim
