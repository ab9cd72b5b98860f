#include "app/daemon/retention_keeper.hpp"

#include "app/tasks/maintenance_tasks.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace ordersync::app::daemon {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::hours between_runs{24};
// After a failure, which the store has outlasted as far as it could.
constexpr std::chrono::minutes rest_after_failure{10};

}  // namespace

retention_keeper::retention_keeper(const asio::any_io_executor& executor, store::maintenance::retention_rules rules,
                                   store::database& database, core::log& log)
    : rules_(rules), database_(database), log_(log), rest_(executor) {}

void retention_keeper::stop() {
  stopping_ = true;
  rest_.cancel();
}

asio::awaitable<void> retention_keeper::run() {
  const tasks::retention_listener quiet = [](const store::maintenance::erasure&) {};
  while (!rules_.off() && !stopping_) {
    const auto done = co_await tasks::retain(database_, rules_, false, quiet, stopping_);
    if (done.has_error() && !stopping_)
      log_.write(core::severity::error, "retention_failed",
                 {{"failure", core::name(done.error().kind)}, {"reason", done.error().what}});
    if (done.has_value() && done->took.orders + done->took.quarantined > 0)
      log_.write(core::severity::info, "retention_erased",
                 {{"orders", done->took.orders},
                  {"receivers", done->took.receivers},
                  {"warehouse_addresses", done->took.warehouse_addresses},
                  {"payloads", done->took.payloads},
                  {"texts", done->took.quarantined}});
    if (stopping_) break;
    rest_.expires_after(done.has_error() ? std::chrono::minutes{rest_after_failure}
                                         : std::chrono::minutes{between_runs});
    co_await rest_.async_wait(asio::as_tuple(asio::use_awaitable));
  }
}

}  // namespace ordersync::app::daemon
