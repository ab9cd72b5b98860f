#include "app/details/detail_watch.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

namespace ordersync::app::details {

namespace asio = boost::asio;
using store::details::detail_figures;

namespace {

// What is left has failed, and is not tried again soon.
bool is_through(const detail_figures& now) {
  return now.asked == 0 || (now.waiting == 0 && now.asked <= now.failing);
}

bool are_refused(const detail_figures& now) {
  return now.refused_at && !now.refunds_alone;
}

}  // namespace

asio::awaitable<core::result<std::vector<detail_figures>>> detail_watch::wait(std::vector<std::string> accounts,
                                                                              const listener& report) {
  constexpr std::chrono::seconds between_looks{1};
  for (;;) {
    std::vector<detail_figures> all;
    for (const auto& account : accounts) {
      auto whose = account;
      auto looking = store_.figures(std::move(whose));
      auto now = co_await std::move(looking);
      if (now.has_error()) co_return now.error();
      report(account, *now);
      all.push_back(std::move(*now));
    }
    const bool over = std::ranges::all_of(all, is_through);
    const bool refused = std::ranges::any_of(all, are_refused);
    if (over || refused || stopping_) co_return all;
    timer_.expires_after(between_looks);
    co_await timer_.async_wait(asio::as_tuple(asio::use_awaitable));
    if (stopping_) co_return all;
  }
}

void detail_watch::stop() {
  stopping_ = true;
  timer_.cancel();
}

}  // namespace ordersync::app::details
