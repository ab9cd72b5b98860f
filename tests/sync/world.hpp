#pragma once
// A made-up API and a made-up database for the engine, replayed from a seed: orders spread over time in some way,
// replies that come in any order, and whatever can go wrong, a little of it or much.

#include "sync/interval_set.hpp"
#include "sync/sweep/sweep.hpp"
#include "sync/trials/trial.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <vector>

namespace ordersync::sync::testing {

// What real APIs of this family do and do not say.
struct behaviour {
  std::chrono::seconds clamp{0};            // a longer range is cut to this, in silence
  bool clamp_begin = false;                 // its begin is cut off, not its end
  std::chrono::seconds ahead{0};            // its clock is ahead of the one that it is asked by
  std::int64_t ahead_after = 0;             // from that request on
  std::chrono::seconds round{0};            // floors both times to this unit
  std::int64_t round_after = 0;             // from that request on
  std::int64_t cap = 0;                     // counts no further, and shows nothing behind
  bool hide_finished = false;               // lists without a status leave the statuses 5 to 7 out
  std::int64_t hide_after = 0;              // from that request on
  std::chrono::seconds refuse_range{0};     // refuses a longer range
  std::chrono::seconds refuse_near_now{0};  // and one that ends so near to now, which is the end of the world's range
  int refuse_pages = 0;                     // and a larger page
  bool repeat_last_page = false;            // a page beyond the last shows the last again
  bool same_page = false;                   // whichever page is asked for, the first is shown
  int lines_an_order = 0;                   // the total counts lines
  double twice = 0;                         // share of orders that are on their page twice, the first time as they were
};

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
  int together = 1;     // requests of a trial that are under way at once
  std::uint64_t seed = 1;
  behaviour api{};
};

class world {
 public:
  world(world_rules rules, sweep::sweep_rules engine);

  // Runs the sweep to its end, or until it has taken more calls than any run should.
  void run();
  // The same as the program does it: the API is tried first, what is proven is proven by that evidence alone, a failed
  // trial takes proof back, and what stays open is tried and read again.
  void run_with_trials();
  // Orders that are missing although their time is proven at the end.
  std::vector<std::string> lost() const;

  struct known_order {
    core::second at;
    int status = 1;
    bool usable = true;
    bool newborn = false;
    bool deleted = false;
  };

  world_rules rules;
  sweep::sweep_rules engine;
  std::map<std::int64_t, known_order> orders;  // by id, the deleted ones too
  std::set<std::int64_t> stored;
  std::set<std::int64_t> quarantined;  // by id, which the engine does not know
  std::vector<core::window> proven;
  std::vector<core::window> gaps;
  std::vector<std::string> broken;  // what must never happen, and did
  std::vector<std::string> said;    // by trials: what is wrong with the API
  sweep::sweep_progress progress;
  bool ended = false;
  bool stopped = false;
  std::int64_t most_in_flight = 0;
  std::int64_t most_in_batch = 0;

 private:
  core::result<page> answer(const page_request& ask);
  page honest_answer(const page_request& ask);
  const std::vector<std::int64_t>& listed(const core::window& range, std::optional<int> asked, bool hides);
  void sweep_through(const std::vector<core::window>& ranges, evidence::evidence* known);
  void try_api(evidence::evidence& known, bool filter_alone);
  core::order row(std::int64_t id, core::instant observed) const;
  bool check_at_once_ = true;
  void drift();
  std::int64_t reported_total(std::int64_t true_total, core::second begin);
  core::result<commit_summary> commit(const window_batch& batch);
  void check_proven(const window_batch& batch);
  bool chance(double p);
  std::uint64_t pick(std::uint64_t below);

  std::mt19937_64 random_;
  std::mt19937_64 delays_;  // of replies to trials: apart, so that what else happens does not depend on them
  std::set<std::pair<core::second, std::int64_t>> line_;  // alive orders by time and id: the server's sort order
  std::map<std::tuple<core::second, core::second, int, bool>, std::vector<std::int64_t>> lists_;
  int born_ = 0;
  int died_ = 0;
  std::int64_t answered_ = 0;
};

}  // namespace ordersync::sync::testing
