#pragma once
// Runs one task at a time on the calling thread's I/O loop, and handles SIGTERM, SIGINT and SIGHUP while it does.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <optional>
#include <utility>

namespace ordersync::app::runtime {

class runner {
 public:
  struct stopping {
    std::function<void()> soon = [] {};  // at the first signal
    std::function<void()> now = [] {};   // when 4 s later the task still runs: it is given up within 5 s
    std::function<void()> reload{};      // at SIGHUP; none: that ends the process, as it does by default
  };

  boost::asio::io_context& io() noexcept { return io_; }
  // Whether a signal came.
  bool interrupted() const noexcept { return interrupted_; }

  // Blocks until `task` is done; its value, or what it threw. A second signal ends the process at once, with 128 and
  // the signal's number.
  template <class T>
  T run(boost::asio::awaitable<T> task, stopping stop) {
    std::optional<T> value;
    boost::asio::awaitable<void> kept = keep(std::move(task), value);
    run_to_end(std::move(kept), std::move(stop));
    return std::move(value).value();
  }

 private:
  // So that spawning, which compiles slowly, is compiled once and not for each T.
  template <class T>
  static boost::asio::awaitable<void> keep(boost::asio::awaitable<T> task, std::optional<T>& value) {
    auto result = co_await std::move(task);
    value.emplace(std::move(result));
  }
  void run_to_end(boost::asio::awaitable<void> task, stopping stop);
  void listen(stopping stop);
  void stop_listening();
  void on_signal(int number);
  void listen_for_reload();

  boost::asio::io_context io_{1};
  boost::asio::signal_set signals_{io_};
  boost::asio::signal_set hangups_{io_};
  boost::asio::steady_timer stop_timer_{io_};
  stopping stop_;
  bool interrupted_ = false;
};

}  // namespace ordersync::app::runtime
