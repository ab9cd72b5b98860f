#include "app/http/push_writer.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <utility>

namespace ordersync::app::http {

namespace asio = boost::asio;
using std::chrono::steady_clock;
using namespace std::chrono_literals;

namespace {

// A few hundred bytes each.
constexpr std::size_t most_queued = 10'000;
constexpr std::size_t most_in_batch = 1'000;
constexpr std::chrono::milliseconds rest_after_failure{500};
constexpr std::chrono::seconds refusals_every{10};

}  // namespace

push_writer::push_writer(dependencies around) : around_(std::move(around)), alarm_(around_.executor) {}

void push_writer::use(std::shared_ptr<store::database> database) {
  const auto former = std::exchange(database_, std::move(database));
  if (former) former->close();
}

asio::awaitable<std::string_view> push_writer::store(store::push::new_message message, time_point arrived,
                                                     time_point until) {
  if (stopping_ || queue_.size() >= most_queued) co_return "queue";
  const auto mine = std::make_shared<pending>(around_.executor, std::move(message), arrived);
  queue_.push_back(mine);
  if (!pausing_) alarm_.cancel();
  mine->answered.expires_at(until);
  co_await mine->answered.async_wait(asio::as_tuple(asio::use_awaitable));
  co_return mine->stored ? "stored" : "database";
}

void push_writer::count_refusal(std::string_view reason) {
  if (refusals_.empty()) refusals_due_ = steady_clock::now() + refusals_every;
  ++refusals_[std::string{reason}];
  around_.observers.push_refused(reason);
  // It sleeps without an end while there is nothing to write.
  if (!pausing_) alarm_.cancel();
}

asio::awaitable<void> push_writer::run() {
  while (!stopping_) {
    if (!queue_.empty()) {
      co_await store_batch();
      continue;
    }
    if (!refusals_.empty() && steady_clock::now() >= refusals_due_) {
      co_await write_refusals();
      continue;
    }
    co_await wait(refusals_.empty() ? time_point::max() : refusals_due_);
  }
  conclude(queue_.size(), false);
}

std::vector<store::push::new_message> push_writer::next_batch() const {
  std::vector<store::push::new_message> batch;
  const auto now = steady_clock::now();
  for (const auto& one : queue_) {
    if (batch.size() >= most_in_batch) break;
    batch.push_back(one->message);
    batch.back().age = std::chrono::duration_cast<std::chrono::milliseconds>(now - one->arrived);
  }
  return batch;
}

// What fails for a reason that passes stays: it is wanted, though the vendor will send it again.
asio::awaitable<void> push_writer::store_batch() {
  const auto database = database_;
  auto batch = next_batch();
  std::map<std::string, std::int64_t> by_account;
  for (const auto& one : batch) ++by_account[one.account];
  const auto count = batch.size();
  const auto stored = co_await database->push_messages().insert(std::move(batch));
  if (stored.has_value()) {
    conclude(count, true);
    for (const auto& [account, messages] : by_account) around_.observers.pushed({account, "stored", messages});
    around_.stored();
    co_return;
  }
  if (stopping_ || database != database_) co_return;
  around_.log.write(core::severity::warning, "push_not_stored",
                    {{"failure", core::name(stored.error().kind)}, {"reason", stored.error().what}});
  if (!core::is_transient(stored.error().kind)) conclude(count, false);
  pausing_ = true;
  co_await wait(steady_clock::now() + rest_after_failure);
  pausing_ = false;
}

asio::awaitable<void> push_writer::write_refusals() {
  const auto database = database_;
  auto counts = std::exchange(refusals_, {});
  const auto written = co_await database->push_messages().count_refusals(counts);
  if (written.has_value() || stopping_) co_return;
  for (const auto& [reason, count] : counts) refusals_[reason] += count;
  refusals_due_ = steady_clock::now() + refusals_every;
}

asio::awaitable<void> push_writer::wait(time_point until) {
  if (stopping_) co_return;
  alarm_.expires_at(until);
  co_await alarm_.async_wait(asio::as_tuple(asio::use_awaitable));
}

void push_writer::conclude(std::size_t count, bool stored) noexcept {
  for (; count > 0; --count) {
    queue_.front()->stored = stored;
    queue_.front()->answered.cancel();
    queue_.pop_front();
  }
}

void push_writer::stop() noexcept {
  stopping_ = true;
  if (database_) database_->close();
  alarm_.cancel();
}

void push_writer::cut() noexcept {
  if (database_) database_->cut();
}

}  // namespace ordersync::app::http
