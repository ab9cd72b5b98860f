#pragma once
// Reads the details that are due of an account, once, in a process that ends then: what `sync` does after its windows.
//
// One I/O thread. What is given outlives the coroutine.

#include "app/runtime/stop_signal.hpp"
#include "app/tasks/sweep_views.hpp"
#include "app/tasks/task_dependencies.hpp"
#include "sync/flow/request_gate.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <functional>

namespace ordersync::app::tasks {

// Until none is due, or something keeps the rest from being read: they stay due then. For the account at `index`;
// stopped by `stop`.
boost::asio::awaitable<details_result> read_due_details(const task_dependencies& around, std::size_t index,
                                                        sync::flow::request_gate& turns,
                                                        std::function<core::instant()> observed_now,
                                                        runtime::stop_signal& stop);

}  // namespace ordersync::app::tasks
