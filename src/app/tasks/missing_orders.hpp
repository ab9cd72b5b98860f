#pragma once
// Orders that a proven window does not show any more: looks each up by its number at 1688, behind all other work, and
// marks those that are gone. What fails is left for the next read of the window, which brings it again.
//
// When many are missing at once the API has most likely begun to leave orders out: nothing is looked up or marked then,
// it is reported as an error, and whoever owns this has the API tried for the reason.
//
// What a look-up shows is stored, like any reading, so an order whose window does not show it any more stays current.
//
// An order is gone when neither its number nor the lists of the statuses that orders end in show it.
//
// A look-up is trusted only after one for an order that was just shown has found it: an API that ignores the filter, or
// does not know it, would make every order look gone, or none.
//
// One I/O thread. What is given outlives it.

#include "config/settings.hpp"
#include "store/store.hpp"
#include "sync/flow/gated_requests.hpp"
#include "sync/flow/request_gate.hpp"
#include "sync/ports.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace ordersync::app::tasks {

// An order of the batch that can be looked up; none when there is none.
std::optional<sync::missing_order> witness_of(const sync::window_batch& batch);

class missing_orders {
 public:
  struct dependencies {
    store::database& database;
    sync::flow::request_gate& turns;
    core::log& log;
    // Called when orders are missing that the API knows, or many at once: lists may leave orders out.
    std::function<void()> suspect_lists = [] {};
  };
  struct rules {
    std::chrono::milliseconds request_timeout{30'000};
    int page_size = 50;
    std::chrono::seconds greatest_age{0};  // up to which orders are read again; 0: all ages
    double per_second = 1;                 // look-ups at most: a tenth of the rate
  };

  missing_orders(dependencies around, std::string account, rules how);

  // What a commit found missing, and an order that it showed. True when look_up_all is to be run now.
  bool add(const std::vector<sync::missing_order>& missing, std::optional<sync::missing_order> shown,
           std::chrono::steady_clock::time_point now);

  // Until none is left. Ends early, without an error, when it is cancelled.
  boost::asio::awaitable<void> look_up_all(sync::order_source& source);

 private:
  enum class finding { there, gone };

  boost::asio::awaitable<void> work(sync::order_source& source);
  boost::asio::awaitable<core::result<void>> store_shown(core::order order);
  boost::asio::awaitable<core::result<bool>> are_many(core::instant now);
  void report_many();
  boost::asio::awaitable<core::result<finding>> look_up(sync::order_source& source, sync::missing_order order);
  boost::asio::awaitable<core::result<finding>> look_among_finished(sync::order_source& source,
                                                                    sync::missing_order order);
  boost::asio::awaitable<bool> look_ups_work(sync::order_source& source);
  boost::asio::awaitable<core::result<void>> conclude(sync::missing_order order, finding found);
  void give_up(const core::error& why);
  void log_findings();

  dependencies around_;
  const std::string account_;
  const rules rules_;
  sync::flow::gated_requests requests_;
  std::deque<sync::missing_order> queue_;
  std::unordered_set<std::int64_t> queued_;  // and the one in hand
  std::optional<sync::missing_order> shown_;
  // Orders that were found although windows do not show them: left alone until then.
  std::unordered_map<std::int64_t, std::chrono::steady_clock::time_point> left_alone_;
  std::chrono::steady_clock::time_point not_before_{};  // after a failure
  core::instant asked_at_{};                            // of the last look-up
  std::optional<core::order> found_;                    // by it
  std::optional<std::int64_t> held_;                    // orders of the ages that are read again
  std::chrono::steady_clock::time_point held_at_{};
  std::int64_t gone_ = 0, there_ = 0;  // since they were last logged
  bool running_ = false;
};

missing_orders::rules missing_rules_of(const config::settings& settings);

}  // namespace ordersync::app::tasks
