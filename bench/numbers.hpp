#pragma once
// What the benchmark reports: which counters of which benchmarks, in words, and what is to be reached. Pure.

#include "bench/plan.hpp"

#include <optional>
#include <string>
#include <vector>

namespace ordersync::bench {

enum class bound { at_least, at_most };
struct target {
  bound direction;
  double value;
};

struct number {
  std::string benchmark;  // as registered
  std::string counter;
  std::string words;
  std::string unit;
  int decimals = 0;
  std::optional<target> goal = std::nullopt;
};

std::vector<number> numbers_of(const plan& p);

inline bool reached(const target& goal, double value) {
  return goal.direction == bound::at_least ? value >= goal.value : value <= goal.value;
}

}  // namespace ordersync::bench
