#include "app/runtime/runner.hpp"

#include <boost/asio/co_spawn.hpp>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <exception>

namespace ordersync::app::runtime {

void runner::run_to_end(boost::asio::awaitable<void> task, stopping stop) {
  std::exception_ptr thrown;
  boost::asio::co_spawn(io_, std::move(task), [&](std::exception_ptr e) {
    thrown = std::move(e);
    stop_listening();
  });
  listen(std::move(stop));
  io_.restart();
  io_.run();
  if (thrown) std::rethrow_exception(thrown);
}

void runner::listen(stopping stop) {
  stop_ = std::move(stop);
  signals_.add(SIGTERM);
  signals_.add(SIGINT);
  signals_.async_wait([this](boost::system::error_code failed, int number) {
    if (!failed) on_signal(number);
  });
  if (stop_.reload) {
    hangups_.add(SIGHUP);
    listen_for_reload();
  }
  if (interrupted_) stop_.soon();
}

void runner::listen_for_reload() {
  hangups_.async_wait([this](boost::system::error_code failed, int) {
    if (failed) return;
    stop_.reload();
    listen_for_reload();
  });
}

void runner::on_signal(int number) {
  if (interrupted_) std::_Exit(128 + number);
  interrupted_ = true;
  signals_.async_wait([this](boost::system::error_code failed, int again) {
    if (!failed) on_signal(again);
  });
  stop_timer_.expires_after(std::chrono::seconds{4});
  stop_timer_.async_wait([this](boost::system::error_code failed) {
    if (!failed) stop_.now();
  });
  stop_.soon();
}

void runner::stop_listening() {
  signals_.cancel();
  hangups_.cancel();
  stop_timer_.cancel();
}

}  // namespace ordersync::app::runtime
