#include "app/details/detail_batch.hpp"

#include "app/runtime/task_group.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <utility>

namespace ordersync::app::details {

namespace asio = boost::asio;
using std::chrono::steady_clock;
using store::details::due_detail;
using store::details::written;

const char* name(written what) noexcept {
  switch (what) {
    case written::created:
      return "created";
    case written::changed:
      return "changed";
    case written::unchanged:
      return "unchanged";
    case written::outdated:
      return "outdated";
    case written::no_order:
      return "no_order";
  }
  return "";
}

namespace {

bool is_not_permitted(const core::result<void>& tried) {
  return tried.has_error() && tried.error().kind == core::failure::not_permitted;
}

}  // namespace

store::details::read_detail to_store(std::int64_t order_id, detail_reading reading, bool others_permitted) {
  store::details::read_detail read{order_id, std::move(reading.detail), std::move(reading.refunds)};
  if (!reading.missing) return read;
  const bool of_all = reading.missing->kind == core::failure::not_permitted && !others_permitted;
  read.missing = std::string{of_all ? store::details::refunds_refused : "refund: "} + reading.missing->what;
  return read;
}

detail_batch::detail_batch(dependencies around, rules how) : around_(std::move(around)), rules_(std::move(how)) {}

void detail_batch::stop() noexcept {
  stopping_ = true;
  for (auto& end : ends_) end.emit(asio::cancellation_type::terminal);
}

// Whoever waits for its turn at the gate is to end at once when this stops.
asio::awaitable<detail_batch_result> detail_batch::read(std::vector<due_detail> list) {
  result_ = {};
  std::size_t next = 0;
  asio::steady_timer over(around_.executor, steady_clock::time_point::max());
  runtime::task_group lanes(around_.executor, [&over] { over.cancel(); });
  const auto most = std::min(std::max<std::size_t>(1, rules_.in_flight), list.size());
  patience_ = std::min(failure_row::several, list.size());
  for (std::size_t i = 0; i < most; ++i) lanes.spawn(read_some(list, next), ends_.emplace_back().slot());
  while (!lanes.empty()) co_await over.async_wait(asio::as_tuple(asio::use_awaitable));
  ends_.clear();
  lanes.rethrow();
  co_return std::move(result_);
}

asio::awaitable<void> detail_batch::read_some(const std::vector<due_detail>& list, std::size_t& next) {
  try {
    while (next < list.size() && !ended()) {
      const auto& due = list[next++];
      co_await read_one(due);
    }
  } catch (const boost::system::system_error& e) {
    if (e.code() != asio::error::operation_aborted) throw;
  }
}

asio::awaitable<void> detail_batch::read_one(const due_detail& due) {
  wanted_detail what{due.tb_order_id, due.open_refunds, due.waits_for_refunds && !result_.refunds_refused};
  auto asked = around_.requests.read(std::move(what));
  auto reading = co_await std::move(asked);
  if (stopping_) co_return;
  if (reading.has_error())
    co_await fail(due, reading.error());
  else
    co_await store_one(due, std::move(*reading));
}

// True: what is missing is of this order alone, as far as one can see.
asio::awaitable<bool> detail_batch::note_refunds(const due_detail& due, const detail_reading& reading) {
  if (!reading.refunds.empty()) {
    result_.refunds_read = true;
    known_.refund = reading.refunds.back().id;
    refunds_row_.end();
  }
  if (!reading.missing || !reading.asked) co_return false;
  const auto why = *reading.missing;
  around_.log.write(core::severity::warning, "refund_not_read",
                    {{"account", rules_.account}, {"failure", core::name(why.kind)}, {"reason", why.what}});
  if (why.kind != core::failure::not_permitted) co_return true;
  refunds_row_.add(due.order_id, why.kind, 0);
  if (!known_.refund.empty()) {
    if (!refunds_row_.lasts()) co_return true;
    refunds_row_.end();
    auto trying = around_.requests.try_refund(known_.refund);
    if (!is_not_permitted(co_await std::move(trying))) co_return true;
  }
  known_.refund.clear();
  around_.requests.ask_for_refunds(false);
  result_.refunds_refused = why;
  co_return false;
}

asio::awaitable<void> detail_batch::store_one(const due_detail& due, detail_reading reading) {
  row_.end();
  known_.order = due.tb_order_id;
  auto noting = note_refunds(due, reading);
  const bool others_permitted = co_await std::move(noting);
  auto read = to_store(due.order_id, std::move(reading), others_permitted);
  auto account = rules_.account;
  auto storing = around_.store.commit(std::move(account), std::move(read));
  const auto done = co_await std::move(storing);
  if (done.has_error()) co_return co_await fail(due, done.error());
  report(name(*done));
  if (*done != written::outdated) {
    ++result_.stored;
    co_return;
  }
  co_await put_off(due, core::make_error(core::failure::unusable_reply, "a later answer is stored already"));
}

// What all orders share ends the list only once several have met it. It is put off all the same: one that always ends
// so must not be the first again.
asio::awaitable<void> detail_batch::fail(const due_detail& due, core::error why) {
  if (stopping_) co_return;
  if (why.kind == core::failure::not_permitted) co_return co_await refuse(due, std::move(why));
  report("failed");
  if (!may_be_all(why.kind)) {
    const bool own = why.kind == core::failure::unusable_reply || why.kind == core::failure::database;
    if (why.kind == core::failure::unusable_reply) row_.end();
    if (own) co_return co_await put_off(due, std::move(why));
    result_.obstacle = std::move(why);
    co_return;
  }
  row_.add(due.order_id, why.kind, around_.requests.account_successes());
  if (patience_ > 0) --patience_;
  if (row_.lasts() && patience_ == 0) result_.obstacle = why;
  if (row_.is_outage()) co_return co_await put_behind(due, std::move(why));
  co_await put_off(due, std::move(why));
}

// Where others are permitted it may mean this order alone, or some: whether it means all shows when one that was read
// before is asked for again.
asio::awaitable<void> detail_batch::refuse(const due_detail& due, core::error why) {
  row_.add(due.order_id, why.kind, around_.requests.account_successes());
  if (patience_ > 0) --patience_;
  bool of_all = row_.lasts() || (known_.order.empty() && patience_ == 0);
  if (of_all && !known_.order.empty()) {
    row_.end();
    auto trying = around_.requests.try_detail(known_.order);
    of_all = is_not_permitted(co_await std::move(trying));
  }
  if (!of_all && !known_.order.empty()) {
    report("failed");
    co_return co_await put_off(due, std::move(why));
  }
  if (of_all) {
    known_.order.clear();
    if (!std::exchange(result_.refused, why)) report("refused");
  }
  co_await put_behind(due, std::move(why));
}

asio::awaitable<void> detail_batch::put_behind(const due_detail& due, core::error why) {
  auto account = rules_.account;
  auto later = around_.store.put_behind(std::move(account), due.order_id, std::move(why.what));
  const auto done = co_await std::move(later);
  if (done.has_error()) result_.obstacle = done.error();
}

asio::awaitable<void> detail_batch::put_off(const due_detail& due, core::error why) {
  around_.log.write(core::severity::warning, "detail_not_read",
                    {{"account", rules_.account}, {"failure", core::name(why.kind)}, {"reason", why.what}});
  auto account = rules_.account;
  auto later = around_.store.put_off(std::move(account), due.order_id, std::move(why.what));
  const auto done = co_await std::move(later);
  if (done.has_error())
    result_.obstacle = done.error();
  else
    ++result_.put_off;
}

void detail_batch::report(const char* outcome) noexcept {
  around_.observers.detail_read({rules_.account, outcome});
}

}  // namespace ordersync::app::details
