#include "app/missing_orders.hpp"

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <utility>

namespace ordersync::app {

namespace asio = boost::asio;
using std::chrono::steady_clock;
using namespace std::chrono_literals;

namespace {

// An order that is there although its window does not show it stays so for long, and every read of the window tells of
// it: one call an hour is what that may cost.
constexpr std::chrono::hours alive_for{1};
constexpr std::chrono::minutes rest_after_failure{1};
// What does not fit comes again with the next read.
constexpr std::size_t most_queued = 10'000;

bool can_be_looked_up(const core::text& number) {
  return number && !number->empty() && std::ranges::all_of(*number, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::optional<sync::missing_order> witness_of(const sync::window_batch& batch) {
  const auto at = std::ranges::find_if(batch.orders, [](const core::order& o) {
    return can_be_looked_up(o.tb_order_id) && (o.created_at || o.tb_created_at);
  });
  if (at == batch.orders.end()) return std::nullopt;
  return sync::missing_order{at->id, *at->tb_order_id,
                             at->created_at.value_or(at->tb_created_at.value_or(core::instant{}))};
}

missing_orders::missing_orders(surroundings around, std::string account, std::chrono::milliseconds request_timeout)
    : around_(around), account_(std::move(account)), request_timeout_(request_timeout) {}

bool missing_orders::add(const std::vector<sync::missing_order>& missing, std::optional<sync::missing_order> shown,
                         steady_clock::time_point now) {
  if (shown) shown_ = std::move(shown);
  if (missing.empty() || now < not_before_) return false;
  std::erase_if(left_alone_, [&](const auto& each) { return each.second <= now; });
  for (const auto& order : missing) {
    if (queue_.size() >= most_queued) break;
    if (left_alone_.contains(order.id) || !queued_.insert(order.id).second) continue;
    queue_.push_back(order);
  }
  return !queue_.empty() && !std::exchange(running_, true);
}

asio::awaitable<void> missing_orders::look_up_all(sync::order_source& source) {
  try {
    co_await work(source);
  } catch (const boost::system::system_error& e) {
    if (e.code() != asio::error::operation_aborted) throw;
  }
  queue_.clear();
  queued_.clear();
  running_ = false;
}

asio::awaitable<void> missing_orders::work(sync::order_source& source) {
  if (!co_await believable(source)) co_return;
  while (!queue_.empty()) {
    const auto order = queue_.front();
    queue_.pop_front();
    const auto found = co_await look_up(source, order);
    if (found.has_error()) {
      give_up(found.error());
      break;
    }
    const auto concluded = co_await conclude(order, *found);
    if (concluded.has_error()) break;
    queued_.erase(order.id);
  }
  tell();
}

asio::awaitable<bool> missing_orders::believable(sync::order_source& source) {
  if (!shown_) co_return false;
  const auto witness = *shown_;
  const auto found = co_await look_up(source, witness);
  if (found.has_error()) {
    give_up(found.error());
    co_return false;
  }
  if (*found == finding::there) co_return true;
  give_up(core::make_error(core::failure::unusable_reply,
                           "a look-up by tbOrderId does not find an order that the API just showed"));
  co_return false;
}

asio::awaitable<core::result<missing_orders::finding>> missing_orders::look_up(sync::order_source& source,
                                                                               sync::missing_order order) {
  auto turn = co_await around_.turns.enter(sync::urgency::backfill, account_);
  std::function<void()> received = [&turn] { turn.leave(); };
  auto reply = co_await source.look_up(order.tb_order_id, sync::range_around(order.created_at),
                                       steady_clock::now() + request_timeout_, std::move(received));
  if (reply.has_error()) {
    around_.turns.failed(account_);
    co_return reply.error();
  }
  const auto ended = around_.turns.succeeded(account_);
  sync::tell_end(around_.log, account_, ended, steady_clock::now());
  asked_at_ = reply->observed_at;
  if (reply->total == 0 && reply->rows() == 0) co_return finding::gone;
  if (std::ranges::find(reply->orders, order.id, &core::order::id) != reply->orders.end()) co_return finding::there;
  co_return core::make_error(core::failure::unusable_reply,
                             "a look-up by tbOrderId shows other orders than the one that was asked for");
}

asio::awaitable<core::result<void>> missing_orders::conclude(sync::missing_order order, finding found) {
  if (found == finding::there) {
    ++there_;
    left_alone_[order.id] = steady_clock::now() + alive_for;
    co_return core::result<void>{};
  }
  std::vector<std::int64_t> ids{order.id};
  const auto marked = co_await around_.database.mark_vanished(account_, std::move(ids), asked_at_);
  if (marked.has_error()) co_return marked.error();
  gone_ += *marked;
  co_return core::result<void>{};
}

void missing_orders::give_up(const core::error& why) {
  not_before_ = steady_clock::now() + rest_after_failure;
  around_.log.write(core::severity::warning, "look_up_failed",
                    {{"account", account_}, {"failure", core::name(why.kind)}, {"reason", why.what}});
}

void missing_orders::tell() {
  if (gone_ > 0) around_.log.write(core::severity::info, "orders_vanished", {{"account", account_}, {"orders", gone_}});
  if (there_ > 0)
    around_.log.write(core::severity::warning, "orders_not_shown",
                      {{"account", account_},
                       {"orders", there_},
                       {"reason", "the API knows them by number, but does not show them in their windows"}});
  gone_ = there_ = 0;
}

}  // namespace ordersync::app
