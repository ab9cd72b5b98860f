#include "app/freshness/detail_reader.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <utility>

namespace ordersync::app::freshness {

namespace asio = boost::asio;
using std::chrono::steady_clock;
using namespace std::chrono_literals;

namespace {

// A query by an index. What this daemon has stored waits no longer than what another process asked for.
constexpr std::chrono::milliseconds looked_every = 3s;
constexpr std::chrono::milliseconds first_rest = 5s;
constexpr std::chrono::milliseconds longest_rest = 1min;

// Live windows keep the other half.
std::size_t in_flight_of(const config::settings& settings) {
  return std::max<std::size_t>(1, static_cast<std::size_t>(settings.sync.concurrency) / 2 / settings.accounts.size());
}

details::detail_requests::rules request_rules(const config::settings& settings, const std::string& account) {
  return {.account = account, .request_timeout = settings.api.request_timeout};
}

}  // namespace

detail_reader::detail_reader(dependencies around, std::size_t index)
    : around_(std::move(around)),
      account_(around_.from.settings.accounts.at(index).name),
      pace_(around_.turns, around_.from.settings.details.share, around_.from.settings.accounts.size()),
      requests_({around_.turns, around_.source, [this] { return pace_.wait(); }},
                request_rules(around_.from.settings, account_)),
      batch_({around_.executor, around_.store, requests_, around_.log, around_.observers},
             {account_, in_flight_of(around_.from.settings)}),
      pause_(around_.executor) {}

void detail_reader::stop() noexcept {
  stopping_ = true;
  pace_.stop();
  requests_.stop();
  batch_.stop();
  pause_.cancel();
}

asio::awaitable<void> detail_reader::run() {
  while (!stopping_) {
    const auto wait = co_await work();
    co_await pause(wait);
  }
}

asio::awaitable<void> detail_reader::pause(std::chrono::milliseconds length) {
  pause_.expires_after(length);
  if (!stopping_) co_await pause_.async_wait(asio::as_tuple(asio::use_awaitable));
}

// So many that an order that is asked for meanwhile waits some seconds; one where nobody knows whether they are
// permitted.
std::size_t detail_reader::worth_taking() const noexcept {
  constexpr double seconds_worth = 5;
  constexpr double most = 200;
  if (permission_ == permission::refused || permission_ == permission::unknown) return 1;
  return static_cast<std::size_t>(std::clamp(pace_.per_second() * seconds_worth, 1.0, most));
}

// One list of them; how long to wait then.
asio::awaitable<std::chrono::milliseconds> detail_reader::work() {
  if (permission_ == permission::refunds_refused && steady_clock::now() >= refunds_again_)
    requests_.ask_for_refunds(true);
  auto account = account_;
  auto asking = around_.store.due(std::move(account), worth_taking());
  auto due = co_await std::move(asking);
  if (due.has_error()) co_return rest_after(due.error());
  if (due->empty() || stopping_) co_return looked_every;
  auto reading = batch_.read(std::move(*due));
  const auto found = co_await std::move(reading);
  if (stopping_) co_return 0ms;
  auto noting = note(found);
  const auto noted = co_await std::move(noting);
  if (noted.has_error()) co_return rest_after(noted.error());
  if (found.refused) co_return around_.refused_rest;
  if (found.stored > 0) failures_ = 0;
  if (found.obstacle) co_return rest_after(*found.obstacle);
  co_return 0ms;
}

asio::awaitable<core::result<void>> detail_reader::note(const details::detail_batch_result& found) {
  if (found.refused) co_return co_await set(permission::refused, found.refused->what);
  if (found.refunds_refused) {
    requests_.ask_for_refunds(false);
    refunds_again_ = steady_clock::now() + around_.refused_rest;
    co_return co_await set(permission::refunds_refused, "refunds: " + found.refunds_refused->what);
  }
  const bool refunds_in_doubt = permission_ == permission::refunds_refused && !found.refunds_read;
  if (found.stored == 0 || refunds_in_doubt) co_return core::result<void>{};
  co_return co_await set(permission::given, "");
}

// Logged once, however often it is tried in vain.
asio::awaitable<core::result<void>> detail_reader::set(permission now, std::string reason) {
  if (permission_ == now) co_return core::result<void>{};
  auto account = account_;
  auto text = reason;
  auto writing = around_.store.set_refused(std::move(account), std::move(text));
  const auto written = co_await std::move(writing);
  if (written.has_error()) co_return written.error();
  const auto before = std::exchange(permission_, now);
  if (now != permission::given)
    around_.log.write(core::severity::warning, "details_refused", {{"account", account_}, {"reason", reason}});
  else if (before != permission::unknown)
    around_.log.write(core::severity::info, "details_permitted", {{"account", account_}});
  co_return core::result<void>{};
}

// What passes at the database is reported by its own retries.
std::chrono::milliseconds detail_reader::rest_after(const core::error& why) {
  constexpr int most_doublings = 5;
  if (why.kind != core::failure::database_down && !stopping_)
    around_.log.write(core::severity::warning, "details_not_read",
                      {{"account", account_}, {"failure", core::name(why.kind)}, {"reason", why.what}});
  const auto rest = first_rest * (1 << std::min(failures_++, most_doublings));
  return std::max<std::chrono::milliseconds>(std::min(rest, longest_rest), why.retry_after.value_or(0ms));
}

}  // namespace ordersync::app::freshness
