// How soon changes of orders of any age are seen, and what that costs: as before there were checks by counts, by
// counts, and by push messages, some of which get lost.

#include "bench/freshness_run.hpp"
#include "bench/registration.hpp"

namespace ordersync::bench {
namespace {

double measure(const freshness_setup& setup, benchmark::State& state) {
  const auto figures = run_freshness(setup);
  state.counters["changes"] = static_cast<double>(figures.changes);
  state.counters["unseen"] = static_cast<double>(figures.unseen);
  state.counters["p50"] = figures.p50;
  state.counters["p99"] = figures.p99;
  state.counters["worst"] = figures.worst;
  state.counters["requests_per_s"] = figures.requests_per_second;
  state.counters["check_requests_per_s"] = figures.check_requests_per_second;
  return setup.seconds;
}

}  // namespace

void register_freshness(const plan& p) {
  const auto add = [&p](const char* name, freshness_setup setup) {
    setup.orders = p.changing_orders;
    setup.seconds = p.freshness_seconds;
    setup.settle_seconds = p.freshness_seconds / 4;
    register_once(name, [setup](benchmark::State& state) { return measure(setup, state); });
  };
  add("freshness/revisits", {.by_counts = false});
  add("freshness/counts", {});
  add("freshness/quiet", {.changes_per_second = 0});
  add("freshness/push", {.push = true});
  add("freshness/push_lossy", {.push = true, .lost_percent = 30});
}

}  // namespace ordersync::bench
