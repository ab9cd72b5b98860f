#include "app/tasks/missing_orders.hpp"

#include "app/tasks/looked_up.hpp"
#include "sync/evidence/evidence.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <utility>

namespace ordersync::app::tasks {

namespace asio = boost::asio;
using std::chrono::steady_clock;
using namespace std::chrono_literals;

namespace {

// An order that is there although its window does not show it stays so for long, and every read of the window reports
// it: one call an hour is what that may cost.
constexpr std::chrono::hours alive_for{1};
constexpr std::chrono::minutes rest_after_failure{1};
// What does not fit comes again with the next read.
constexpr std::size_t most_queued = 10'000;
// More missing orders than this, and than this share of those that are read again, are no orders that went one by one.
constexpr std::size_t few = 20;
constexpr double small_share = 0.01;
// Until it is looked at again whether many are missing.
constexpr std::chrono::minutes rest_after_many{10};
constexpr std::chrono::hours held_known_for{1};

// What fails comes again with the next read of the window.
const sync::flow::try_rules tried_once{.retries = {.tries = 1, .overload_tries = 1},
                                       .unusable_tries = 1,
                                       .oversized_tries = 1,
                                       .alone = sync::flow::ask_alone::never};

bool can_be_looked_up(const core::text& number) {
  return number && !number->empty() && std::ranges::all_of(*number, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::optional<sync::missing_order> witness_of(const sync::window_batch& batch) {
  const auto at = std::ranges::find_if(batch.orders, [](const core::order& o) {
    return can_be_looked_up(o.tb_order_id) && (o.created_at || o.tb_created_at);
  });
  if (at == batch.orders.end()) return std::nullopt;
  return sync::missing_order{at->id, *at->tb_order_id, created_at_of(*at)};
}

missing_orders::missing_orders(dependencies around, std::string account, rules how)
    : around_(std::move(around)),
      account_(std::move(account)),
      rules_(how),
      requests_({around_.turns, &around_.log, [] { return std::uint64_t{0}; }},
                {.timeout = how.request_timeout, .tries = tried_once}) {}

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
  if (!co_await look_ups_work(source)) co_return;
  asio::steady_timer pace(co_await asio::this_coro::executor, steady_clock::now());
  while (!queue_.empty()) {
    const auto many = co_await are_many(asked_at_);
    if (many.has_error()) break;
    if (*many) {
      report_many();
      break;
    }
    pace.expires_at(
        std::max(steady_clock::now(), pace.expiry() + std::chrono::duration_cast<steady_clock::duration>(
                                                          std::chrono::duration<double>(1 / rules_.per_second))));
    co_await pace.async_wait(asio::use_awaitable);
    const auto order = queue_.front();
    queue_.pop_front();
    auto found = co_await look_up(source, order);
    if (found.has_value() && *found == finding::gone) found = co_await look_among_finished(source, order);
    if (found.has_error()) {
      give_up(found.error());
      break;
    }
    const auto concluded = co_await conclude(order, *found);
    if (concluded.has_error()) break;
    queued_.erase(order.id);
  }
  log_findings();
}

// By those that wait to be looked up and those marked within the last day.
asio::awaitable<core::result<bool>> missing_orders::are_many(core::instant now) {
  auto& trials = around_.database.trials();
  core::window ages{core::second{}, std::chrono::ceil<std::chrono::seconds>(now) + std::chrono::days{1}};
  if (rules_.greatest_age > 0s) ages.begin = ages.end - rules_.greatest_age;
  const auto marked = co_await trials.vanished_within(account_, ages, now - std::chrono::days{1});
  if (marked.has_error()) co_return marked.error();
  const auto missing = queue_.size() + static_cast<std::size_t>(*marked);
  if (missing <= few) co_return false;
  if (!held_ || steady_clock::now() - held_at_ > held_known_for) {
    const auto held = co_await trials.held_within(account_, ages);
    if (held.has_error()) co_return held.error();
    held_ = *held;
    held_at_ = steady_clock::now();
  }
  co_return static_cast<double>(missing) > small_share* static_cast<double>(*held_);
}

void missing_orders::report_many() {
  not_before_ = steady_clock::now() + rest_after_many;
  around_.log.write(core::severity::error, "orders_missing_in_mass",
                    {{"account", account_},
                     {"orders", queue_.size()},
                     {"held", held_},
                     {"reason",
                      "the API stopped returning so many orders at once that it most likely leaves them out; none was "
                      "marked as vanished"}});
  around_.suspect_lists();
}

asio::awaitable<core::result<void>> missing_orders::store_shown(core::order order) {
  auto batch =
      looked_up(account_, std::move(order), "looked up by its number, because its window no longer contains it");
  const auto stored = co_await around_.database.commit(std::move(batch));
  if (stored.has_error()) co_return stored.error();
  co_return core::result<void>{};
}

asio::awaitable<bool> missing_orders::look_ups_work(sync::order_source& source) {
  if (!shown_) co_return false;
  const auto witness = *shown_;
  const auto found = co_await look_up(source, witness);
  if (found.has_error()) {
    give_up(found.error());
    co_return false;
  }
  if (*found == finding::there) co_return true;
  give_up(core::make_error(core::failure::unusable_reply,
                           "a look-up by tbOrderId does not find an order that the API just returned"));
  around_.suspect_lists();
  co_return false;
}

asio::awaitable<core::result<missing_orders::finding>> missing_orders::look_up(sync::order_source& source,
                                                                               sync::missing_order order) {
  sync::flow::gated_requests::send_once<sync::page> once = [&source, &order](steady_clock::time_point deadline,
                                                                             std::function<void()> received) {
    return source.look_up(order.tb_order_id, sync::range_around(order.created_at), deadline, std::move(received));
  };
  sync::flow::request_label label{.account = account_};
  auto reply = co_await requests_.send(std::move(once), std::move(label));
  if (reply.has_error()) co_return reply.error();
  asked_at_ = reply->observed_at;
  if (reply->total == 0 && reply->rows() == 0) co_return finding::gone;
  const auto at = std::ranges::find(reply->orders, order.id, &core::order::id);
  if (at != reply->orders.end()) {
    found_ = std::move(*at);
    co_return finding::there;
  }
  co_return core::make_error(core::failure::unusable_reply,
                             "a look-up by tbOrderId returns other orders than the requested one");
}

// Lists and look-ups that begin to leave finished orders out still show them where their status is named.
asio::awaitable<core::result<missing_orders::finding>> missing_orders::look_among_finished(sync::order_source& source,
                                                                                           sync::missing_order order) {
  const auto created = std::chrono::floor<std::chrono::seconds>(order.created_at);
  for (const int status : sync::evidence::finished_statuses) {
    sync::page_request request{.window = {created - 1min, created + 1min}, .page_size = rules_.page_size};
    request.status = status;
    sync::flow::request_label label{.account = account_};
    auto reply = co_await requests_.fetch(source, std::move(request), std::move(label));
    if (reply.has_error()) co_return reply.error();
    const auto at = std::ranges::find(reply->orders, order.id, &core::order::id);
    if (at == reply->orders.end()) continue;
    found_ = std::move(*at);
    co_return finding::there;
  }
  co_return finding::gone;
}

asio::awaitable<core::result<void>> missing_orders::conclude(sync::missing_order order, finding found) {
  if (found == finding::there) {
    ++there_;
    left_alone_[order.id] = steady_clock::now() + alive_for;
    auto shown = std::move(*found_);
    found_.reset();
    co_return co_await store_shown(std::move(shown));
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

void missing_orders::log_findings() {
  if (gone_ > 0) around_.log.write(core::severity::info, "orders_vanished", {{"account", account_}, {"orders", gone_}});
  if (there_ > 0)
    around_.log.write(core::severity::warning, "orders_not_shown",
                      {{"account", account_},
                       {"orders", there_},
                       {"reason", "the API finds these orders by number, but does not return them in their windows"}});
  if (there_ > 0) around_.suspect_lists();
  gone_ = there_ = 0;
}

missing_orders::rules missing_rules_of(const config::settings& settings) {
  const auto& tiers = settings.sync.revisit;
  missing_orders::rules rules{.request_timeout = settings.api.request_timeout,
                              .page_size = settings.sync.page_size,
                              .per_second = settings.sync.rate / 10};
  if (!tiers.empty()) rules.greatest_age = std::chrono::ceil<std::chrono::seconds>(tiers.back().younger_than);
  return rules;
}

}  // namespace ordersync::app::tasks
