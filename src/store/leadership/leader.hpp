#pragma once
// Who leads: the one daemon on a database that writes. Plain values.

#include "core/time.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace ordersync::store::leadership {

// A running daemon.
struct instance {
  std::string id;  // unique for each process that ever ran on the database; [a-z0-9-], at most 50 characters
  std::string host;
  std::int64_t pid = 0;
  std::string version;
};

struct leader_info {
  instance who;
  std::int64_t epoch = 0;  // grows by one with each leader, from 1
  core::instant since{};
  core::instant heartbeat_at{};
};

// Who works an account.
struct account_owner {
  std::string account;
  std::string owner;  // instance::id; empty: none
  std::string host;   // of the owner, where it is known
  core::instant since{};
  // For how long nobody that shows signs of life has owned it, by the database's clock; none: somebody does.
  std::optional<std::chrono::milliseconds> ownerless_for;
};

}  // namespace ordersync::store::leadership
