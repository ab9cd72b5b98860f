#pragma once
// How much is measured: enough for steady numbers, or (--quick) just enough to see that everything works.

#include <cstdint>
#include <vector>

namespace ordersync::bench {

struct plan {
  bool quick = false;
  double decode_seconds = 3;  // for each kind of page
  // The store writes batches as large as the greatest window that ordersync reads at once by default.
  int batch = 2'000;
  int rounds = 20;
  int row_by_row = 500;  // orders a round: row by row is so slow that a whole batch would be most of the benchmark
  std::int64_t without_latency = 60'000;
  std::int64_t with_latency = 60'000;
  std::int64_t changing_orders = 100'000;
  int freshness_seconds = 600;
  std::vector<std::int64_t> memory{10'000, 100'000, 1'000'000};
};

inline plan full_plan() {
  return {};
}
inline plan quick_plan() {
  return {.quick = true,
          .decode_seconds = 0.3,
          .rounds = 3,
          .row_by_row = 250,
          .without_latency = 6'000,
          .with_latency = 6'000,
          .changing_orders = 5'000,
          .freshness_seconds = 60,
          .memory = {10'000, 30'000}};
}

}  // namespace ordersync::bench
