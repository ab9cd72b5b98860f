#include "app/tasks/sweeping.hpp"

#include "app/runtime/task_group.hpp"
#include "app/setup/clock_and_random.hpp"
#include "app/setup/scope.hpp"
#include "app/tasks/due_details.hpp"
#include "app/tasks/missing_orders.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <utility>

namespace ordersync::app::tasks {

namespace asio = boost::asio;

namespace {

// Calls `action` about five times a second for as long as it lives.
class ticker {
 public:
  ticker(const asio::any_io_executor& executor, std::function<void()> action)
      : timer_(executor), action_(std::move(action)) {
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
      action_();
      wait();
    });
  }

  asio::steady_timer timer_;
  std::function<void()> action_;
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

// Tries the API's filter whenever that is due, for as long as a sweep takes.
class filter_watch {
 public:
  filter_watch(const asio::any_io_executor& executor, sync::order_source& source, api_trials& trials)
      : source_(source), trials_(trials), pause_(executor), ended_(executor), tasks_(executor, [this] {
          ended_.cancel();
        }) {
    tasks_.spawn(run());
  }
  filter_watch(const filter_watch&) = delete;
  filter_watch& operator=(const filter_watch&) = delete;

  // What it took back, and whether it was kept from trying. To be awaited before it goes.
  asio::awaitable<core::result<api_trials::retracted>> end() {
    over_ = true;
    pause_.cancel();
    while (!tasks_.empty()) {
      ended_.expires_at(std::chrono::steady_clock::time_point::max());
      co_await ended_.async_wait(asio::as_tuple(asio::use_awaitable));
    }
    tasks_.rethrow();
    co_return std::move(result_);
  }

 private:
  asio::awaitable<void> run() {
    while (!over_ && result_.has_value()) {
      pause_.expires_after(std::chrono::seconds{1});
      co_await pause_.async_wait(asio::as_tuple(asio::use_awaitable));
      const bool due = trials_.known().filter_trial_due(trials_.observed_now());
      if (over_ || !due || !trials_.known().filter_reason().empty()) continue;
      auto fell = co_await trials_.confirm(source_);
      if (fell.has_error() || !fell->empty()) result_ = std::move(fell);
    }
  }

  sync::order_source& source_;
  api_trials& trials_;
  asio::steady_timer pause_;
  asio::steady_timer ended_;
  core::result<api_trials::retracted> result_{api_trials::retracted{}};
  bool over_ = false;
  runtime::task_group tasks_;
};

sync::sweep::sweep_progress sum_of(const sync::sweep::sweep_progress& before,
                                   const sync::sweep::sweep_progress& round) {
  auto sum = round;  // gaps, ranges and lengths are those of the last round
  sum.calls += before.calls;
  sum.windows_proven += before.windows_proven;
  sum.windows_split += before.windows_split;
  sum.created += before.created;
  sum.changed += before.changed;
  sum.quarantined += before.quarantined;
  return sum;
}

}  // namespace

sweeping::sweeping(task_dependencies around)
    : around_(std::move(around)),
      now_(setup::wall_clock()),
      turns_(around_.executor, setup::admission_rules_of(around_.from.settings.sync)) {}

asio::awaitable<core::result<sweep_result>> sweeping::perform(const sweep_request& request,
                                                              const progress_listener& listener) {
  if (auto current = co_await around_.database.require_current(); current.has_error()) co_return current.error();
  const auto clock = co_await around_.database.clock();
  if (clock.has_error()) co_return clock.error();
  observed_now_ = setup::observation_clock(*clock);
  const auto reporting = setup::reporting_settings_of(around_.from.settings);
  if (auto written = co_await around_.database.set_reporting(reporting); written.has_error()) co_return written.error();
  const auto& accounts = around_.from.settings.accounts;
  sweep_result result;
  for (std::size_t i = 0; i < accounts.size() && !stop_.requested(); ++i) {
    if (request.account && accounts[i].name != *request.account) continue;
    result.accounts.push_back(co_await sweep_account(i, request, listener));
  }
  if (stop_.requested()) co_return result;
  const auto status = co_await around_.database.status();
  if (status.has_error()) co_return status.error();
  for (auto& account : result.accounts)
    for (const auto& stored : status->accounts)
      if (stored.account == account.account) account.quarantine = stored.quarantine;
  co_return result;
}

// What may be asked for: orders younger than `settle` may not be visible yet, by our clock; the engine holds it against
// the server's as well. Nor may what ends later than the API was found to answer.
core::window sweeping::settled(const sweep_request& request, const sync::evidence::known_limits& limits) const {
  const std::chrono::milliseconds settle = std::max<std::chrono::milliseconds>(
      around_.from.settings.sync.live.settle, limits.nearest_end.value_or(std::chrono::seconds{0}));
  const auto settled = std::chrono::floor<std::chrono::seconds>(now_() - settle);
  const auto wanted = request.range.value_or(core::window{around_.from.settings.sync.start, settled});
  return {wanted.begin, std::min(wanted.end, settled)};
}

asio::awaitable<account_result> sweeping::sweep_account(std::size_t index, const sweep_request& request,
                                                        const progress_listener& listener) {
  const auto& account = around_.from.settings.accounts[index];
  account_result result;
  result.account = account.name;
  result.range = settled(request, {});
  auto opened = co_await around_.database.open_account(setup::scope_of(account, around_.from.settings.api));
  if (opened.has_error()) {
    result.stopped_by = opened.error();
    co_return result;
  }
  const auto source = around_.make_api(around_.executor, around_.from, index, observed_now_, around_.log);
  if (source.has_error()) {
    result.stopped_by = source.error();
    co_return result;
  }
  // Kept for the next sweep of the account.
  auto& kept = kept_trials_[index];
  if (!kept) {
    const api_trials::dependencies around{around_.from, around_.database, turns_, around_.log, observed_now_};
    kept = std::make_unique<api_trials>(around, index);
  }
  auto& trials = *kept;
  auto& api = **source;
  const runtime::stop_signal::registration closed_at_stop{stop_, [&api] { api.close(); }};
  const auto stopped_at_stop = stop_.stops(trials);
  const auto done = co_await sweep_in_rounds(index, request, listener, api, trials, result);
  if (done.has_error() && !stop_.requested()) result.stopped_by = done.error();
  if (!request.details || !around_.from.settings.details.enabled || stop_.requested()) co_return result;
  auto details = read_due_details(around_, index, turns_, observed_now_, stop_);
  result.details = co_await std::move(details);
  co_return result;
}

// What the trials have not shown beforehand may be shown by what was read, or by a trial of just that: then it is read
// again.
asio::awaitable<core::result<void>> sweeping::sweep_in_rounds(std::size_t index, const sweep_request& request,
                                                              const progress_listener& listener,
                                                              sync::order_source& source, api_trials& trials,
                                                              account_result& result) {
  constexpr int most_rounds = 4;
  const auto& account = around_.from.settings.accounts[index];
  const auto loaded = co_await trials.load();
  if (loaded.has_error()) co_return loaded.error();
  bool only_unproven = request.only_unproven;
  for (int round = 1; round <= most_rounds && !stop_.requested(); ++round) {
    const auto whole = settled({}, trials.known().limits());
    const core::window wide{std::min(result.range.begin, whole.begin), std::max(result.range.end, whole.end)};
    core::result<api_trials::retracted> tried{api_trials::retracted{}};
    if (round == 1)
      tried = co_await trials.perform_due(source, wide);
    else
      tried = co_await trials.perform_again(source, wide);
    if (tried.has_error()) co_return tried.error();
    // What could not be shown now is not shown by reading again.
    if (round > 1 && !trials.sound()) break;
    result.range = settled(request, trials.known().limits());
    const auto ranges = co_await ranges_of(account, result.range, only_unproven);
    if (ranges.has_error()) co_return ranges.error();
    if (ranges->empty()) break;
    sync::sweep::sweep plan(account.name, request.kind, *ranges, setup::sweep_rules_of(around_.from.settings.sync),
                            around_.log, {.number = setup::next_sweep_number()}, &trials.known());
    const auto before = result.progress;
    const progress_listener reporter = [&](std::string_view name, const sync::sweep::sweep_progress& progress) {
      listener(name, sum_of(before, progress));
    };
    const auto performed = co_await perform(plan, index, source, trials, reporter);
    result.progress = sum_of(before, plan.progress());
    result.stopped_by = plan.stopped_by();
    result.last_failure = plan.last_failure();
    if (performed.has_error()) co_return performed.error();
    result.progress.gaps += static_cast<std::int64_t>(performed->size());  // what fell is not proven any more
    if (result.stopped_by || (plan.progress().not_accepted == 0 && performed->empty())) break;
    if (!trials.sound()) break;
    only_unproven = true;
  }
  co_return core::result<void>{};
}

asio::awaitable<core::result<std::vector<core::window>>> sweeping::ranges_of(const config::account& account,
                                                                             const core::window& range,
                                                                             bool only_unproven) {
  if (range.empty()) co_return std::vector<core::window>{};
  if (only_unproven) co_return co_await around_.database.unproven(account.name, range);
  co_return std::vector<core::window>{range};
}

// Meanwhile it is looked again and again whether the API's filter still holds, and once more at the end. What was taken
// back.
asio::awaitable<core::result<api_trials::retracted>> sweeping::perform(sync::sweep::sweep& plan, std::size_t index,
                                                                       sync::order_source& source, api_trials& trials,
                                                                       const progress_listener& listener) {
  const auto& account = around_.from.settings.accounts[index].name;
  missing_orders missing({around_.database, turns_, around_.log, [&trials] { trials.known().want_trial(); }}, account,
                         missing_rules_of(around_.from.settings));
  noting_store store(around_.database, missing);
  sync::sweep::sweep_runner performer(around_.executor,
                                      {source, store, turns_, around_.log, observed_now_, setup::random_source()},
                                      setup::sweep_runner_rules_of(around_.from.settings.api));
  const auto stopped_at_stop = stop_.stops(performer);
  core::result<api_trials::retracted> confirmed{api_trials::retracted{}};
  {
    const ticker reporter(around_.executor, [&] { listener(account, plan.progress()); });
    filter_watch watch(around_.executor, source, trials);
    co_await performer.perform(plan, account);
    confirmed = co_await watch.end();
    const bool any = plan.progress().windows_proven > 0 && !plan.stopped_by();
    if (any && !stop_.requested() && confirmed.has_value() && confirmed->empty())
      confirmed = co_await trials.confirm(source);
    // A reply that nobody understands contradicts nothing; the next run looks first.
    if (confirmed.has_error() && confirmed.error().kind == core::failure::unusable_reply)
      confirmed = api_trials::retracted{};
    if (store.noted() && !stop_.requested()) co_await missing.look_up_all(source);
  }
  listener(account, plan.progress());
  co_return confirmed;
}

}  // namespace ordersync::app::tasks
