#pragma once
// Tries what an account's API answers in full, and writes it into the account's evidence: whether its filter shows what
// it is asked for, how long a range and how great a count it answers, and whether lists without a status leave orders
// out. A few requests; asked before an account's windows are read, and again twice a day.
//
// What decides is never one reply: whatever speaks against the API is asked once more before it counts.
//
// Each step needs what those before it have found out, but hardly ever does that change what it asks: where the rules
// allow several requests at once, they are sent ahead (page_prefetch) and judged in order.

#include "core/log.hpp"
#include "sync/evidence/evidence.hpp"
#include "sync/trials/page_prefetch.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace ordersync::sync::trials {

// What an earlier proof relied on and is not so.
struct contradiction {
  std::string way;  // "filter", "range", "total", "status", or a way of auditing
  core::window range{core::second::min(), core::second::max()};
  std::int64_t expected = 0;
  std::int64_t found = 0;
  std::string reason;
  // Only the proofs of windows longer than this, where set, are in doubt.
  std::optional<std::chrono::seconds> longer_than{};
};

struct trial_report {
  std::vector<evidence::learnt_limit> limits;
  std::vector<contradiction> contradictions;
  std::int64_t calls = 0;
  std::string open;  // why not everything could be found out; empty: it could
};

struct trial_rules {
  int page_size = 50;
  std::int64_t max_orders = 10'000;  // windows with more are split, so greater counts need no trial
  evidence::known_limits by_hand{};  // what a person has set is not looked for
  int together = 1;                  // requests under way at once; what they show is judged in order all the same
};

class trial {
 public:
  // What is given outlives the trial.
  trial(page_fetcher ask, std::function<core::instant()> now, evidence::evidence& known, trial_rules rules);

  // Everything that windows within `range`, which is not empty and ends before now, need. `stored`: orders that the
  // mirror holds, the newest first; they are asked for where nothing else is known. Fails with what kept the API from
  // answering.
  boost::asio::awaitable<core::result<trial_report>> all(core::window range, std::vector<evidence::witness> stored);

  // Only whether the filter still holds.
  boost::asio::awaitable<core::result<trial_report>> filter(std::vector<evidence::witness> stored);

 private:
  page_fetcher ask_;
  std::function<core::instant()> now_;
  evidence::evidence& known_;
  trial_rules rules_;
};

}  // namespace ordersync::sync::trials
