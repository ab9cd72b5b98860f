#pragma once
// The requests of checks by counts: counts, pages of a status, look-ups. At the urgency of revisits, and within their
// share of the rate, so live windows never wait for them. One I/O thread; what is given outlives it.

#include "app/freshness/request_pace.hpp"
#include "sync/flow/gated_requests.hpp"
#include "sync/ports.hpp"
#include "sync/recheck/listed_orders.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace ordersync::app::freshness {

class count_questions {
 public:
  struct dependencies {
    sync::flow::request_gate& turns;
    core::log& log;
    sync::order_source& source;
    std::function<std::optional<std::chrono::seconds>()> longest;  // range that the API answers in full
  };
  struct rules {
    std::string account;
    std::chrono::milliseconds request_timeout{30'000};
    double share = 0.3;        // of the rate
    std::size_t accounts = 1;  // that divide it
  };
  template <class T>
  using answer = boost::asio::awaitable<core::result<T>>;

  count_questions(dependencies around, rules how);

  // How many orders of the window have the status (none: any), by a request that shows one order.
  answer<std::int64_t> count(core::window window, std::optional<int> status);
  answer<sync::page> read(core::window window, std::optional<int> status, int number, int page_size);
  // By its number; where that shows nothing, in the lists of final statuses too, because look-ups may hide those.
  answer<sync::recheck::looked_up_order> look_up(sync::recheck::mirror_order order);

  void stop() noexcept;
  double per_second() const noexcept { return pace_.per_second(); }
  // Requests so far.
  std::int64_t calls() const noexcept { return requests_.calls(); }

 private:
  core::window around(core::instant created) const;
  answer<sync::page> ask_by_number(const sync::recheck::mirror_order& order);

  const rules rules_;
  sync::order_source& source_;
  const std::function<std::optional<std::chrono::seconds>()> longest_;
  request_pace pace_;
  sync::flow::gated_requests requests_;
};

}  // namespace ordersync::app::freshness
