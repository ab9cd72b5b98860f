// Counters of what the simulator did, for tests and for people who wonder what their client did.
#pragma once

#include "push/queue.hpp"

#include <cstdint>
#include <string>

namespace pandapon_sim {

struct statistics {
  std::uint64_t connections = 0;  // accepted
  std::uint64_t handshakes = 0;   // of those, how many finished TLS's
  std::uint64_t requests = 0;     // read to their end, of every path
  std::uint64_t in_flight = 0;    // calls of the API read and not yet answered
  std::uint64_t max_in_flight = 0;
  // order-list requests by what became of them
  std::uint64_t pages = 0;           // answered as asked
  std::uint64_t faulted = 0;         // touched by the fault file
  std::uint64_t unauthorised = 0;    // refused for their headers
  std::uint64_t limited = 0;         // refused for their rate
  std::uint64_t bad_parameters = 0;  // refused for their body
  std::uint64_t orders_served = 0;
  // calls about one order; faulted, unauthorised, limited and bad_parameters above count these as well
  std::uint64_t details = 0;          // answered as asked
  std::uint64_t refund_infos = 0;     // the same, about a refund
  std::uint64_t details_unknown = 0;  // about an order or refund that is not there
  std::uint64_t details_refused = 0;  // because of --detail-refused
};

/// The state of the catalogue and of the push messages, and how long the behaviours still change by themselves: 0 when
/// the last has begun or ended.
struct present {
  std::uint64_t orders = 0, added = 0, mutated = 0;
  std::int64_t changes_left_ms = 0;
  push_counters pushes;
};

/// One JSON object.
std::string describe(const statistics& stats, const present& state);

}  // namespace pandapon_sim
