#pragma once
// Who leads: the one daemon on a database that writes. Plain values.

#include "core/time.hpp"

#include <cstdint>
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

}  // namespace ordersync::store::leadership
