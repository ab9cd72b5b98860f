#pragma once
// Runs one task at a time on the calling thread's I/O loop, and heeds SIGTERM, SIGINT and SIGHUP while it does.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <exception>
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
    std::exception_ptr thrown;
    boost::asio::co_spawn(io_, std::move(task), [&](std::exception_ptr e, T result) {
      thrown = e;
      if (!e) value.emplace(std::move(result));
      be_deaf();
    });
    listen(std::move(stop));
    io_.restart();
    io_.run();
    if (thrown) std::rethrow_exception(thrown);
    return std::move(value).value();
  }

 private:
  void listen(stopping stop);
  void be_deaf();
  void on_signal(int number);
  void listen_for_reload();

  boost::asio::io_context io_{1};
  boost::asio::signal_set signals_{io_};
  boost::asio::signal_set hangups_{io_};
  boost::asio::steady_timer patience_{io_};
  stopping stop_;
  bool interrupted_ = false;
};

}  // namespace ordersync::app::runtime
