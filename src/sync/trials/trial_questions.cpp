#include "sync/trials/trial_questions.hpp"

#include "sync/evidence/in_window.hpp"

#include <algorithm>
#include <utility>

namespace ordersync::sync::trials {

bool shows_order(const page& reply, std::int64_t id) {
  return std::ranges::find(reply.orders, id, &core::order::id) != reply.orders.end();
}

void questions::send_ahead(boost::asio::any_io_executor executor, int most) {
  if (most > 1) ahead_.emplace(std::move(executor), ask_, now_, most);
}

void questions::plan(const std::vector<planned>& next) {
  if (!ahead_) return;
  std::vector<page_prefetch::planned> pages;
  for (const auto& one : next) pages.push_back({request_for(one.range, 1, one.status), one.after_others});
  ahead_->start(std::move(pages));
}

bool questions::plans(core::window range, std::optional<int> status) const {
  return ahead_ && ahead_->plans(request_for(range, 1, status));
}

boost::asio::awaitable<void> questions::end() {
  if (ahead_) co_await ahead_->end();
}

page_request questions::request_for(core::window range, int number, std::optional<int> status) const {
  return {.window = range, .page = number, .page_size = page_size_, .status = status};
}

boost::asio::awaitable<page_prefetch::arrived> questions::fetch(page_request request) {
  if (ahead_) {
    auto page = co_await ahead_->take(request);
    if (page) co_return std::move(*page);
  }
  ++calls_;
  auto reply = co_await ask_(std::move(request));
  co_return page_prefetch::arrived{std::move(reply), now_()};
}

questions::answer<page> questions::read(core::window range, int number, std::optional<int> status) {
  auto request = request_for(range, number, status);
  auto arrived = co_await fetch(std::move(request));
  auto& reply = arrived.reply;
  if (reply.has_error()) co_return reply.error();
  auto outside = evidence::outside_reason(range, reply->orders, known_.rules().zone);
  if (outside.empty())
    known_.shown(range, *reply, arrived.at, status.has_value());
  else
    outside_ = std::move(outside);
  co_return std::move(reply);
}

questions::answer<std::int64_t> questions::count(core::window range, std::optional<int> status) {
  const auto reply = co_await read(range, 1, status);
  if (reply.has_error()) co_return reply.error();
  co_return reply->total;
}

// A page that counts orders and shows none says nothing about those that it does not show.
questions::answer<page> questions::read_first_page(core::window range, std::optional<int> status, std::int64_t id) {
  constexpr int most_tries = 3;
  for (int tries = 1;; ++tries) {
    auto reply = co_await read(range, 1, status);
    if (reply.has_error()) co_return reply.error();
    const auto rows = static_cast<std::int64_t>(reply->rows());
    const bool readable = reply->unusable.empty() || reply->total > rows;
    const bool shows_some = reply->total == 0 || !reply->orders.empty();
    if (shows_order(*reply, id) || (readable && shows_some)) co_return reply;
    if (tries >= most_tries) {
      co_return core::make_error(
          core::failure::unusable_reply,
          "a page counts orders but contains no readable one, so it cannot be used to test the API's filter");
    }
  }
}

questions::answer<bool> questions::shows_with(core::window range, evidence::witness order, std::optional<int> status) {
  const auto first = co_await read_first_page(range, status, order.id);
  if (first.has_error()) co_return first.error();
  bool found = shows_order(*first, order.id);
  const auto rows = static_cast<std::int64_t>(first->rows());
  if (!found && rows > 0 && first->total > rows) {
    const auto last_page = static_cast<int>((first->total + rows - 1) / rows);
    const auto last = co_await read(range, last_page, status);
    if (last.has_error() && !refuses(last.error())) co_return last.error();
    found = last.has_value() && shows_order(*last, order.id);
  }
  if (found) known_.shown_in(range, order, now_());
  co_return found;
}

// Where lists without a status leave orders out, by the status that it was last seen in, then by the others: it may
// have moved on.
questions::answer<bool> questions::shows(core::window range, evidence::witness order) {
  std::vector<std::optional<int>> statuses{std::nullopt};
  if (known_.limits().by_status) {
    statuses.assign(1, order.status);
    for (const int status : known_.known_statuses())
      if (status != order.status) statuses.emplace_back(status);
  }
  for (const auto& status : statuses) {
    const auto found = co_await shows_with(range, order, status);
    // Not `co_return found`: a const result<bool> would be turned into a bool, and an error be the answer false.
    if (found.has_error()) co_return found.error();
    if (*found) co_return true;
  }
  co_return false;
}

questions::answer<bool> questions::shows_itself(const evidence::witness& order) {
  return shows(order.created, order);
}

}  // namespace ordersync::sync::trials
