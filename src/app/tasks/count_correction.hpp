#pragma once
// Compares the counts that the mirror keeps (the table order_counts) with its orders, a part after the other, and
// corrects what differs. Parts that do not differ are only read, so a daemon goes on writing beside it.
//
// One I/O thread.

#include "app/runtime/stop_signal.hpp"
#include "core/log.hpp"
#include "store/store.hpp"

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>
#include <vector>

namespace ordersync::app::tasks {

class count_correction {
 public:
  // Of one account, or of all. Both outlive the task.
  count_correction(store::database& database, core::log& log, std::optional<std::string> account);

  // The days, UTC, that the range touches, and orders whose time is not known. What was corrected; each correction is
  // logged.
  boost::asio::awaitable<core::result<std::vector<store::maintenance::miscount>>> perform(core::window range);

  // Ends `perform` soon. From the I/O thread.
  void stop() { stop_.request(); }

 private:
  boost::asio::awaitable<core::result<void>> correct(std::optional<core::window> created);

  store::database& database_;
  core::log& log_;
  const std::optional<std::string> account_;
  std::vector<store::maintenance::miscount> found_;
  runtime::stop_signal stop_{[] {}};
};

}  // namespace ordersync::app::tasks
