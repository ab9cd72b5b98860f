#include "app/http/order_search.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace ordersync::app::http {

namespace asio = boost::asio;
using std::chrono::steady_clock;

namespace {

// A search takes milliseconds, so few wait at all; shorter than the daemon may take to end.
constexpr std::chrono::seconds longest_wait{2};
constexpr std::chrono::milliseconds between_looks{20};
constexpr int share = 10;

}  // namespace

asio::awaitable<bool> order_search::turn() {
  const auto end = steady_clock::now() + longest_wait;
  asio::steady_timer pause(executor_);
  while (busy_ || steady_clock::now() < not_before_) {
    if (steady_clock::now() > end) co_return false;
    pause.expires_after(between_looks);
    co_await pause.async_wait(asio::use_awaitable);
  }
  busy_ = true;
  co_return true;
}

asio::awaitable<core::result<std::vector<store::reports::order_report>>> order_search::find(store::database& database,
                                                                                            std::string number) {
  if (!co_await turn()) co_return core::make_error(core::failure::overloaded, "other searches are running");
  const auto began = steady_clock::now();
  auto found = co_await database.find_orders(std::move(number), false);
  const auto ended = steady_clock::now();
  busy_ = false;
  not_before_ = ended + (share - 1) * (ended - began);
  co_return found;
}

}  // namespace ordersync::app::http
