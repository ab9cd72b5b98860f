#pragma once
// How long an account's requests have failed without one that succeeded. Pure: the caller brings the time. One thread.

#include "core/log.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace ordersync::sync::flow {

struct failure_streak {
  std::chrono::steady_clock::time_point since;
  std::int64_t failures = 0;
};

class failure_streaks {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  void failed(const std::string& account, time_point now);
  // What ended with this success.
  std::optional<failure_streak> succeeded(const std::string& account);

 private:
  std::map<std::string, failure_streak> open_;
};

// `api_back`, where requests had failed.
void log_recovery(core::log& log, const std::string& account, const std::optional<failure_streak>& ended,
                  failure_streaks::time_point now);

}  // namespace ordersync::sync::flow
