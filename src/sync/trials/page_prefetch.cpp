#include "sync/trials/page_prefetch.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <utility>

namespace ordersync::sync::trials {

namespace asio = boost::asio;
using std::chrono::steady_clock;

namespace {

// A reply that has waited longer for its turn may show what is no longer so.
constexpr std::chrono::seconds longest_age{10};

bool same(const page_request& a, const page_request& b) {
  return a.window == b.window && a.page == b.page && a.page_size == b.page_size && a.status == b.status;
}

}  // namespace

struct page_prefetch::entry {
  explicit entry(planned from) : what(std::move(from)) {}

  planned what;
  bool sent = false;
  bool dropped = false;
  std::optional<arrived> answer;
  asio::cancellation_signal cancel;
};

page_prefetch::page_prefetch(asio::any_io_executor executor, page_fetcher ask, std::function<core::instant()> now,
                             int most)
    : executor_(std::move(executor)), ask_(std::move(ask)), now_(std::move(now)), most_(most), news_(executor_) {}

page_prefetch::entry_list::const_iterator page_prefetch::find(const page_request& request) const {
  return std::ranges::find_if(entries_, [&](const auto& one) { return same(one->what.request, request); });
}

bool page_prefetch::plans(const page_request& request) const {
  return find(request) != entries_.end();
}

void page_prefetch::start(std::vector<planned> next) {
  for (auto& one : next) entries_.push_back(std::make_shared<entry>(std::move(one)));
  send_what_may_leave();
}

void page_prefetch::send_what_may_leave() {
  if (defect_) return;
  for (const auto& one : entries_) {
    if (one->sent) continue;
    if (running_ >= most_ || (one->what.after_others && running_ > 0)) return;
    send(one);
  }
}

void page_prefetch::send(const std::shared_ptr<entry>& one) {
  one->sent = true;
  ++running_;
  ++calls_;
  auto finish = [this, one](const std::exception_ptr& thrown, core::result<page> reply) {
    --running_;
    // One that was dropped was cancelled, and ends by throwing: that is no defect.
    if (thrown && !one->dropped && !defect_) defect_ = thrown;
    if (!thrown) one->answer.emplace(arrived{std::move(reply), now_()});
    send_what_may_leave();
    news_.cancel();
  };
  asio::co_spawn(executor_, ask_(one->what.request),
                 asio::bind_cancellation_slot(one->cancel.slot(), std::move(finish)));
}

asio::awaitable<std::optional<page_prefetch::arrived>> page_prefetch::take(const page_request& request) {
  const auto at = find(request);
  if (at == entries_.end()) {
    drop_all();
    co_return std::nullopt;
  }
  while (!(*at)->answer && !defect_) co_await wait();
  rethrow();
  auto answer = std::move((*at)->answer);
  entries_.erase(at);
  if (now_() - answer->at > longest_age) {
    drop_all();
    co_return std::nullopt;
  }
  co_return std::move(answer);
}

void page_prefetch::drop_all() {
  const auto dropped = std::exchange(entries_, {});
  for (const auto& one : dropped) one->dropped = true;
  for (const auto& one : dropped)
    if (one->sent && !one->answer) one->cancel.emit(asio::cancellation_type::terminal);
}

asio::awaitable<void> page_prefetch::end() {
  drop_all();
  while (running_ > 0) co_await wait();
  rethrow();
}

asio::awaitable<void> page_prefetch::wait() {
  news_.expires_at(steady_clock::time_point::max());
  co_await news_.async_wait(asio::as_tuple(asio::use_awaitable));
}

void page_prefetch::rethrow() {
  if (auto defect = std::exchange(defect_, nullptr)) std::rethrow_exception(defect);
}

}  // namespace ordersync::sync::trials
