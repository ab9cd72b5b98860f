#pragma once
// One `ordersync backfill create --foreground` as a user would run it: the real program, the simulated vendor behind
// TLS on the loopback address, a database of its own in the durable cluster.

#include <cstdint>
#include <string>

namespace ordersync::bench {

struct backfill_setup {
  std::int64_t orders = 0;
  std::string latency = "0";  // that the vendor adds to each reply
};

inline constexpr int concurrency = 4;  // requests in flight

struct backfill_cost {
  double seconds = 0;      // from start to exit
  double cpu_seconds = 0;  // of ordersync, user and system
  double peak_mib = 0;     // greatest resident memory of ordersync
  std::int64_t calls = 0;  // as the table sweeps counts them
  std::int64_t windows = 0;
};

// Throws when the backfill fails or does not leave every order in the mirror.
backfill_cost run_backfill(const backfill_setup& setup);

}  // namespace ordersync::bench
