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

// So many that an order that is asked for meanwhile waits some seconds; some where nobody knows whether they are
// permitted, since one may be refused for its own sake, and where the last ones have failed.
std::size_t detail_reader::worth_taking() const noexcept {
  constexpr double seconds_worth = 5;
  constexpr double most = 200;
  const bool in_doubt = permission_ == permission::refused || permission_ == permission::unknown;
  if (in_doubt || batch_.is_in_vain()) return details::failure_row::several;
  return static_cast<std::size_t>(std::clamp(pace_.per_second() * seconds_worth, 1.0, most));
}

// One list of them; how long to wait then.
asio::awaitable<std::chrono::milliseconds> detail_reader::work() {
  auto preparing = learnt_ ? look_at_refunds() : learn();
  const auto prepared = co_await std::move(preparing);
  if (prepared.has_error()) co_return rest_after(prepared.error());
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
  if (found.refused) {
    co_await rest_while_refused();
    co_return 0ms;
  }
  if (found.stored > 0) failures_ = 0;
  if (found.obstacle) co_return rest_after(*found.obstacle);
  co_return 0ms;
}

// What was read before, by whomever. Refunds that wait are tried: somebody may have started the program for that.
asio::awaitable<core::result<void>> detail_reader::learn() {
  auto account = account_;
  auto asking = around_.store.permitted(std::move(account));
  const auto known = co_await std::move(asking);
  if (known.has_error()) co_return known.error();
  batch_.expect(*known);
  auto trying = try_refunds();
  const auto tried = co_await std::move(trying);
  learnt_ = tried.has_value();
  co_return tried;
}

// Some orders that wait for them alone become due.
asio::awaitable<core::result<void>> detail_reader::try_refunds() {
  requests_.ask_for_refunds(true);
  refunds_again_ = steady_clock::now() + around_.refused_rest;
  auto account = account_;
  auto trying = around_.store.try_refunds(std::move(account), details::failure_row::several);
  co_return co_await std::move(trying);
}

// Another process may see sooner that they are permitted: somebody asked it to try.
asio::awaitable<void> detail_reader::rest_while_refused() {
  const auto until = steady_clock::now() + around_.refused_rest;
  while (!stopping_ && steady_clock::now() < until) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - steady_clock::now());
    co_await pause(std::min(left, around_.refusal_looked_at_every));
    if (stopping_) co_return;
    auto account = account_;
    auto looking = around_.store.figures(std::move(account));
    const auto figures = co_await std::move(looking);
    if (figures.has_value() && !figures->refused_at) co_return;
  }
}

// Orders may wait for them whatever is known now: another refusal may have hidden this one.
asio::awaitable<core::result<void>> detail_reader::look_at_refunds() {
  const auto now = steady_clock::now();
  if (now >= refunds_again_) co_return co_await try_refunds();
  if (permission_ != permission::refunds_refused || now < refunds_looked_at_ + around_.refusal_looked_at_every)
    co_return core::result<void>{};
  refunds_looked_at_ = now;
  auto account = account_;
  auto looking = around_.store.figures(std::move(account));
  const auto figures = co_await std::move(looking);
  if (figures.has_value() && !figures->refused_at) requests_.ask_for_refunds(true);
  co_return core::result<void>{};
}

asio::awaitable<core::result<void>> detail_reader::note(const details::detail_batch_result& found) {
  if (found.refused) co_return co_await set_refused(permission::refused, found.refused->what);
  if (found.refunds_refused) {
    refunds_looked_at_ = steady_clock::now();
    refunds_again_ = refunds_looked_at_ + around_.refused_rest;
    auto reason = std::string{store::details::refunds_refused} + found.refunds_refused->what;
    co_return co_await set_refused(permission::refunds_refused, std::move(reason));
  }
  const bool refunds_in_doubt = permission_ == permission::refunds_refused && !found.refunds_read;
  const bool known = permission_ == permission::given && (refunds_given_ || !found.refunds_read);
  if (found.stored == 0 || refunds_in_doubt || known) co_return core::result<void>{};
  co_return co_await note_permitted(found.refunds_read);
}

asio::awaitable<core::result<void>> detail_reader::note_permitted(bool refunds) {
  auto account = account_;
  auto writing = around_.store.set_permitted(std::move(account), refunds);
  const auto written = co_await std::move(writing);
  if (written.has_error()) co_return written.error();
  refunds_given_ = refunds_given_ || refunds;
  const auto before = std::exchange(permission_, permission::given);
  if (before == permission::refused || before == permission::refunds_refused)
    around_.log.write(core::severity::info, "details_permitted", {{"account", account_}});
  co_return core::result<void>{};
}

// Logged once, however often it is tried in vain.
asio::awaitable<core::result<void>> detail_reader::set_refused(permission now, std::string reason) {
  refunds_given_ = false;
  if (permission_ == now) co_return core::result<void>{};
  auto account = account_;
  auto text = reason;
  auto writing = around_.store.set_refused(std::move(account), std::move(text));
  const auto written = co_await std::move(writing);
  if (written.has_error()) co_return written.error();
  permission_ = now;
  around_.log.write(core::severity::warning, "details_refused", {{"account", account_}, {"reason", reason}});
  co_return core::result<void>{};
}

// What passes at the database is reported by its own retries.
std::chrono::milliseconds detail_reader::rest_after(const core::error& why) {
  constexpr int most_doublings = 5;
  if (why.kind != core::failure::database_down && !stopping_)
    around_.log.write(core::severity::warning, "details_not_read",
                      {{"account", account_}, {"failure", core::name(why.kind)}, {"reason", why.what}});
  const auto rest = around_.first_rest * (1 << std::min(failures_++, most_doublings));
  return std::max<std::chrono::milliseconds>(std::min(rest, longest_rest), why.retry_after.value_or(0ms));
}

}  // namespace ordersync::app::freshness
