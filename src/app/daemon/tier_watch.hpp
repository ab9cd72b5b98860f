#pragma once
// Whether an account's orders are read again as often as its tiers ask for: keeps what `status` shows of that in the
// database, and logs which tier falls behind or has caught up. While the API's answers cannot be trusted, proof that is
// older than its tier allows is taken back.
//
// One I/O thread. What is given outlives it.

#include "app/tasks/api_trials.hpp"
#include "core/log.hpp"
#include "store/store.hpp"
#include "sync/schedule/schedule.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <set>
#include <string>
#include <vector>

namespace ordersync::app::daemon {

class tier_watch {
 public:
  struct dependencies {
    store::database& database;
    core::log& log;
    tasks::api_trials& trials;
    std::function<core::second()> server_now;
    std::function<void(const std::vector<core::window>&)> taken_back;  // proof that fell
  };

  tier_watch(dependencies around, std::string account);

  // When the tiers are to be looked at again; the epoch: at once.
  std::chrono::steady_clock::time_point due() const noexcept { return due_; }
  // To be called then.
  boost::asio::awaitable<void> look(std::vector<sync::schedule::tier_state> tiers);

 private:
  boost::asio::awaitable<void> perform(std::vector<sync::schedule::tier_state> tiers);
  bool report_changes(const std::vector<sync::schedule::tier_state>& tiers);
  boost::asio::awaitable<void> doubt_stale(std::vector<sync::schedule::tier_state> tiers);

  dependencies around_;
  const std::string account_;
  std::set<std::size_t> behind_;  // tiers that were reported as behind
  std::chrono::steady_clock::time_point due_{};
  std::chrono::steady_clock::time_point stale_at_{};  // when what the database has of them is to be written again
};

}  // namespace ordersync::app::daemon
