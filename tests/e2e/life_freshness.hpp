#pragma once
// How old changes were when the mirror saw them, from the simulator's log of what happened and the mirror's
// _changed_at.

#include "e2e/stage.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace ordersync::e2e {

// Orders from the age of the row before it up to this one, and how often they are to be read.
struct age_row {
  std::string name;
  std::int64_t younger_than_s;
  std::int64_t every_s;
};

// A time in which something was broken on purpose, epoch milliseconds.
struct outage {
  std::string what;
  std::int64_t from_ms;
  std::int64_t to_ms;
};

struct lateness {
  std::int64_t n = 0;
  double p50_s = 0;
  double p99_s = 0;
  double most_s = 0;
};
struct freshness_row {
  age_row ages;
  lateness all;
  lateness calm;  // of changes that no outage fell on between happening and being seen
};

// Of the last thing that happened to each order, by the order's age at that moment. One row for each of `rows`.
std::vector<freshness_row> measure_freshness(stage& on, const std::vector<age_row>& rows,
                                             const std::vector<outage>& outages);

// As a table on stdout, and as properties of the test.
void print_freshness(const std::vector<freshness_row>& rows);

}  // namespace ordersync::e2e
