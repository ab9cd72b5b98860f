#pragma once
// The planner's statistics after much was loaded. The server refreshes them by itself some minutes later; until then
// reports of a mirror that was empty a moment ago take minutes.

#include "store/pg/connection.hpp"

#include <algorithm>
#include <atomic>
#include <cstdint>

namespace ordersync::store::maintenance {

// How many orders came since the statistics were made. Any thread.
class growth {
 public:
  // True once there are a thousand more, and a quarter more than there were.
  bool add(std::int64_t created) noexcept;
  // A distributed table's statistics do not say how many there are: then it is at least what was created here.
  void analyzed(std::int64_t orders) noexcept { orders_ = std::max(orders, in_all_.load()); }

 private:
  std::atomic<std::int64_t> orders_{0};
  std::atomic<std::int64_t> created_{0};
  std::atomic<std::int64_t> in_all_{0};
};

// In the caller's transaction. Waits for nobody: what somebody else has locked is left out. How many orders there are,
// about.
std::int64_t analyze_orders(pg::connection& db);

}  // namespace ordersync::store::maintenance
