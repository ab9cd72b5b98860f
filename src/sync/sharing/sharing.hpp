#pragma once
// What daemons on one database see of each other, as one look at it reads it. Plain values.
//
// A daemon that works is a worker. Each account has a lease, whose owner alone may write what belongs to the account;
// each access key has slices of the rate, one a worker.

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace ordersync::sync::sharing {

using time_point = std::chrono::steady_clock::time_point;

struct worker {
  std::string id;
  std::string beat;                   // changes with each sign of life
  bool connected = false;             // it has a session at the database
  std::vector<std::string> accounts;  // that its configuration has, ascending
};

struct lease {
  std::string account;
  std::string key_group;   // accounts with one access key share its rate
  std::string owner;       // a worker; empty: none
  std::int64_t epoch = 0;  // grows by one with each owner
};

struct slice {
  std::string key_group;
  std::string worker;
  double per_second = 0;
  std::int64_t number = 0;  // another one each time the slice is written
};

// `begun` is before the first statement, `ended` after the last, by the looking process's clock.
struct view {
  time_point begun{}, ended{};
  std::vector<worker> workers;  // the one that looks among them
  std::vector<lease> leases;    // by account
  std::vector<slice> slices;
};

}  // namespace ordersync::sync::sharing
