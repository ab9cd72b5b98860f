#pragma once
// What commands do about backfill jobs beside writing them down: waiting for one, and asking the API what one would
// cost.

#include "app/setup/loading.hpp"
#include "app/tasks/backfill_views.hpp"
#include "store/store.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstddef>

namespace ordersync::app::tasks {

// Calls that a backfill of so many orders makes: its pages, and for every window about two and a half more, one that
// counts it in a larger one, one that confirms it, and half a page that is not full.
std::int64_t calls_for(std::int64_t orders, const config::sync_settings& sync);

// Asks for the first page of the whole range. One try.
boost::asio::awaitable<core::result<backfill_estimate>> estimate_backfill(boost::asio::any_io_executor executor,
                                                                          const setup::configuration& from,
                                                                          std::size_t index, core::window range,
                                                                          core::log& log);

// Looks at jobs until none of them is open.
class job_watch {
 public:
  job_watch(const boost::asio::any_io_executor& executor, store::database& database)
      : database_(database), timer_(executor) {}

  boost::asio::awaitable<core::result<awaited_jobs>> wait(std::vector<store::jobs::backfill_job> jobs,
                                                          const job_listener& listener);
  // Ends `wait` soon.
  void stop();

 private:
  store::database& database_;
  boost::asio::steady_timer timer_;
  bool stopping_ = false;
};

// The parts of ascending windows that end at `end` at the latest.
std::vector<core::window> until(const std::vector<core::window>& windows, core::second end);

}  // namespace ordersync::app::tasks
