// From an empty mirror to a complete one, over TLS: how fast when the vendor answers at once, and how much is lost to
// anything but waiting when it does not.

#include "bench/backfill_run.hpp"
#include "bench/registration.hpp"
#include "bench/shop.hpp"

namespace ordersync::bench {
namespace {

constexpr double latency_seconds = 0.05;

backfill_cost measure(const backfill_setup& setup, benchmark::State& state) {
  const auto cost = run_backfill(setup);
  const auto orders = static_cast<double>(setup.orders);
  state.counters["orders_per_s"] = orders / cost.seconds;
  state.counters["cpu_us_an_order"] = cost.cpu_seconds * 1e6 / orders;
  state.counters["pages"] = orders / orders_a_page;
  state.counters["calls"] = static_cast<double>(cost.calls);
  return cost;
}

double measure_latency(const backfill_setup& setup, benchmark::State& state) {
  const auto cost = measure(setup, state);
  const auto turns = [](double requests) { return requests * latency_seconds / concurrency; };
  state.counters["seconds"] = cost.seconds;
  state.counters["ideal_seconds"] = turns(static_cast<double>(setup.orders) / orders_a_page);
  state.counters["to_ideal"] = cost.seconds / turns(static_cast<double>(setup.orders) / orders_a_page);
  // What is left of it when the calls that proof and splitting cost are taken for granted.
  state.counters["to_ideal_of_calls"] = cost.seconds / turns(static_cast<double>(cost.calls));
  return cost.seconds;
}

}  // namespace

void register_end_to_end(const plan& p) {
  register_once("end_to_end/0ms",
                [p](benchmark::State& state) { return measure({.orders = p.without_latency}, state).seconds; });
  register_once("end_to_end/50ms", [p](benchmark::State& state) {
    return measure_latency({.orders = p.with_latency, .latency = "50ms"}, state);
  });
}

}  // namespace ordersync::bench
