#include "app/daemon/leader_tenure.hpp"

#include "app/setup/wiring.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace ordersync::app::daemon {

namespace asio = boost::asio;
using std::chrono::steady_clock;

leader_tenure::leader_tenure(const dependencies& around)
    : retention_(around.executor, setup::retention_rules_of(around.from.settings.retention), around.database,
                 around.observed_now, around.log),
      tasks_(around.executor, [this] { ended_.cancel(); }),
      ended_(around.executor, steady_clock::time_point::max()),
      since_(steady_clock::now()) {
  tasks_.spawn(retention_.run());
}

void leader_tenure::stop() {
  retention_.stop();
}

asio::awaitable<void> leader_tenure::join() {
  while (!tasks_.empty()) co_await ended_.async_wait(asio::as_tuple(asio::use_awaitable));
  tasks_.rethrow();
}

}  // namespace ordersync::app::daemon
