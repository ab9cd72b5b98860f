#include "app/sweeping.hpp"

#include "app/missing_orders.hpp"
#include "app/scope.hpp"
#include "app/wiring.hpp"
#include "app/world.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <utility>

namespace ordersync::app {

namespace asio = boost::asio;

namespace {

// Calls `tell` about five times a second for as long as it lives.
class ticker {
 public:
  ticker(const asio::any_io_executor& executor, std::function<void()> tell) : timer_(executor), tell_(std::move(tell)) {
    wait();
  }
  ticker(const ticker&) = delete;
  ticker& operator=(const ticker&) = delete;
  ~ticker() { *alive_ = false; }

 private:
  void wait() {
    timer_.expires_after(std::chrono::milliseconds{200});
    // The handler may already be on its way when the ticker goes.
    timer_.async_wait([this, alive = alive_](boost::system::error_code cancelled) {
      if (cancelled || !*alive) return;
      tell_();
      wait();
    });
  }

  asio::steady_timer timer_;
  std::function<void()> tell_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

// Notes which stored orders the windows do not show any more.
class noting_store final : public sync::order_store {
 public:
  noting_store(sync::order_store& inner, missing_orders& missing) : inner_(inner), missing_(missing) {}

  asio::awaitable<core::result<sync::commit_summary>> commit(sync::window_batch batch) override {
    auto shown = witness_of(batch);
    auto summary = co_await inner_.commit(std::move(batch));
    if (summary.has_value() && missing_.add(summary->missing, std::move(shown), std::chrono::steady_clock::now()))
      noted_ = true;
    co_return summary;
  }
  bool noted() const noexcept { return noted_; }

 private:
  sync::order_store& inner_;
  missing_orders& missing_;
  bool noted_ = false;
};

}  // namespace

sweeping::sweeping(asio::any_io_executor executor, const configuration& from, store::database& database, core::log& log)
    : executor_(std::move(executor)),
      configuration_(from),
      database_(database),
      log_(log),
      now_(wall_clock()),
      turns_(executor_, admission_rules_of(from.settings.sync)) {}

void sweeping::stop() {
  stopping_ = true;
  if (sweeper_ != nullptr) sweeper_->stop();
  if (source_ != nullptr) source_->close();
  database_.close();
}

asio::awaitable<core::result<sweep_result>> sweeping::perform(const sweep_order& order,
                                                              const progress_listener& listener) {
  if (auto current = co_await database_.require_current(); current.has_error()) co_return current.error();
  const auto clock = co_await database_.clock();
  if (clock.has_error()) co_return clock.error();
  observed_now_ = observation_clock(*clock);
  const auto reporting = reporting_settings_of(configuration_.settings);
  if (auto told = co_await database_.tell_reporting(reporting); told.has_error()) co_return told.error();
  const auto& accounts = configuration_.settings.accounts;
  sweep_result result;
  for (std::size_t i = 0; i < accounts.size() && !stopping_; ++i) {
    if (order.account && accounts[i].name != *order.account) continue;
    result.accounts.push_back(co_await sweep_account(i, order, listener));
  }
  if (stopping_) co_return result;
  const auto status = co_await database_.status();
  if (status.has_error()) co_return status.error();
  for (auto& account : result.accounts)
    for (const auto& stored : status->accounts)
      if (stored.account == account.account) account.open_quarantine = stored.open_quarantine;
  co_return result;
}

// What may be asked for: orders younger than `settle` may not be visible yet, by our clock; the engine holds it against
// the server's as well.
core::window sweeping::settled(const sweep_order& order) const {
  const auto settled = std::chrono::floor<std::chrono::seconds>(now_() - configuration_.settings.sync.live.settle);
  const auto wanted = order.range.value_or(core::window{configuration_.settings.sync.start, settled});
  return {wanted.begin, std::min(wanted.end, settled)};
}

asio::awaitable<account_result> sweeping::sweep_account(std::size_t index, const sweep_order& order,
                                                        const progress_listener& listener) {
  const auto& account = configuration_.settings.accounts[index];
  account_result result;
  result.account = account.name;
  result.range = settled(order);
  const auto ranges = co_await ranges_of(account, result.range, order.only_unproven);
  if (ranges.has_error()) {
    result.stopped_by = ranges.error();
    co_return result;
  }
  sync::sweep plan(account.name, order.kind, *ranges, sweep_rules_of(configuration_.settings.sync), log_,
                   {.number = next_sweep_number()});
  const auto source = make_source(executor_, configuration_, index, observed_now_, log_);
  if (source.has_error()) {
    result.stopped_by = source.error();
    co_return result;
  }
  co_await perform(plan, account.name, **source, listener);
  result.progress = plan.progress();
  result.stopped_by = plan.stopped_by();
  result.last_failure = plan.last_failure();
  co_return result;
}

asio::awaitable<core::result<std::vector<core::window>>> sweeping::ranges_of(const config::account& account,
                                                                             const core::window& range,
                                                                             bool only_unproven) {
  if (auto opened = co_await database_.open_account(scope_of(account, configuration_.settings.api)); opened.has_error())
    co_return opened.error();
  if (range.empty()) co_return std::vector<core::window>{};
  if (only_unproven) co_return co_await database_.unproven(account.name, range);
  co_return std::vector<core::window>{range};
}

asio::awaitable<void> sweeping::perform(sync::sweep& plan, const std::string& account, sync::order_source& source,
                                        const progress_listener& listener) {
  missing_orders missing({database_, turns_, log_}, account, configuration_.settings.api.request_timeout);
  noting_store store(database_, missing);
  sync::sweeper performer(executor_, {source, store, turns_, log_, observed_now_, chance()},
                          sweeper_rules_of(configuration_.settings.api));
  source_ = &source;
  sweeper_ = &performer;
  {
    const ticker telling(executor_, [&] { listener(account, plan.progress()); });
    co_await performer.perform(plan, account);
    if (store.noted() && !stopping_) co_await missing.look_up_all(source);
  }
  listener(account, plan.progress());
  sweeper_ = nullptr;
  source_ = nullptr;
}

}  // namespace ordersync::app
