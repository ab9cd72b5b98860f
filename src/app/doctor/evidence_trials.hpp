#pragma once
// Tries the API of an account for `doctor` as the daemon does before it reads, see sync/trial.hpp: whether its filter
// shows what it is asked for, and what it refuses, cuts or leaves out. Keeps nothing of it.
//
// About 20 requests, `most_requests` at most; fewer where no order of the account is known. One I/O thread. What is
// given outlives it.

#include "app/doctor/client.hpp"
#include "app/doctor/limit_findings.hpp"

#include <boost/asio/awaitable.hpp>

#include <vector>

namespace ordersync::app::doctor {

class evidence_trials {
 public:
  static constexpr int most_requests = 150;
  static constexpr int most_without_orders = 30;

  evidence_trials(client& api, const config::settings& settings, report_writer& notes)
      : api_(api), settings_(settings), notes_(notes) {}

  // Of the account that is asked for, in the way that is in force. `stored`: orders that the mirror holds.
  // `has_orders`: whether it was shown to have some.
  boost::asio::awaitable<void> perform(std::vector<sync::evidence::witness> stored, bool has_orders);

 private:
  boost::asio::awaitable<tried_account> examine(std::vector<sync::evidence::witness> stored);
  boost::asio::awaitable<core::result<sync::page>> ask(sync::page_request request);

  client& api_;
  const config::settings& settings_;
  report_writer& notes_;
  int requests_ = 0;  // of the account
  int most_ = 0;      // of them
};

}  // namespace ordersync::app::doctor
