#pragma once
// What the daemon shows on service.listen: /metrics, /healthz, /readyz, and whatever else is served beside them.
//
// It outlives reloads: when the address changes, it moves. One I/O thread, but for events of the log.

#include "app/daemon/daemon_state.hpp"
#include "app/http/counting.hpp"
#include "app/http/readiness.hpp"
#include "app/runtime/task_group.hpp"
#include "app/setup/build_identity.hpp"
#include "app/telemetry/observer_list.hpp"
#include "config/settings.hpp"
#include "service/http_server.hpp"
#include "service/metrics.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <memory>
#include <vector>

namespace ordersync::app::http {

class endpoint {
 public:
  // Observes from the start. `log` and `observers` outlive it, and it outlives whoever reports to them.
  endpoint(boost::asio::any_io_executor executor, setup::build_identity build, telemetry::observer_list& observers,
           core::log& log);
  endpoint(const endpoint&) = delete;
  endpoint& operator=(const endpoint&) = delete;

  // Before open(). Called for each server that is made: at the start, and at each move.
  void serve_also(std::function<void(service::http_server&)> add_routes) { also_.push_back(std::move(add_routes)); }

  // Listens and serves. `state` is asked until join() has returned. failure::input when the address cannot be had.
  core::result<void> open(const config::listen_address& address, std::function<daemon::daemon_state()> state);
  // To another address, when it is another. Where that cannot be had it stays, and says so.
  void move(const config::listen_address& address);
  // Ends what is open; then join() returns soon. Handlers that wait hold it up. join() throws on a defect.
  void close() noexcept;
  boost::asio::awaitable<void> join();

 private:
  core::result<std::unique_ptr<service::http_server>> listen(const config::listen_address& address);
  void start(std::unique_ptr<service::http_server> server, const config::listen_address& address);
  bool come_back();
  void add_routes(service::http_server& server);

  boost::asio::any_io_executor executor_;
  setup::build_identity build_;
  core::log& log_;
  service::metrics metrics_;
  counting counts_{metrics_};
  readiness ready_;
  std::vector<std::function<void(service::http_server&)>> also_;
  std::function<daemon::daemon_state()> state_;

  config::listen_address address_;                              // as it was asked for
  std::vector<std::unique_ptr<service::http_server>> servers_;  // the last one listens; those before it end
  boost::asio::steady_timer ended_;
  runtime::task_group tasks_;
};

}  // namespace ordersync::app::http
