#pragma once
// Performs what a sweep decides: sends its requests through gated_requests, hands its windows to the store, and brings
// the answers back. All on one I/O thread.

#include "core/log.hpp"
#include "sync/flow/gated_requests.hpp"
#include "sync/flow/request_gate.hpp"
#include "sync/flow/retry.hpp"
#include "sync/sweep/sweep.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstdint>
#include <exception>
#include <functional>
#include <list>

namespace ordersync::sync::sweep {

struct sweep_runner_rules {
  std::chrono::milliseconds request_timeout{30'000};  // one try: from the look-up of the name to the reply's last byte
  flow::retry_rules retries;
  flow::urgency how = flow::urgency::backfill;
  flow::read_number read = 0;  // other than 0: the requests of the sweep share turns
};

// What is not the engine's to know. Everything outlives the runner.
struct dependencies {
  order_source& source;
  order_store& store;
  flow::request_gate& turns;  // shared by all that ask this API
  core::log& log;
  std::function<core::instant()> now;  // the clock by which orders are observed: it never goes back
  std::function<std::uint64_t()> random;
};

class sweep_runner {
 public:
  sweep_runner(boost::asio::any_io_executor executor, dependencies around, sweep_runner_rules rules);
  sweep_runner(const sweep_runner&) = delete;
  sweep_runner& operator=(const sweep_runner&) = delete;

  // Returns when `plan` is finished, whatever came of it. One at a time. Throws on a defect only.
  boost::asio::awaitable<void> perform(sweep& plan, std::string account);

  // Ends `perform` soon: requests are abandoned, the transaction in hand is finished. Call from the I/O thread.
  void stop();
  // Requests sent so far.
  std::int64_t calls() const noexcept { return asking_.calls(); }

 private:
  using signal_list = std::list<boost::asio::cancellation_signal>;

  void start_what_is_due();
  void start(const sweep::request& ask);
  void start(sweep::commit commit);
  boost::asio::awaitable<core::result<page>> fetch(page_request ask);
  void log_begin();
  void log_recovery(core::instant begun);
  void log_commit(const window_batch& batch, const core::result<commit_summary>& outcome);
  void report_finding(const char* event, core::severity level, const char* what, std::int64_t count,
                      const window_batch& batch);
  void done(std::exception_ptr defect);

  boost::asio::any_io_executor executor_;
  dependencies around_;
  flow::gated_requests asking_;
  boost::asio::steady_timer something_happened_;
  sweep* plan_ = nullptr;  // while it is performed
  std::string account_;
  signal_list requests_;  // one for each request in flight
  int running_ = 0;       // requests and commits
  bool news_ = false;
  bool stopping_ = false;
  std::exception_ptr defect_;
};

}  // namespace ordersync::sync::sweep
