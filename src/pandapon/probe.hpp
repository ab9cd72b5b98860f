#pragma once
// The API asked in ways in which the mirror never asks, to find out how it behaves: for `doctor`. Reads only.
//
// Of the orders that come no more is kept than what shows the API's behaviour: never personal data. One I/O thread; one
// call at a time. No retries.

#include "core/error.hpp"
#include "core/log.hpp"
#include "core/time.hpp"
#include "pandapon/http/tls_report.hpp"
#include "pandapon/request.hpp"
#include "pandapon/source.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ordersync::pandapon {

struct probe_question {
  exact_range range;
  int page_size = 1;
  std::optional<int> status{};
};

// How it is asked; whatever is not known yet is varied here.
struct probe_manner {
  request_style style;
  credentials who;
  core::instant now{};  // what the request is signed with
};

struct shown_order {
  std::int64_t id = 0;
  std::optional<core::instant> created_at, tb_created_at;
};

struct shown_page {
  std::int64_t total = 0;
  std::int64_t rows = 0;            // those that cannot be read included
  std::vector<shown_order> orders;  // those that can
};

struct probe_answer {
  core::result<shown_page> page;
  std::optional<core::second> server_time{};  // the reply's Date, also of one that refuses
  std::chrono::milliseconds took{0};
};

struct handshake_facts {
  http::tls_facts tls;
  std::string peer;  // the address that was connected to, "203.0.113.7"; with a proxy that of the proxy
};

class api_probe {
 public:
  using deadline = std::chrono::steady_clock::time_point;

  api_probe() = default;
  api_probe(const api_probe&) = delete;
  api_probe& operator=(const api_probe&) = delete;
  virtual ~api_probe() = default;

  // The addresses of the API's host, "203.0.113.7", or of the proxy before it. failure::unreachable.
  virtual boost::asio::awaitable<core::result<std::vector<std::string>>> addresses(deadline limit) = 0;
  // A handshake on a connection of its own, on which nothing is asked. failure::unreachable or untrusted.
  virtual boost::asio::awaitable<core::result<handshake_facts>> shake_hands(deadline limit) = 0;
  // Failures as those of an order source.
  virtual boost::asio::awaitable<probe_answer> ask(probe_question question, probe_manner manner, deadline limit) = 0;

  // Ends what is in flight.
  virtual void close() noexcept = 0;
};

// `settings.style` is not looked at. failure::input where a setting cannot be used.
core::result<std::unique_ptr<api_probe>> make_api_probe(boost::asio::any_io_executor executor,
                                                        const source_settings& settings, random_source random,
                                                        core::log& log);

}  // namespace ordersync::pandapon
