#include "app/runtime/task_group.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>

namespace ordersync::app::runtime {

void task_group::spawn(boost::asio::awaitable<void> task, boost::asio::cancellation_slot slot) {
  ++running_;
  auto end = [this](std::exception_ptr thrown) {
    --running_;
    if (thrown && !defect_) defect_ = std::move(thrown);
    ended_();
  };
  boost::asio::co_spawn(executor_, std::move(task), boost::asio::bind_cancellation_slot(slot, std::move(end)));
}

}  // namespace ordersync::app::runtime
