#include "sync/flow/request_gate.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

namespace ordersync::sync::flow {

namespace asio = boost::asio;
using std::chrono::steady_clock;

namespace {
// A ticket that the admission never gave out, and so ignores.
constexpr admission::ticket nobodys = 0;
}  // namespace

request_gate::request_gate(asio::any_io_executor executor, admission_rules rules)
    : executor_(std::move(executor)),
      admission_(rules),
      alarm_(executor_),
      trial_over_(executor_, steady_clock::time_point::max()) {}

// NOLINTNEXTLINE(bugprone-exception-escape): see let_in()
void request_gate::pass::leave() noexcept {
  if (auto* of = std::exchange(of_, nullptr)) of->leave(ticket_);
}

asio::awaitable<request_gate::pass> request_gate::enter(urgency how, std::string account, read_number read) {
  if (gone_.contains(account)) {
    pass free(*this, nobodys);
    co_return std::move(free);
  }
  const auto ticket = admission_.ask(how, account, read);
  co_return co_await wait_for_turn(ticket, account);
}

asio::awaitable<request_gate::pass> request_gate::enter_alone(std::string account) {
  if (gone_.contains(account)) {
    pass free(*this, nobodys);
    co_return std::move(free);
  }
  const auto ticket = admission_.ask_alone(account);
  co_return co_await wait_for_turn(ticket, account);
}

asio::awaitable<request_gate::pass> request_gate::wait_for_turn(admission::ticket ticket, const std::string& account) {
  pass place(*this, ticket);  // from here on it is given back, whatever happens
  waiter self{asio::steady_timer(executor_, steady_clock::time_point::max()), account};
  waiting_.emplace(ticket, &self);
  let_in();
  if (!self.admitted) co_await self.turn.async_wait(asio::as_tuple(asio::use_awaitable));
  // It may have been let in and cancelled at the same moment.
  const auto cancelled = (co_await asio::this_coro::cancellation_state).cancelled();
  if (!self.admitted || cancelled != asio::cancellation_type::none)
    throw boost::system::system_error(asio::error::operation_aborted);
  co_return std::move(place);
}

asio::awaitable<request_gate::trial> request_gate::begin_trial() {
  while (trial_runs_) {
    co_await trial_over_.async_wait(asio::as_tuple(asio::use_awaitable));
    const auto cancelled = (co_await asio::this_coro::cancellation_state).cancelled();
    if (cancelled != asio::cancellation_type::none) throw boost::system::system_error(asio::error::operation_aborted);
  }
  co_return trial(*this);
}

// NOLINTNEXTLINE(bugprone-exception-escape): see the header
request_gate::trial::~trial() {
  if (of_ == nullptr) return;
  of_->trial_runs_ = false;
  of_->trial_over_.cancel();
}

// NOLINTNEXTLINE(bugprone-exception-escape): see let_in()
void request_gate::leave(admission::ticket ticket) noexcept {
  waiting_.erase(ticket);
  admission_.leave(ticket);
  let_in();
}

// NOLINTNEXTLINE(bugprone-exception-escape): see the header
void request_gate::let_in() noexcept {
  const auto now = steady_clock::now();
  while (const auto ticket = admission_.admit(now)) {
    const auto at = waiting_.find(*ticket);
    at->second->admitted = true;
    at->second->turn.cancel();
    waiting_.erase(at);
  }
  const auto again = admission_.look_again(now);
  if (!again) {
    alarm_.cancel();
    return;
  }
  alarm_.expires_at(*again);
  alarm_.async_wait([this](boost::system::error_code cancelled) {
    if (!cancelled) let_in();
  });
}

void request_gate::let_go(const std::string& account) {
  gone_.insert(account);
  std::erase_if(waiting_, [&](const auto& each) {
    auto& [ticket, who] = each;
    if (who->account != account) return false;
    admission_.leave(ticket);
    who->admitted = true;
    who->turn.cancel();
    return true;
  });
  let_in();
}

void request_gate::allow(double per_second, steady_clock::time_point until, int sharers) {
  admission_.allow(steady_clock::now(), per_second, until, sharers);
  let_in();
}

std::optional<failure_streak> request_gate::succeeded(const std::string& account) {
  ++successes_[account];
  admission_.succeeded(account, steady_clock::now());
  let_in();
  return streaks_.succeeded(account);
}

void request_gate::failed(const std::string& account) {
  admission_.failed(account);
  streaks_.failed(account, steady_clock::now());
}

void request_gate::throttled(const std::string& account, std::chrono::milliseconds pause,
                             std::optional<steady_clock::time_point> sent) {
  admission_.throttled(account, steady_clock::now(), pause, sent);
  let_in();
}

std::uint64_t request_gate::successes(const std::string& account) const {
  const auto at = successes_.find(account);
  return at == successes_.end() ? 0 : at->second;
}

}  // namespace ordersync::sync::flow
