#pragma once
// Single requests of one account, tried again like those of a sweep and within the rate: for what is no sweep.
//
// One I/O thread.

#include "app/setup/loading.hpp"
#include "app/setup/wiring.hpp"
#include "core/log.hpp"
#include "sync/flow/gated_requests.hpp"
#include "sync/flow/request_gate.hpp"
#include "sync/ports.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace ordersync::app::tasks {

class api_client {
 public:
  // For the account at `index`; what is given outlives it.
  static core::result<std::unique_ptr<api_client>> make(const boost::asio::any_io_executor& executor,
                                                        const setup::configuration& from, std::size_t index,
                                                        core::log& log,
                                                        const setup::source_maker& make_api = setup::make_source);

  api_client(const boost::asio::any_io_executor& executor, const setup::configuration& from, std::size_t index,
             std::unique_ptr<sync::order_source> source, core::log& log);
  api_client(const api_client&) = delete;
  api_client& operator=(const api_client&) = delete;

  // One at a time.
  boost::asio::awaitable<core::result<sync::page>> ask(sync::page_request request);
  // The order of that number at 1688, see sync::order_source::look_up.
  boost::asio::awaitable<core::result<sync::page>> look_up(std::string tb_order_id, core::window around);
  // What the API counts, by a page of one order.
  boost::asio::awaitable<core::result<std::int64_t>> count(core::window window, std::optional<int> status);

  sync::order_source& source() noexcept { return *source_; }
  sync::flow::request_gate& turns() noexcept { return turns_; }

  // Ends what is asked.
  void stop();
  std::int64_t calls() const noexcept { return requests_.calls(); }

 private:
  std::string account_;
  std::unique_ptr<sync::order_source> source_;
  sync::flow::request_gate turns_;
  sync::flow::gated_requests requests_;
};

}  // namespace ordersync::app::tasks
