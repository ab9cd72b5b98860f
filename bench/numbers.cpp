#include "bench/numbers.hpp"

#include <fmt/format.h>

namespace ordersync::bench {
namespace {

std::vector<number> fixed_numbers() {
  const auto least = [](double value) { return target{bound::at_least, value}; };
  const auto most = [](double value) { return target{bound::at_most, value}; };
  return {
      {"decode/simulated", "orders_per_s", "decode, simulated pages, one core", "orders/s"},
      {"decode/simulated", "mb_per_s", "  the same", "MB/s"},
      {"decode/simulated", "bytes_an_order", "  an order, on average", "bytes"},
      {"decode/sample", "orders_per_s", "decode, the vendor's sample, one core", "orders/s"},
      {"decode/sample", "mb_per_s", "  the same", "MB/s"},
      {"store", "new_per_s", "store, new orders", "orders/s"},
      {"store", "unchanged_per_s", "store, unchanged orders", "orders/s"},
      {"store", "changed_per_s", "store, all orders changed", "orders/s"},
      {"store", "plain_per_s", "  beside it: plain COPY", "orders/s"},
      {"store", "row_by_row_per_s", "  beside it: row-by-row upserts", "orders/s"},
      {"store", "prepared_per_s", "  beside it: the same, prepared", "orders/s"},
      {"store", "new_to_plain", "  new to plain COPY", "times", 2, least(0.6)},
      {"store", "new_to_row_by_row", "  new to row by row", "times", 1, least(5)},
      {"store", "new_to_prepared", "  new to row by row, prepared", "times", 1, least(5)},
      {"store", "unchanged_to_new", "  unchanged to new", "times", 1, least(3)},
      {"end_to_end/0ms", "orders_per_s", "end to end, latency 0", "orders/s"},
      {"end_to_end/0ms", "cpu_us_an_order", "  CPU of ordersync an order", "µs"},
      {"end_to_end/0ms", "pages", "  full pages of all orders", "pages"},
      {"end_to_end/0ms", "calls", "  calls made", "calls"},
      {"end_to_end/50ms", "orders_per_s", "end to end, latency 50 ms", "orders/s"},
      {"end_to_end/50ms", "calls", "  calls made", "calls"},
      {"end_to_end/50ms", "seconds", "  elapsed", "s", 2},
      {"end_to_end/50ms", "ideal_seconds", "  pages * 50 ms / concurrency", "s", 2},
      {"end_to_end/50ms", "to_ideal", "  elapsed to that", "times", 3, most(1.15)},
      {"end_to_end/50ms", "to_ideal_of_calls", "  elapsed to calls * 50 ms / concurrency", "times", 3},
      {"freshness/revisits", "p50", "change to row, by revisits alone, p50", "s", 1},
      {"freshness/revisits", "p99", "  p99", "s", 1},
      {"freshness/revisits", "changes", "  changes", "changes"},
      {"freshness/revisits", "unseen", "  not seen two minutes after the end", "changes"},
      {"freshness/revisits", "requests_per_s", "  requests of all kinds", "a second", 2},
      {"freshness/counts", "p50", "change to row, by counts, p50", "s", 1, most(45)},
      {"freshness/counts", "p99", "  p99", "s", 1, most(90)},
      {"freshness/counts", "changes", "  changes", "changes"},
      {"freshness/counts", "unseen", "  not seen two minutes after the end", "changes", 0, most(0)},
      {"freshness/counts", "requests_per_s", "  requests of all kinds", "a second", 2},
      {"freshness/counts", "check_requests_per_s", "  of them for checks by counts", "a second", 2, most(3)},
      {"freshness/quiet", "check_requests_per_s", "  the same, while nothing changes", "a second", 2, most(0.6)},
      {"freshness/push", "p50", "change to row, by push messages, p50", "s", 2},
      {"freshness/push", "p99", "  p99", "s", 2, most(1.5)},
      {"freshness/push", "requests_per_s", "  requests of all kinds", "a second", 2},
      {"freshness/push_lossy", "p50", "  with 30 % of them lost, p50", "s", 2},
      {"freshness/push_lossy", "p99", "  p99", "s", 1, most(90)},
      {"freshness/push_lossy", "unseen", "  not seen two minutes after the end", "changes", 0, most(0)},
  };
}

}  // namespace

std::vector<number> numbers_of(const plan& p) {
  auto all = fixed_numbers();
  for (const auto orders : p.memory) {
    const auto name = "memory/" + std::to_string(orders);
    all.push_back(
        {name, "peak_mib", fmt::format("peak memory, {} orders", orders), "MiB", 1, target{bound::at_most, 96}});
    all.push_back({name, "orders_per_s", "  speed of that backfill", "orders/s"});
  }
  if (p.memory.size() > 1) {
    // Flat: a hundred times the orders may not cost more than the noise of an allocator.
    all.push_back({"memory/" + std::to_string(p.memory.back()), "to_smallest",
                   fmt::format("peak memory, {} to {} orders", p.memory.back(), p.memory.front()), "times", 2,
                   target{bound::at_most, 1.2}});
  }
  return all;
}

}  // namespace ordersync::bench
