#pragma once
// While a daemon leads: takes an account's push messages from the database, has their orders read, and writes down what
// came of each message. Whoever leads next takes what was not concluded.
//
// One I/O thread. What is given outlives it.

#include "app/freshness/pushed_lookups.hpp"
#include "app/freshness/pushed_orders.hpp"
#include "app/setup/loading.hpp"
#include "app/telemetry/observer.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace ordersync::app::freshness {

class push_reader {
 public:
  struct dependencies {
    boost::asio::any_io_executor executor;
    const setup::configuration& from;
    telemetry::observer& observers;
    pushed_lookups::dependencies of_lookups;
  };

  // For the account at `index` of the configuration.
  push_reader(dependencies around, std::size_t index);
  push_reader(const push_reader&) = delete;
  push_reader& operator=(const push_reader&) = delete;

  // Until it is stopped; throws on a defect only. Requests are abandoned, the transaction in hand is finished.
  boost::asio::awaitable<void> run();
  // Messages were stored by this process: they need not wait for the next look at the table.
  void look() noexcept;
  void stop() noexcept;

 private:
  boost::asio::awaitable<bool> requeue();
  boost::asio::awaitable<bool> take_messages();
  boost::asio::awaitable<bool> expire();
  boost::asio::awaitable<bool> read_due();
  std::vector<std::int64_t> answered_by(const looked_up_order& found, const std::string& key,
                                        std::chrono::steady_clock::time_point now);
  boost::asio::awaitable<bool> hand_over(std::string key, std::string to_account);
  bool report(const core::result<void>& done);
  boost::asio::awaitable<bool> conclude(std::vector<store::push::concluded_message> list);
  boost::asio::awaitable<void> wait(std::chrono::steady_clock::time_point until);
  std::chrono::milliseconds looked_every() const noexcept;

  dependencies around_;
  const std::string account_;
  pushed_orders orders_;
  pushed_lookups lookups_;
  std::vector<store::push::concluded_message> unwritten_;  // while the database is away
  boost::asio::steady_timer alarm_;
  std::chrono::steady_clock::time_point requeue_due_{};
  std::chrono::steady_clock::time_point looked_at_{};
  std::chrono::steady_clock::time_point expired_at_{};
  bool requeued_ = false;
  bool news_ = false;
  bool stopping_ = false;
};

}  // namespace ordersync::app::freshness
