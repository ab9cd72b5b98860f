// Greatest resident memory of a backfill: it must not grow with the number of orders.

#include "bench/backfill_run.hpp"
#include "bench/registration.hpp"

#include <memory>

namespace ordersync::bench {

void register_memory(const plan& p) {
  const auto smallest_peak = std::make_shared<double>(0);
  for (const auto orders : p.memory) {
    register_once("memory/" + std::to_string(orders), [orders, smallest_peak](benchmark::State& state) {
      const auto cost = run_backfill({.orders = orders});
      if (*smallest_peak == 0) *smallest_peak = cost.peak_mib;
      state.counters["peak_mib"] = cost.peak_mib;
      state.counters["to_smallest"] = cost.peak_mib / *smallest_peak;
      state.counters["orders_per_s"] = static_cast<double>(orders) / cost.seconds;
      state.counters["windows"] = static_cast<double>(cost.windows);
      return cost.seconds;
    });
  }
}

}  // namespace ordersync::bench
