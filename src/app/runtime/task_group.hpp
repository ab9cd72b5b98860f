#pragma once
// Coroutines that run beside each other on one I/O thread. Each end is noticed: a defect that comes out of one is kept
// until it is taken.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include <exception>
#include <functional>
#include <utility>

namespace ordersync::app::runtime {

class task_group {
 public:
  // `ended` is called at each end; the group outlives its tasks.
  task_group(boost::asio::any_io_executor executor, std::function<void()> ended)
      : executor_(std::move(executor)), ended_(std::move(ended)) {}
  task_group(const task_group&) = delete;
  task_group& operator=(const task_group&) = delete;

  // What is emitted to `slot`, where one is given, cancels the task.
  void spawn(boost::asio::awaitable<void> task, boost::asio::cancellation_slot slot = {});

  bool empty() const noexcept { return running_ == 0; }
  bool broken() const noexcept { return defect_ != nullptr; }
  // Throws what came out of a task, once.
  void rethrow() {
    if (auto defect = std::exchange(defect_, nullptr)) std::rethrow_exception(defect);
  }

 private:
  boost::asio::any_io_executor executor_;
  std::function<void()> ended_;
  int running_ = 0;
  std::exception_ptr defect_;
};

}  // namespace ordersync::app::runtime
