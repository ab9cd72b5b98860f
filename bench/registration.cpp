#include "bench/registration.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <utility>

namespace ordersync::bench {

void fail(benchmark::State& state, const std::string& why) {
  fmt::print(stderr, "{}\n", why);
  state.counters.clear();
  state.SkipWithError(why.c_str());
}

benchmark::internal::Benchmark* register_once(const std::string& name, std::function<double(benchmark::State&)> body) {
  const auto run = [name, body = std::move(body)](benchmark::State& state) {
    for ([[maybe_unused]] const auto _ : state) {
      try {
        state.SetIterationTime(body(state));
      } catch (const std::exception& e) {
        fail(state, name + ": " + e.what());
        break;
      }
    }
  };
  return benchmark::RegisterBenchmark(name.c_str(), run)->Iterations(1)->UseManualTime()->Unit(benchmark::kSecond);
}

}  // namespace ordersync::bench
