#pragma once
// The benchmarks. Each reports its numbers as counters; numbers.hpp says what they mean and what is to be reached.

#include "bench/plan.hpp"

#include <benchmark/benchmark.h>

#include <functional>
#include <string>

namespace ordersync::bench {

void register_decode(const plan& p);
void register_store(const plan& p);
void register_end_to_end(const plan& p);
void register_freshness(const plan& p);
void register_memory(const plan& p);

// Ends a benchmark without numbers. The caller's loop must end, too.
void fail(benchmark::State& state, const std::string& why);

// A benchmark that runs once. `body` gives the seconds that are its time and sets the counters; what it throws becomes
// the benchmark's error.
benchmark::internal::Benchmark* register_once(const std::string& name, std::function<double(benchmark::State&)> body);

}  // namespace ordersync::bench
