#pragma once
// Where the blocking happens: one thread, one connection, one transaction after the other. A transaction that fails for
// a reason that passes is run again on a new connection, so its callback must do all its work anew each time and change
// nothing of the program's that outlives a failed try.
//
// run() belongs to coroutines of any executor, close() and cut() to any thread; what the callback touches is touched by
// the runner's thread.

#include "core/log.hpp"
#include "store/pg/connection.hpp"
#include "store/pg/outage_log.hpp"
#include "store/pg/precondition_failed.hpp"
#include "store/pg/settings.hpp"
#include "store/pg/stop_signal.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace ordersync::store::pg {

class transaction_runner {
 public:
  transaction_runner(std::string url, std::string password, session as, retry_policy policy, core::log& log);
  ~transaction_runner();
  transaction_runner(const transaction_runner&) = delete;
  transaction_runner& operator=(const transaction_runner&) = delete;

  // `operation` is for logs and errors. The callback may throw sql_error and precondition_failed; what else it throws
  // comes out of the await.
  template <class T>
  boost::asio::awaitable<core::result<T>> run(const char* operation, access mode, std::function<T(connection&)> body);

  // Operations asked for and not ended. Any thread.
  std::size_t waiting() const noexcept { return *waiting_; }

  void use_password(std::string password);
  void close() noexcept;
  void cut() noexcept;

 private:
  // Comes back to the caller's executor; throws what the work threw. One for all types, because spawning is slow to
  // compile.
  boost::asio::awaitable<void> perform_in_thread(const std::function<void()>& work);
  template <class T>
  core::result<T> attempt_until_done(const char* operation, access mode, const std::function<T(connection&)>& body);
  // One try. Its failure leaves no connection.
  void transact(access mode, const std::function<void(connection&)>& body);
  connection& connected();
  void log_wait(const char* step, std::chrono::seconds waited);
  // Whether to try again, after having waited.
  bool wait_to_retry(const char* operation, const sql_error& why);
  void answered();  // the database is there, whatever it said
  void worked();    // and well
  bool closed() const;
  static core::error explain(const char* operation, const sql_error& why);

  // Of a caller, who may see the end only after the runner is gone.
  using counter = std::shared_ptr<std::atomic<std::size_t>>;
  class place {
   public:
    explicit place(counter of) noexcept : of_(std::move(of)) { ++*of_; }
    place(const place&) = delete;
    place& operator=(const place&) = delete;
    ~place() { --*of_; }

   private:
    counter of_;
  };

  const std::string url_;
  const session session_;
  const retry_policy policy_;

  // The runner's thread's own.
  std::unique_ptr<connection> connection_;
  const char* operation_ = "";
  std::optional<std::chrono::steady_clock::time_point> failing_since_;
  std::chrono::milliseconds next_wait_;
  core::log& log_;
  outage_log outage_;

  mutable std::mutex mutex_;  // for what follows
  std::condition_variable wake_;
  std::string password_;
  bool closed_ = false;
  bool drop_connection_ = false;  // the password changed

  const counter waiting_ = std::make_shared<std::atomic<std::size_t>>(0);
  stop_signal cut_;
  boost::asio::thread_pool thread_{1};
};

template <class T>
boost::asio::awaitable<core::result<T>> transaction_runner::run(const char* operation, access mode,
                                                                std::function<T(connection&)> body) {
  const place taken{waiting_};
  std::optional<core::result<T>> result;
  const std::function<void()> work = [&] { result.emplace(attempt_until_done<T>(operation, mode, body)); };
  co_await perform_in_thread(work);
  co_return std::move(*result);
}

template <class T>
core::result<T> transaction_runner::attempt_until_done(const char* operation, access mode,
                                                       const std::function<T(connection&)>& body) {
  operation_ = operation;
  for (;;) {
    try {
      if constexpr (std::is_void_v<T>) {
        transact(mode, body);
        return {};
      } else {
        std::optional<T> out;
        transact(mode, [&](connection& db) { out.emplace(body(db)); });
        return std::move(*out);
      }
    } catch (const sql_error& why) {
      if (!wait_to_retry(operation, why)) return explain(operation, why);
    } catch (const precondition_failed& why) {
      worked();
      return why.why();
    }
  }
}

}  // namespace ordersync::store::pg
