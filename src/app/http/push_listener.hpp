#pragma once
// The vendor's push messages on push.listen: checks each, has it stored, and answers within a second whatever the
// database does. Every daemon listens, whether it leads or not: the leader reads from the table what it is to read.
//
// It outlives reloads: address, path, secrets and database follow the configuration. One I/O thread.
//
// Hazard: whoever reaches the address may send anything. Sizes, connections, rate and time are bounded, what is refused
// has no effect, and no answer says more than which rule refused it.

#include "app/http/push_intake.hpp"
#include "app/http/push_writer.hpp"
#include "app/http/token_bucket.hpp"
#include "app/runtime/task_group.hpp"
#include "app/setup/loading.hpp"
#include "app/telemetry/observer.hpp"
#include "service/http_server.hpp"
#include "store/leadership/leader.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace ordersync::app::http {

class push_listener {
 public:
  struct dependencies {
    boost::asio::any_io_executor executor;
    store::leadership::instance self;
    telemetry::observer& observers;
    core::log& log;
    std::function<void()> stored;  // messages were stored: see push_writer
    // The vendor takes an answer after a second for none.
    std::chrono::milliseconds answered_within{900};
  };

  explicit push_listener(dependencies around);
  push_listener(const push_listener&) = delete;
  push_listener& operator=(const push_listener&) = delete;

  // Listens where push.listen says so. failure::input when the address cannot be had.
  core::result<void> open(const setup::configuration& from);
  // After a reload. An address that cannot be had is logged; the former one is kept then. Another path cuts nothing.
  void reconfigure(const setup::configuration& from);
  // Ends what is open; then join() returns soon, and throws on a defect. cut(): whatever waits for the database, too.
  void close() noexcept;
  void cut() noexcept { writer_.cut(); }
  boost::asio::awaitable<void> join();

  // Address and port as they are; empty: it does not listen.
  const std::string& address() const noexcept { return listening_; }

 private:
  core::result<void> listen(const config::listen_address& at);
  void move(const config::push_settings& push);
  void end_listening() noexcept;
  void take_over(const setup::configuration& from);
  boost::asio::awaitable<service::http_answer> answer(service::http_request request);
  boost::asio::awaitable<service::http_answer> take(service::http_request request);
  service::http_answer refuse(std::string_view reason);

  dependencies around_;
  std::vector<push_secret> secrets_;
  push_writer writer_;
  token_bucket reading_;        // of all requests
  token_bucket rate_;           // of signed messages
  config::push_settings push_;  // as it listens
  std::string listening_;
  std::vector<std::unique_ptr<service::http_server>> servers_;  // the last one may listen; those before it end
  std::chrono::steady_clock::time_point signature_logged_at_{};
  bool writing_ = false;
  boost::asio::steady_timer ended_;
  runtime::task_group tasks_;
};

}  // namespace ordersync::app::http
