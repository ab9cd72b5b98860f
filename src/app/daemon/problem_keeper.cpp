#include "app/daemon/problem_keeper.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

namespace ordersync::app::daemon {

namespace asio = boost::asio;

namespace {
// So old is what `status` shows, at most. A request that fails over and over costs the database a row's update in each.
constexpr std::chrono::seconds kept_every{1};

// An average moves with each answer; so small a part of it is not worth a row's update.
constexpr int smallest_part = 10;

bool is_alike(const store::reports::api_state& a, store::reports::api_state b) {
  if (a.answer && b.answer && std::chrono::abs(*a.answer - *b.answer) * smallest_part < *a.answer) b.answer = a.answer;
  return a == b;
}
}  // namespace

problem_keeper::problem_keeper(const asio::any_io_executor& executor, const telemetry::recent_problems& from,
                               std::function<api_states()> api, store::database& to)
    : from_(from), api_(std::move(api)), to_(to), rest_(executor) {}

problem_keeper::api_states problem_keeper::news(const api_states& now) const {
  api_states fresh;
  for (const auto& one : now)
    if (std::ranges::none_of(kept_states_, [&](const auto& kept) { return is_alike(kept, one); })) fresh.push_back(one);
  return fresh;
}

asio::awaitable<void> problem_keeper::run() {
  while (!stopping_) {
    const auto total = from_.total();
    const auto now = api_();
    auto states = news(now);
    // An account that is owned again later is written again.
    std::erase_if(kept_states_, [&](const auto& kept) {
      return std::ranges::find(now, kept.account, &store::reports::api_state::account) == now.end();
    });
    if (total > kept_ || !states.empty()) {
      auto fresh = from_.since(kept_);
      auto writing = to_.write_problems(std::move(fresh), states);
      // A failure is logged by those who need the database to work; this tries again.
      const auto written = co_await std::move(writing);
      if (written.has_value()) {
        kept_ = total;
        for (auto& one : states) keep(std::move(one));
      }
    }
    if (stopping_) break;
    rest_.expires_after(kept_every);
    co_await rest_.async_wait(asio::as_tuple(asio::use_awaitable));
  }
}

void problem_keeper::keep(store::reports::api_state one) {
  std::erase_if(kept_states_, [&](const auto& kept) { return kept.account == one.account; });
  kept_states_.push_back(std::move(one));
}

void problem_keeper::stop() {
  stopping_ = true;
  rest_.cancel();
}

}  // namespace ordersync::app::daemon
