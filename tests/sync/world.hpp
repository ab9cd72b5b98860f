#pragma once
// A made-up API and a made-up database for the engine, replayed from a seed: orders spread over time in some way,
// replies that come in any order, and whatever can go wrong, a little of it or much.

#include "sync/sweep.hpp"

#include <cstdint>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace ordersync::sync::testing {

struct world_rules {
  core::window range;
  std::int64_t orders = 0;
  int clusters = 0;  // 0: spread evenly; else that many bursts, with nothing between
  int server_page_cap = 1'000'000;
  bool inclusive = true;  // the ends of the filter
  double lie = 0;         // chance that a reply's total is off
  double lie_always = 0;  // share of the time line where totals are always off
  double garbage = 0;     // chance that a reply cannot be understood
  double hidden_row = 0;  // chance that a reply leaves a row out
  double unusable = 0;    // share of orders that cannot be decoded
  double outage = 0;      // chance that a request fails for good
  double database_outage = 0;
  double outdated = 0;  // chance that a commit finds newer readings
  int newborn = 0;      // orders created while the sweep runs
  int deleted = 0;      // orders deleted while the sweep runs
  std::uint64_t seed = 1;
};

class world {
 public:
  world(world_rules rules, sweep_rules engine);

  // Runs the sweep to its end, or until it has taken more calls than any run should.
  void run();

  struct known_order {
    core::second at;
    bool usable = true;
    bool newborn = false;
    bool deleted = false;
  };

  world_rules rules;
  sweep_rules engine;
  std::map<std::int64_t, known_order> orders;  // by id, the deleted ones too
  std::set<std::int64_t> stored;
  std::set<std::int64_t> quarantined;  // by id, which the engine does not know
  std::vector<core::window> proven;
  std::vector<core::window> gaps;
  std::vector<std::string> broken;  // what must never happen, and did
  sweep_progress progress;
  bool ended = false;
  bool stopped = false;
  std::int64_t most_in_flight = 0;
  std::int64_t most_in_batch = 0;

 private:
  page answer(const page_request& ask);
  void drift();
  std::int64_t told_total(std::int64_t true_total, core::second begin);
  core::result<commit_summary> commit(const window_batch& batch);
  void check_proven(const window_batch& batch);
  bool chance(double p);
  std::uint64_t pick(std::uint64_t below);

  std::mt19937_64 random_;
  std::set<std::pair<core::second, std::int64_t>> line_;  // alive orders by time and id: the server's sort order
  int born_ = 0;
  int died_ = 0;
  std::int64_t answered_ = 0;
};

}  // namespace ordersync::sync::testing
