#pragma once
// What live windows, revisits, checks by counts and audits of all accounts need together of the rate, and how often
// each account is read where the rate does not carry it. Pure.
//
// A model of admission, not a promise: it counts the least that each read costs, and replies that take no time.
// Units: requests a second, seconds.

#include "sync/schedule/task.hpp"

#include <chrono>
#include <cstddef>
#include <vector>

namespace ordersync::sync::schedule {

struct demand_rules {
  std::size_t accounts = 1;
  double rate = 10;  // that all of them share
  std::chrono::milliseconds live_every{10'000};
  double live_requests = 1;  // that a live window costs, on average
  std::vector<tier> tiers{};
  double recheck_share = 0;  // of the rate, that checks by counts may use at most
  double audit_share = 0;    // and audits
};

struct demand {
  double rate = 0;
  double live = 0;      // to read each account as often as it should be
  double revisits = 0;  // at least, for tiers to keep their pace: a request for each of their windows
  double checks = 0;    // at most
  double audits = 0;    // at most
  double reserved = 0;  // of the rate, what live windows leave to the others however many they are
  // How often an account is read for new orders: live_every where the rate carries it.
  std::chrono::duration<double> live_period{0};
  double revisit_stretch = 1;  // how many times as long as it should be the pace of tiers is, about

  // Tiers are read somewhat faster than they need to be, so a little more than they need is not missed.
  static constexpr double tolerance = 1.1;
  bool carries_live() const noexcept { return live <= rate - reserved; }
  bool carries_revisits() const noexcept { return revisit_stretch <= tolerance; }
};

// `rate` and `live_every` above zero.
demand demand_of(const demand_rules& rules);

}  // namespace ordersync::sync::schedule
