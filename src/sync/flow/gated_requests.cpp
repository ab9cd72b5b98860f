#include "sync/flow/gated_requests.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace ordersync::sync::flow {

namespace asio = boost::asio;
using std::chrono::steady_clock;

asio::awaitable<core::result<page>> gated_requests::fetch(order_source& source, page_request request,
                                                          request_label label) {
  label.range = request.window;
  label.page = request.page;
  label.window_name = request.window_name;
  send_once<page> once = [&source, &request](time_point deadline, std::function<void()> received) {
    auto copy = request;
    copy.received = std::move(received);
    return source.fetch(std::move(copy), deadline);
  };
  co_return co_await send(std::move(once), std::move(label));
}

void gated_requests::stop() noexcept {
  stopping_ = true;
  for (auto& wait : waits_) wait.cancel();
}

asio::awaitable<gated_requests::failure> gated_requests::perform(const try_once& once, request_label label) {
  request_tries tries(rules_.tries);
  for (;;) {
    auto [why, sent] = co_await try_in_turn(once, label.account);
    if (!why) break;
    auto next = tries.after({.why = *why,
                             .in_company = around_.turns.had_company(sent),
                             .stopping = stopping_,
                             .successes = around_.turns.successes(label.account),
                             .random = around_.random()});
    if (next.what == next_try::action::ask_alone) {
      auto refused = *why;
      why = co_await try_alone(once, label, std::move(refused), sent, next.attempt);
      if (!why) break;
      next = tries.after({.why = *why,
                          .asked_alone = true,
                          .stopping = stopping_,
                          .successes = around_.turns.successes(label.account),
                          .random = around_.random()});
    }
    if (next.failure_streak) around_.turns.failed(label.account);
    if (next.slow_down) around_.turns.throttled(label.account, next.wait, sent);
    if (next.what == next_try::action::give_up) co_return why;
    log_retry(label, next.attempt, next.wait, *why);
    co_await pause(next.wait);
    if (stopping_) co_return why;
  }
  log_success(label.account);
  co_return std::nullopt;
}

asio::awaitable<gated_requests::outcome> gated_requests::try_in_turn(const try_once& once, const std::string& account) {
  auto turn = co_await around_.turns.enter(rules_.how, account, rules_.read);
  const auto sent = steady_clock::now();
  std::function<void()> received = [&turn] { turn.leave(); };
  ++calls_;
  auto why = co_await once(sent + rules_.timeout, std::move(received));
  co_return outcome{std::move(why), sent};
}

// The API refused for a reason that is not known: whether the load was the reason shows when it is asked once more with
// nothing beside it.
asio::awaitable<gated_requests::failure> gated_requests::try_alone(const try_once& once, const request_label& label,
                                                                   core::error why, time_point sent, int attempt) {
  using verdict = load_trials::verdict;
  const auto refused = steady_clock::now();
  auto& turns = around_.turns;
  const auto trial = co_await turns.begin_trial();
  const auto known = turns.trials().known(why.what, refused, steady_clock::now());
  if (known == verdict::load) why.kind = core::failure::overloaded;
  if (known) co_return why;
  const auto turn = co_await turns.enter_alone(label.account);
  std::function<void()> received = [] {};
  ++calls_;
  auto again = co_await once(steady_clock::now() + rules_.timeout, std::move(received));
  if (!again) {
    turns.trials().note(why.what, verdict::load, steady_clock::now());
    turns.throttled(label.account, std::chrono::milliseconds{0}, sent);
    log_retry(label, attempt, std::chrono::milliseconds{0}, why);
  } else if (again->remedy == core::remedy::ask_less) {
    turns.trials().note(why.what, verdict::other, steady_clock::now());
  }
  co_return again;
}

asio::awaitable<void> gated_requests::pause(std::chrono::milliseconds length) {
  if (length.count() == 0 || stopping_) co_return;
  const auto wait = waits_.emplace(waits_.end(), around_.turns.executor(), length);
  co_await wait->async_wait(asio::as_tuple(asio::use_awaitable));
  waits_.erase(wait);
}

void gated_requests::log_retry(const request_label& label, int attempt, std::chrono::milliseconds wait,
                               const core::error& why) {
  if (around_.log == nullptr) return;
  around_.log->write(core::severity::warning, "request_retry",
                     {{"account", label.account},
                      {"window", label.window_name},
                      {"range", core::to_text(label.range)},
                      {"kind", label.kind},
                      {"job", label.job},
                      {"page", label.page},
                      {"attempt", attempt},
                      {"wait", wait},
                      {"failure", core::name(why.kind)},
                      {"reason", why.what}});
}

void gated_requests::log_success(const std::string& account) {
  const auto ended = around_.turns.succeeded(account);
  if (around_.log != nullptr) log_recovery(*around_.log, account, ended, steady_clock::now());
}

}  // namespace ordersync::sync::flow
