#pragma once
// Whether whoever holds the leader's lock is gone, though its session lives: judged by how long its sign of life has
// stayed the same. Pure. One thread.

#include "store/leadership/leadership.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace ordersync::store::leadership {

class holder_watch {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  // What a look has read.
  bool is_gone(const lock_holder& holder, time_point now);
  void reset() noexcept { silence_.reset(); }

 private:
  struct silence {
    std::string beat;
    time_point since;
  };

  std::optional<silence> silence_;
};

}  // namespace ordersync::store::leadership
