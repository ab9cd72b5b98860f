#pragma once
// Stores push messages for as long as a daemon listens for them, whether it leads or not: a bounded queue, and one
// writer that empties it in batches, a transaction each, over a database session of its own.
//
// Whoever hands a message in waits until its batch is committed, or until its time is over: then it may be stored all
// the same. One I/O thread.

#include "app/telemetry/observer.hpp"
#include "store/store.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace ordersync::app::http {

class push_writer {
 public:
  using time_point = std::chrono::steady_clock::time_point;
  struct dependencies {
    boost::asio::any_io_executor executor;
    telemetry::observer& observers;
    core::log& log;
    std::function<void()> stored;  // called after each commit of messages
  };

  explicit push_writer(dependencies around);
  push_writer(const push_writer&) = delete;
  push_writer& operator=(const push_writer&) = delete;

  // From the next batch on; what is in progress ends with the former one.
  void use(std::shared_ptr<store::database> database);

  // "stored", or why not: "queue" or "database".
  boost::asio::awaitable<std::string_view> store(store::push::new_message message, time_point arrived,
                                                 time_point until);
  // Counted in memory and written now and then.
  void count_refusal(std::string_view reason);

  // Until it is stopped; use() comes before.
  boost::asio::awaitable<void> run();
  // Lets the transaction in hand finish; whoever waits for a message gets its answer.
  void stop() noexcept;
  // Whatever waits for the database fails now.
  void cut() noexcept;

 private:
  struct pending {
    pending(const boost::asio::any_io_executor& executor, store::push::new_message m, time_point at)
        : message(std::move(m)), arrived(at), answered(executor) {}
    store::push::new_message message;
    time_point arrived;
    boost::asio::steady_timer answered;  // cancelled when it is known what came of it
    bool stored = false;
  };

  boost::asio::awaitable<void> store_batch();
  boost::asio::awaitable<void> write_refusals();
  boost::asio::awaitable<void> wait(time_point until);
  std::vector<store::push::new_message> next_batch() const;
  void conclude(std::size_t count, bool stored) noexcept;

  dependencies around_;
  std::shared_ptr<store::database> database_;
  std::deque<std::shared_ptr<pending>> queue_;
  std::map<std::string, std::int64_t> refusals_;
  time_point refusals_due_{};
  boost::asio::steady_timer alarm_;
  bool pausing_ = false;  // after a failure: what comes meanwhile does not wake it
  bool stopping_ = false;
};

}  // namespace ordersync::app::http
