#pragma once
// Looks at the API for `doctor`: finds its way in (address, certificate, clock, credentials, unit of the timestamp),
// and then tries what it does, see probes.hpp.
//
// Reads only. At most seven requests an account besides the trials. One I/O thread. What is given outlives it.

#include "app/doctor/client.hpp"
#include "app/doctor/evidence_trials.hpp"
#include "app/doctor/probes.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ordersync::app::doctor {

struct api_secrets {
  std::vector<std::optional<std::string>> accounts;  // one an account, none where it could not be read
  std::string proxy_password;                        // empty: there is none, or it could not be read
};

class api_examination {
 public:
  // Orders that the mirror holds, by account.
  using stored_orders = std::map<std::string, std::vector<sync::evidence::witness>, std::less<>>;

  api_examination(const boost::asio::any_io_executor& executor, const config::settings& settings, api_secrets secrets,
                  stored_orders stored, core::log& log, report_writer& notes);

  boost::asio::awaitable<void> perform();

  // Ends it soon; what was not checked is not reported.
  void stop() { api_.stop(); }

 private:
  using page = client::page;

  boost::asio::awaitable<bool> reach();
  boost::asio::awaitable<page> find_way_in(const pandapon::probe_question& question);
  boost::asio::awaitable<void> meet(std::size_t account);
  boost::asio::awaitable<void> try_accounts();
  boost::asio::awaitable<void> try_details(const std::string& account);
  void become(std::size_t account);
  void add_answer(const page& first, std::chrono::steady_clock::duration took);
  void add_credentials(const std::string& account, const page& first);
  void add_unit();

  const config::settings& settings_;
  std::vector<std::optional<std::string>> secrets_;
  stored_orders stored_;
  report_writer& notes_;
  client api_;
  probes trials_;
  evidence_trials evidence_;
  std::vector<std::pair<std::size_t, bool>> accepted_;  // accounts; whether one is known to have orders
  bool answered_ = false;                               // the API, in a way that is understood
  std::string refusal_;  // of a range that ends now, where a small one of the past is answered
  // Whose credentials were accepted: with it the trials are made. The first that has orders, or else the first.
  std::optional<std::size_t> subject_;
};

}  // namespace ordersync::app::doctor
