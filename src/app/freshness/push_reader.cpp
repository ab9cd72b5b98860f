#include "app/freshness/push_reader.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace ordersync::app::freshness {

namespace asio = boost::asio;
using std::chrono::steady_clock;
using namespace std::chrono_literals;
using finding = looked_up_order::finding;
using store::push::outcome;

namespace {

// Another daemon may have stored messages: they are to be read within a second.
constexpr std::chrono::milliseconds looked_every_while_listening = 500ms;
// Where this daemon does not listen, as a rule none does.
constexpr std::chrono::milliseconds looked_seldom = 5s;
constexpr std::size_t most_taken = 1'000;
constexpr std::chrono::milliseconds rest_after_failure = 5s;
// A transaction that takes messages may have run twice: those that the first one took are nobody's until they wait
// again.
constexpr std::chrono::minutes requeued_every{1};
constexpr std::chrono::hours expired_every{1};
// When so many went, there are more: see messages::expire.
constexpr std::int64_t most_expired = 10'000;

outcome outcome_of(finding what) {
  if (what == finding::changed) return outcome::changed;
  return what == finding::unchanged ? outcome::unchanged : outcome::not_shown;
}

// Live windows keep the other half.
std::size_t in_flight_of(const config::settings& settings) {
  return std::max<std::size_t>(1, static_cast<std::size_t>(settings.sync.concurrency) / 2 / settings.accounts.size());
}

std::set<std::string> sharing_secret_of(const setup::configuration& from, std::size_t index) {
  std::set<std::string> others;
  const auto mine = from.secrets.access_secrets.at(index).reveal();
  for (std::size_t i = 0; i < from.settings.accounts.size(); ++i)
    if (i != index && from.secrets.access_secrets.at(i).reveal() == mine) others.insert(from.settings.accounts[i].name);
  return others;
}

pushed_lookups::rules rules_of(const setup::configuration& from, std::size_t index) {
  const auto& settings = from.settings;
  return {.account = settings.accounts.at(index).name,
          .request_timeout = settings.api.request_timeout,
          .page_size = settings.sync.page_size,
          .in_flight = in_flight_of(settings),
          .accounts = settings.accounts.size(),
          .sharing_secret = sharing_secret_of(from, index)};
}

}  // namespace

push_reader::push_reader(dependencies around, std::size_t index)
    : around_(std::move(around)),
      account_(around_.from.settings.accounts.at(index).name),
      lookups_(around_.of_lookups, rules_of(around_.from, index)),
      alarm_(around_.executor) {}

void push_reader::look() noexcept {
  news_ = true;
  alarm_.cancel();
}

void push_reader::stop() noexcept {
  stopping_ = true;
  lookups_.stop();
  alarm_.cancel();
}

std::chrono::milliseconds push_reader::looked_every() const noexcept {
  return around_.from.settings.push.listen ? looked_every_while_listening : looked_seldom;
}

asio::awaitable<void> push_reader::run() {
  while (!stopping_) {
    bool well = co_await requeue();
    if (well && !stopping_) well = co_await expire();
    if (well && !stopping_) well = co_await take_messages();
    if (well && !stopping_) well = co_await read_due();
    if (stopping_) break;
    if (!well) {
      news_ = false;
      const auto until = steady_clock::now() + rest_after_failure;
      while (!stopping_ && steady_clock::now() < until) co_await wait(until);
      continue;
    }
    const auto look = orders_.room() > 0 ? looked_at_ + looked_every() : steady_clock::time_point::max();
    if (!news_) co_await wait(std::min(look, orders_.next().value_or(look)));
  }
}

// First what a former leader took. A repetition that fails keeps nothing from being read.
asio::awaitable<bool> push_reader::requeue() {
  if (steady_clock::now() < requeue_due_) co_return true;
  auto held = orders_.messages();
  for (const auto& one : unwritten_) held.push_back(one.id);
  const auto done = co_await around_.of_lookups.database.push_messages().requeue(account_, std::move(held));
  const bool well = report(done);
  if (well || requeued_) requeue_due_ = steady_clock::now() + requeued_every;
  requeued_ = requeued_ || well;
  co_return requeued_;
}

asio::awaitable<bool> push_reader::expire() {
  if (steady_clock::now() - expired_at_ < expired_every) co_return true;
  const auto gone = co_await around_.of_lookups.database.push_messages().expire(account_);
  if (gone.has_error()) co_return report(gone.error());
  if (*gone < most_expired) expired_at_ = steady_clock::now();
  co_return true;
}

asio::awaitable<bool> push_reader::take_messages() {
  auto& messages = around_.of_lookups.database.push_messages();
  if (!std::exchange(news_, false) && steady_clock::now() - looked_at_ < looked_every()) co_return true;
  looked_at_ = steady_clock::now();
  const auto most = std::min(most_taken, orders_.room());
  if (most == 0) co_return true;
  const auto any = co_await messages.any_waiting(account_);
  if (any.has_error()) co_return report(any.error());
  if (!*any) co_return true;
  const auto taken = co_await messages.take(account_, static_cast<int>(most));
  if (taken.has_error()) co_return report(taken.error());
  const auto now = steady_clock::now();
  for (const auto& message : *taken) orders_.add(message, now);
  if (taken->size() == most) news_ = true;  // there may be more
  co_return true;
}

asio::awaitable<bool> push_reader::read_due() {
  std::vector<store::push::concluded_message> done;
  auto written = co_await conclude(done);
  if (!written) co_return false;
  const auto due = orders_.take(steady_clock::now(), lookups_.worth_taking());
  if (due.empty()) co_return true;
  const auto results = co_await lookups_.look_up(due);
  const auto now = steady_clock::now();
  bool well = true;
  for (std::size_t i = 0; i < due.size(); ++i) {
    const auto& found = results[i];
    well = well && found.what != finding::not_asked;
    if (found.what == finding::of_another) {
      const bool given = co_await hand_over(due[i].key, found.owner);
      well = well && given;
      continue;
    }
    const auto answered = answered_by(found, due[i].key, now);
    for (const auto message : answered)
      done.push_back({message, message == answered.front() ? outcome_of(found.what) : outcome::coalesced, found.read_at,
                      found.id});
  }
  written = co_await conclude(std::move(done));
  co_return well&& written;
}

std::vector<std::int64_t> push_reader::answered_by(const looked_up_order& found, const std::string& key,
                                                   steady_clock::time_point now) {
  switch (found.what) {
    case finding::not_asked:
    case finding::of_another:
      orders_.put_back(key, found.in_vain ? now + rest_after_failure : now);
      break;
    case finding::outdated:
      orders_.outdated(key, now);
      break;
    case finding::failed:
      return orders_.failed(key, now);
    case finding::not_shown:
      return orders_.not_shown(key, now);
    case finding::unchanged:
    case finding::changed:
      return orders_.found(key);
  }
  return {};
}

// Where accounts share a secret, the first of them gets all messages. What the database does not take here is nobody's
// then, and waits again by requeue().
asio::awaitable<bool> push_reader::hand_over(std::string key, std::string to_account) {
  auto ids = orders_.found(key);
  const auto done =
      co_await around_.of_lookups.database.push_messages().hand_over(std::move(ids), std::move(to_account));
  co_return report(done);
}

// What may pass is reported by the database's own retries. False where it failed.
bool push_reader::report(const core::result<void>& done) {
  if (done.has_error() && !core::is_transient(done.error().kind) && !stopping_)
    around_.of_lookups.log.write(core::severity::warning, "push_not_read",
                                 {{"account", account_}, {"reason", done.error().what}});
  return done.has_value();
}

// What the database does not take stays until it does; a process that ends before leaves the messages to the next.
asio::awaitable<bool> push_reader::conclude(std::vector<store::push::concluded_message> list) {
  unwritten_.insert(unwritten_.end(), list.begin(), list.end());
  if (unwritten_.empty()) co_return true;
  auto copy = unwritten_;
  const auto done = co_await around_.of_lookups.database.push_messages().conclude(std::move(copy));
  if (done.has_error()) co_return report(done.error());
  std::map<outcome, std::int64_t> counts;
  for (const auto& one : unwritten_) ++counts[one.what];
  if (*done > 0) counts[outcome::coalesced] += *done;
  unwritten_.clear();
  for (const auto& [what, count] : counts) around_.observers.pushed({account_, store::push::name(what), count});
  co_return true;
}

asio::awaitable<void> push_reader::wait(steady_clock::time_point until) {
  if (stopping_) co_return;
  alarm_.expires_at(until);
  co_await alarm_.async_wait(asio::as_tuple(asio::use_awaitable));
}

}  // namespace ordersync::app::freshness
