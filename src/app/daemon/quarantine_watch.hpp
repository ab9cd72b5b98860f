#pragma once
// While this process leads: counts now and then what is in quarantine, so that the count is at hand without asking
// the database.
//
// One I/O thread. What is given outlives it.

#include "store/store.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <map>
#include <optional>
#include <string>

namespace ordersync::app::daemon {

class quarantine_watch {
 public:
  quarantine_watch(const boost::asio::any_io_executor& executor, store::database& database);

  // Until it is stopped.
  boost::asio::awaitable<void> run();
  void stop();

  // None before the first count.
  std::optional<store::maintenance::quarantine_counts> counts_of(const std::string& account) const;

 private:
  store::database& database_;
  boost::asio::steady_timer rest_;
  std::optional<std::map<std::string, store::maintenance::quarantine_counts>> counts_;
  bool stopping_ = false;
};

}  // namespace ordersync::app::daemon
