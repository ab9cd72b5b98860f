#pragma once
// Requests behind the rate gate: each waits for its turn, is tried again as request_tries decides, and knows where it
// is in that. For all that ask the API. One I/O thread; what is given outlives it.

#include "core/log.hpp"
#include "sync/flow/request_gate.hpp"
#include "sync/flow/request_tries.hpp"
#include "sync/ports.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <list>
#include <optional>
#include <string>
#include <utility>

namespace ordersync::sync::flow {

// Whose request it is, and for the log which one. What is empty is not logged.
struct request_label {
  std::string account;
  const char* kind = "";
  std::optional<std::int64_t> job{};
  core::window range{};
  int page = 1;
  std::string window_name{};
};

class gated_requests {
 public:
  using time_point = std::chrono::steady_clock::time_point;
  // One try. `received` may be called when the reply has come, before it is decoded: the next request may leave.
  template <class Reply>
  using send_once =
      std::function<boost::asio::awaitable<core::result<Reply>>(time_point deadline, std::function<void()> received)>;

  struct dependencies {
    request_gate& turns;
    core::log* log = nullptr;  // none: the caller reports failures itself
    std::function<std::uint64_t()> random;
  };
  struct rules {
    std::chrono::milliseconds timeout{30'000};  // one try: from the look-up of the name to the reply's last byte
    urgency how = urgency::backfill;
    try_rules tries;
    read_number read = 0;  // the one that they all are part of
  };

  gated_requests(dependencies around, rules how) : around_(std::move(around)), rules_(std::move(how)) {}
  gated_requests(const gated_requests&) = delete;
  gated_requests& operator=(const gated_requests&) = delete;

  // The reply, or why the last try failed. Cancelled, it may throw operation_aborted. Several may be on their way.
  template <class Reply>
  boost::asio::awaitable<core::result<Reply>> send(send_once<Reply> once, request_label label) {
    core::result<Reply> reply{core::error{}};
    const try_once attempt = [&once, &reply](time_point deadline, std::function<void()> received) {
      return keep(once, reply, deadline, std::move(received));
    };
    auto failed = co_await perform(attempt, std::move(label));
    if (failed) co_return std::move(*failed);
    co_return reply;
  }
  // A page of `source`; fills the label in from the request.
  boost::asio::awaitable<core::result<page>> fetch(order_source& source, page_request request, request_label label);

  // Ends the waits; what fails from here on is not sent again. What is in flight is its owner's to end.
  void stop() noexcept;
  // Requests sent so far.
  std::int64_t calls() const noexcept { return calls_; }

 private:
  using failure = std::optional<core::error>;
  using try_once = std::function<boost::asio::awaitable<failure>(time_point, std::function<void()>)>;
  struct outcome {
    failure why;
    time_point sent{};
  };

  template <class Reply>
  static boost::asio::awaitable<failure> keep(const send_once<Reply>& once, core::result<Reply>& reply,
                                              time_point deadline, std::function<void()> received) {
    reply = co_await once(deadline, std::move(received));
    co_return reply.has_error() ? failure{reply.error()} : failure{};
  }
  boost::asio::awaitable<failure> perform(const try_once& once, request_label label);
  boost::asio::awaitable<outcome> try_in_turn(const try_once& once, const std::string& account);
  boost::asio::awaitable<failure> try_alone(const try_once& once, const request_label& label, core::error why,
                                            time_point sent, int attempt);
  boost::asio::awaitable<void> pause(std::chrono::milliseconds length);
  void log_retry(const request_label& label, int attempt, std::chrono::milliseconds wait, const core::error& why);
  void log_success(const std::string& account);

  dependencies around_;
  rules rules_;
  std::list<boost::asio::steady_timer> waits_;
  std::int64_t calls_ = 0;
  bool stopping_ = false;
};

}  // namespace ordersync::sync::flow
