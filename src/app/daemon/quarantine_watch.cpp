#include "app/daemon/quarantine_watch.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <utility>

namespace ordersync::app::daemon {

namespace asio = boost::asio;

namespace {
// Soon enough for the next scrape, and nothing to a database that serves a window a second.
constexpr std::chrono::seconds counted_every{10};
}  // namespace

quarantine_watch::quarantine_watch(const asio::any_io_executor& executor, store::database& database)
    : database_(database), rest_(executor) {}

asio::awaitable<void> quarantine_watch::run() {
  while (!stopping_) {
    auto counted = co_await database_.count_quarantine();
    if (stopping_) break;
    // A failure is logged by those who need the database to work; an old count is better than none.
    if (counted.has_value()) counts_ = std::move(*counted);
    rest_.expires_after(counted_every);
    co_await rest_.async_wait(asio::as_tuple(asio::use_awaitable));
  }
}

void quarantine_watch::stop() {
  stopping_ = true;
  rest_.cancel();
}

std::optional<store::maintenance::quarantine_counts> quarantine_watch::counts_of(const std::string& account) const {
  if (!counts_) return std::nullopt;
  const auto at = counts_->find(account);
  return at == counts_->end() ? store::maintenance::quarantine_counts{} : at->second;
}

}  // namespace ordersync::app::daemon
