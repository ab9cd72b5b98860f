#pragma once
// What keeps an account's orders fresh beside its windows, for as long as the daemon leads: checks by counts, the
// reader of push messages, and that of order details. None of them makes windows later. One I/O thread; what is given
// outlives it.

#include "app/freshness/count_checker.hpp"
#include "app/freshness/detail_reader.hpp"
#include "app/freshness/push_reader.hpp"
#include "app/setup/loading.hpp"
#include "app/telemetry/observer.hpp"
#include "store/store.hpp"
#include "sync/evidence/evidence.hpp"
#include "sync/flow/request_gate.hpp"
#include "sync/ports.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

namespace ordersync::app::freshness {

class account_freshness {
 public:
  struct dependencies {
    boost::asio::any_io_executor executor;
    const setup::configuration& from;
    store::database& database;
    sync::flow::request_gate& turns;
    core::log& log;
    telemetry::observer& observers;
    sync::order_source& source;
    sync::detail_source* details;  // none: no details are read
    const sync::evidence::evidence& known;
    std::function<core::second()> server_now;
    std::function<core::instant()> observed_now;
    std::function<const std::vector<core::window>&()> proven;  // ascending, disjoint
  };

  // For the account at `index` of the configuration.
  account_freshness(const dependencies& around, std::size_t index);

  // All until they are stopped; they throw on a defect only.
  boost::asio::awaitable<void> check() { return checker_.run(); }
  boost::asio::awaitable<void> read_messages() { return messages_.run(); }
  boost::asio::awaitable<void> read_details();
  void stop() noexcept;

  // Messages were stored by this process: they need not wait for the next look at the table.
  void look_for_messages() noexcept { messages_.look(); }
  // None: checks by counts are switched off.
  std::optional<store::recheck::check_report> checks() const;

 private:
  const bool checks_on_;
  count_checker checker_;
  push_reader messages_;
  std::optional<detail_reader> details_;
};

}  // namespace ordersync::app::freshness
