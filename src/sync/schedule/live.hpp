#pragma once
// The newest orders: every so often the same short window before now. A window lies over the ones before it, so what
// appeared late is seen all the same. Pure; one thread.

#include "sync/schedule/task.hpp"

#include <chrono>
#include <cstdint>
#include <optional>

namespace ordersync::sync::schedule {

class live {
 public:
  live(core::second start, std::chrono::milliseconds every, std::chrono::seconds settle, std::chrono::seconds overlap)
      : start_(start), every_(every), settle_(settle), overlap_(overlap) {}

  // One at a time: the next one is due `every` after the last one began, or at once when that took longer.
  std::optional<task> next(const moment& now, std::uint64_t id);
  // Whether the task was this one's.
  bool ended(std::uint64_t task) noexcept;
  std::chrono::steady_clock::time_point wake() const noexcept;
  void use_settle(std::chrono::seconds settle) noexcept { settle_ = settle; }

 private:
  core::second start_;
  std::chrono::milliseconds every_;
  std::chrono::seconds settle_;
  std::chrono::seconds overlap_;
  std::chrono::steady_clock::time_point due_{};  // the epoch: at once
  std::optional<std::uint64_t> running_;
};

}  // namespace ordersync::sync::schedule
