#pragma once
// The planner's statistics after much was loaded. The server refreshes them by itself some minutes later; until then
// reports of a mirror that was empty a moment ago take minutes. Seldom, for the planner knows from the files how large
// a table has become: while 20,000 orders were loaded, statistics at each doubling took 0.8 of PostgreSQL's 1.9 s
// (ordersync sync, pandapon-sim at latency 0, 2 cores).

#include "store/pg/connection.hpp"

#include <atomic>
#include <cstdint>
#include <optional>

namespace ordersync::store::maintenance {

// How many orders came since the statistics were made. Any thread.
class growth {
 public:
  // True once there are a thousand more, and eight times as many as there were; then not again before analyzed().
  bool add(std::int64_t created) noexcept;
  // `orders`: how many there are; none when it failed. A distributed table's statistics do not say how many: then it is
  // at least what was created here.
  void analyzed(std::optional<std::int64_t> orders) noexcept;

 private:
  std::atomic<std::int64_t> orders_{0};
  std::atomic<std::int64_t> created_{0};
  std::atomic<std::int64_t> in_all_{0};
  std::atomic<bool> asked_{false};
};

// In the caller's transaction. Waits for nobody: what somebody else has locked is left out. How many orders there are,
// about.
std::int64_t analyze_orders(pg::connection& db);

}  // namespace ordersync::store::maintenance
