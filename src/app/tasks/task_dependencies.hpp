#pragma once
// What every task works with that reads from the API and writes to the mirror.

#include "app/setup/loading.hpp"
#include "app/setup/wiring.hpp"
#include "core/log.hpp"
#include "store/store.hpp"

#include <boost/asio/any_io_executor.hpp>

namespace ordersync::app::tasks {

// Everything outlives the task.
struct task_dependencies {
  boost::asio::any_io_executor executor;
  const setup::configuration& from;
  store::database& database;
  core::log& log;
  setup::source_maker make_api = setup::make_source;
  setup::detail_maker make_details = setup::make_details;
};

}  // namespace ordersync::app::tasks
