#pragma once
// A log that keeps its lines, for tests that read them: "warning request_retry account=main window=1-1 attempt=2". What
// is empty is left out, as the real log does. Thread-safe.

#include "core/log.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace ordersync::test_support {

class recorded_log final : public core::log {
 public:
  void write(core::severity level, std::string_view event,
             std::initializer_list<core::log_field> fields) noexcept override {
    std::string line{name_of(level)};
    line.append(" ").append(event);
    for (const auto& field : fields)
      if (!field.value.empty()) line.append(" ").append(field.name).append("=").append(field.value);
    const std::lock_guard lock{mutex_};
    lines_.push_back(std::move(line));
    written_.notify_all();
  }

  std::vector<std::string> lines() const {
    const std::lock_guard lock{mutex_};
    return lines_;
  }
  // Every line so far, each with its end.
  std::string text() const {
    std::string all;
    for (const auto& line : lines()) all += line + "\n";
    return all;
  }
  int count(std::string_view event) const {
    const std::lock_guard lock{mutex_};
    return count_locked(event);
  }
  // Returns when the event has been written so many times; false after a minute.
  bool wait_for(std::string_view event, int times = 1) const {
    std::unique_lock lock{mutex_};
    return written_.wait_for(lock, std::chrono::minutes{1}, [&] { return count_locked(event) >= times; });
  }
  // "request_retry" of "warning request_retry account=main".
  static std::string event_of(std::string_view line) {
    line.remove_prefix(line.find(' ') + 1);
    return std::string{line.substr(0, line.find(' '))};
  }

 private:
  static std::string_view name_of(core::severity level) noexcept {
    constexpr std::array<std::string_view, 5> names{"trace", "debug", "info", "warning", "error"};
    return names.at(static_cast<std::size_t>(level));
  }
  int count_locked(std::string_view event) const {
    return static_cast<int>(std::ranges::count(lines_, event, &recorded_log::event_of));
  }

  mutable std::mutex mutex_;
  mutable std::condition_variable written_;
  std::vector<std::string> lines_;
};

}  // namespace ordersync::test_support
