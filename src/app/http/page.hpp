#pragma once
// The status page: the document, what it asks for under /api, and the few things that can be ordered with the admin
// token. It sees the mirror over a database session of its own, so that looking never delays a commit.
//
// One I/O thread.
//
// Hazard: everything but the POSTs is for whoever reaches the address. No answer holds personal data, secrets or what
// the database says of a statement; why it cannot be reached is shown as in the log, with its address.

#include "app/alerts/alert_watch.hpp"
#include "app/daemon/daemon_state.hpp"
#include "app/orders/refresh.hpp"
#include "app/setup/loading.hpp"
#include "app/telemetry/observer.hpp"
#include "app/telemetry/recent_problems.hpp"
#include "app/telemetry/request_history.hpp"
#include "core/log.hpp"
#include "service/http_server.hpp"
#include "store/leadership/leader.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ordersync::app::http {

class page : public telemetry::observer {
 public:
  // Of the server's routes "/", and all below "/api/". Before the server runs; the page outlives that.
  virtual void add_routes(service::http_server& server) = 0;
  // Reads the orders of a number from the API; none: this daemon does not lead. Before the server runs.
  using order_refresher =
      std::function<boost::asio::awaitable<std::optional<core::result<std::vector<orders::refreshed>>>>(std::string)>;
  virtual void use_refresher(order_refresher refresher) = 0;
  // How the API has answered this process. As long as the page.
  virtual const telemetry::request_history& history() const noexcept = 0;
  // Asked at each look; before the server runs.
  virtual void use_state(std::function<daemon::daemon_state()> state) = 0;
  // For alerts: what this daemon sees at present; of the mirror only while it leads.
  virtual boost::asio::awaitable<alerts::sighting> sight() = 0;
  // After a reload. What is under way ends by the old settings.
  virtual void reconfigure(const setup::configuration& from) = 0;

  // For the end: fails what waits for the database, soon; cut() at once. join() returns when the last look has ended,
  // and throws on a defect; the server's handlers have to have ended as well before the page goes.
  virtual void close() noexcept = 0;
  virtual void cut() noexcept = 0;
  virtual boost::asio::awaitable<void> join() = 0;
};

// `self` is this daemon, as it may lead. `problems`, what it has logged so far, and `log` outlive the page.
std::unique_ptr<page> make_page(boost::asio::any_io_executor executor, const setup::configuration& from,
                                store::leadership::instance self, const telemetry::recent_problems& problems,
                                core::log& log);

}  // namespace ordersync::app::http
