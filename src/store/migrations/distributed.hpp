#pragma once
// What distributing the mirror over a Citus cluster has done. A plain value.

#include <cstdint>
#include <string>
#include <vector>

namespace ordersync::store::migrations {

struct distributed {
  std::vector<std::string> tables;  // distributed now, without their schema; empty: all were distributed before
  std::int64_t nodes = 0;           // that hold orders
};

}  // namespace ordersync::store::migrations
