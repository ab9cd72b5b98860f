#pragma once
// Where requests wait for their turn: performs what admission decides. One for everything that asks the same API, for
// the rate and the requests in flight are shared by all. One I/O thread. Outlives every pass.

#include "sync/flow/admission.hpp"
#include "sync/flow/failure_streak.hpp"
#include "sync/flow/load_trials.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace ordersync::sync::flow {

class request_gate {
 public:
  // A place among the requests in flight, given back when left or destroyed.
  class pass {
   public:
    pass(request_gate& of, admission::ticket ticket) noexcept : of_(&of), ticket_(ticket) {}
    pass(pass&& other) noexcept : of_(std::exchange(other.of_, nullptr)), ticket_(other.ticket_) {}
    pass(const pass&) = delete;
    pass& operator=(const pass&) = delete;
    pass& operator=(pass&&) = delete;
    // NOLINTNEXTLINE(bugprone-exception-escape): see let_in()
    ~pass() { leave(); }
    // NOLINTNEXTLINE(bugprone-exception-escape): see let_in()
    void leave() noexcept;

   private:
    request_gate* of_;
    admission::ticket ticket_;
  };

  // The right to ask alone; others who want it wait for its end.
  class trial {
   public:
    explicit trial(request_gate& of) noexcept : of_(&of) { of_->trial_runs_ = true; }
    trial(trial&& other) noexcept : of_(std::exchange(other.of_, nullptr)) {}
    trial(const trial&) = delete;
    trial& operator=(const trial&) = delete;
    trial& operator=(trial&&) = delete;
    // NOLINTNEXTLINE(bugprone-exception-escape): cancel() throws in theory alone
    ~trial();

   private:
    request_gate* of_;
  };

  request_gate(boost::asio::any_io_executor executor, admission_rules rules);
  request_gate(const request_gate&) = delete;
  request_gate& operator=(const request_gate&) = delete;

  // Returns when the request may leave. Cancelled, it leaves the queue and throws operation_aborted. `read`: see
  // admission::ask.
  boost::asio::awaitable<pass> enter(urgency how, std::string account, read_number read = 0);

  // Returns when no other trial runs. Cancelled, it throws operation_aborted.
  boost::asio::awaitable<trial> begin_trial();
  // As enter(), and nothing else is in flight or was sent shortly before; within a trial.
  boost::asio::awaitable<pass> enter_alone(std::string account);
  load_trials& trials() noexcept { return trials_; }
  // Whether a request that left at `sent` and has come back had company.
  bool had_company(std::chrono::steady_clock::time_point sent) const noexcept { return admission_.had_company(sent); }

  // See rate_budget::allow.
  void allow(double per_second, std::chrono::steady_clock::time_point until, int sharers = 1);

  // The account's work ends: whoever waits for it, or comes to, passes at once, for the gate may stay closed for as
  // long as there is no rate. Its source must be closed, so that nothing leaves. Until welcome().
  void let_go(const std::string& account);
  void welcome(const std::string& account) { gone_.erase(account); }

  // What came of a request. A success returns the failure streak of the account that it ended. `sent`: when a refused
  // one left.
  std::optional<failure_streak> succeeded(const std::string& account);
  void failed(const std::string& account);
  void throttled(const std::string& account, std::chrono::milliseconds pause,
                 std::optional<std::chrono::steady_clock::time_point> sent = std::nullopt);

  // Replies that the account ever had. When it has not moved since a request failed, it is not that request alone.
  std::uint64_t successes(const std::string& account) const;
  admission_load load() const noexcept { return admission_.load(); }
  const boost::asio::any_io_executor& executor() const noexcept { return executor_; }

 private:
  struct waiter {
    boost::asio::steady_timer turn;
    std::string account;
    bool admitted = false;
  };

  boost::asio::awaitable<pass> wait_for_turn(admission::ticket ticket, const std::string& account);

  // What could be thrown here is want of memory, and then nothing is to be saved.
  // NOLINTNEXTLINE(bugprone-exception-escape)
  void let_in() noexcept;
  // NOLINTNEXTLINE(bugprone-exception-escape): the same
  void leave(admission::ticket ticket) noexcept;

  boost::asio::any_io_executor executor_;
  admission admission_;
  boost::asio::steady_timer alarm_;
  std::map<admission::ticket, waiter*> waiting_;
  std::set<std::string> gone_;  // accounts whose work ends
  std::map<std::string, std::uint64_t> successes_;
  failure_streaks streaks_;
  load_trials trials_;
  boost::asio::steady_timer trial_over_;
  bool trial_runs_ = false;
};

}  // namespace ordersync::sync::flow
