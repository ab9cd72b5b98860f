#pragma once
// How soon a change of an order's status is in the mirror: the real daemon beside the simulated vendor, whose orders
// change all the time. Each change is compared with the moment in which the order's row got that status, or a later
// one.

#include <cstdint>
#include <string>
#include <vector>

namespace ordersync::bench {

struct freshness_setup {
  std::int64_t orders = 100'000;  // over 180 days
  int open_percent = 5;           // that can still change
  double changes_per_second = 1;  // spread over all open orders; 0: nothing changes
  bool by_counts = true;          // sync.recheck, as by default
  bool push = false;              // push.listen
  int lost_percent = 0;           // of the push messages
  int settle_seconds = 150;       // before the measurement
  int seconds = 600;              // of the measurement
};

struct freshness_figures {
  std::int64_t changes = 0;
  std::int64_t unseen = 0;  // not in the mirror two minutes after the last change
  double p50 = 0;           // seconds, of those that are
  double p99 = 0;
  double worst = 0;
  double requests_per_second = 0;        // all that the vendor was asked
  double check_requests_per_second = 0;  // of them for checks by counts
};

// Throws when the mirror does not get ready.
freshness_figures run_freshness(const freshness_setup& setup);

}  // namespace ordersync::bench
