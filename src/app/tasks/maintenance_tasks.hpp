#pragma once
// The tasks of the verbs that look after the mirror, but for verify: pandapon decodes what store kept, and store writes
// what came of it.
//
// One I/O thread. What is given outlives the task.

#include "app/runtime/stop_signal.hpp"
#include "app/tasks/maintenance_views.hpp"
#include "app/tasks/task_dependencies.hpp"
#include "store/store.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace ordersync::app::tasks {

// Batch after batch until it is through or `stopping` says so.
boost::asio::awaitable<core::result<replay_result>> replay(store::database& database, std::optional<core::second> from,
                                                           std::optional<core::second> to, std::string program,
                                                           const replay_listener& listener, const bool& stopping);

boost::asio::awaitable<core::result<retention_result>> retain(store::database& database,
                                                              store::maintenance::retention_rules rules, bool dry_run,
                                                              const retention_listener& listener, const bool& stopping);

// Tries again to store what is in quarantine: values by decoding their order's payload again, whole orders by reading
// their windows from the API again.
class retrying {
 public:
  explicit retrying(task_dependencies around);

  // One number of quarantine, or all that are open.
  boost::asio::awaitable<core::result<retry_result>> perform(std::optional<std::int64_t> id);

  // Ends `perform` soon. From the I/O thread.
  void stop() { stop_.request(); }

 private:
  boost::asio::awaitable<core::result<std::vector<store::maintenance::quarantined>>> wanted(
      std::optional<std::int64_t> id);
  // Orders, ascending.
  struct decodable {
    std::vector<std::int64_t> orders, details;
  };
  boost::asio::awaitable<core::result<decodable>> decode_again(
      const std::vector<store::maintenance::quarantined>& values, retry_result& result);
  boost::asio::awaitable<core::result<void>> read_again(const store::maintenance::quarantined& order,
                                                        retry_result& result);

  task_dependencies around_;
  runtime::stop_signal stop_{[this] { around_.database.close(); }};
};

}  // namespace ordersync::app::tasks
