#pragma once
// How the API has answered over the last hours, minute by minute. Bounded: 360 minutes of fixed size, whatever happens.
// Pure; one thread.

#include "core/time.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ordersync::app::telemetry {

class request_history {
 public:
  static constexpr std::chrono::minutes length{360};

  // Latencies fall into bins that grow by a fifth from 1 ms on, so a quantile is right within a tenth: 64 of them reach
  // 100 s, beyond the longest request but for unusual settings.
  static constexpr std::size_t bins = 64;

  struct minute {
    core::second begin{};
    std::map<std::string, std::int64_t> outcomes;  // "ok", or the failure's core::name; only those that happened
    std::int64_t count = 0;
    // Of the requests that were answered well; none where there were none.
    std::optional<std::chrono::microseconds> p50, p95, longest;
  };

  // How an account fares at present.
  struct account_state {
    std::optional<core::instant> last_ok;
    std::optional<core::instant> failing_since;       // the first failure after the last success
    std::int64_t failures = 0;                        // since then, of whatever kind
    std::string failure;                              // the latest one's core::name
    std::optional<core::instant> same_failure_since;  // since then all failed like the latest
    std::int64_t same_failures = 0;                   // so often
    // How long the last `averaged` answers took; none while there were fewer.
    std::optional<std::chrono::milliseconds> average;

    // One failure, or two, is an everyday thing.
    bool failing() const noexcept { return failures > 2; }
  };
  static constexpr std::size_t averaged = 20;

  // A request that ended at `at`. Time that goes back counts into the newest minute.
  void add(core::instant at, std::string_view account, std::string_view outcome, std::chrono::nanoseconds took);
  // One that shows nothing of how the account fares: it counts into the minute alone.
  void add_beside(core::instant at, std::string_view outcome, std::chrono::nanoseconds took);

  // Oldest first, only minutes in which something ended, none older than `length` before `now`.
  std::vector<minute> minutes(core::instant now) const;
  const std::map<std::string, account_state, std::less<>>& accounts() const noexcept { return accounts_; }

 private:
  // The outcomes that are distinguished; whatever else there is counts as the last.
  static constexpr std::array<std::string_view, 7> names{"ok",      "unreachable",   "untrusted",     "overloaded",
                                                         "refused", "not_permitted", "unusable_reply"};
  struct bucket {
    std::int64_t number = -1;  // minutes since the epoch
    std::array<std::int64_t, names.size() + 1> outcomes{};
    std::array<std::int64_t, bins> latencies{};
    std::chrono::microseconds longest{0};
  };

  static minute minute_of(const bucket& of);
  void count(core::instant at, std::string_view outcome, std::chrono::nanoseconds took);
  std::optional<std::chrono::milliseconds> average_with(std::string_view account, std::chrono::microseconds took);

  std::array<bucket, static_cast<std::size_t>(length.count())> ring_{};
  std::int64_t newest_ = 0;
  std::map<std::string, account_state, std::less<>> accounts_;                         // as many as are configured
  std::map<std::string, std::deque<std::chrono::microseconds>, std::less<>> answers_;  // the last `averaged` of each
};

}  // namespace ordersync::app::telemetry
