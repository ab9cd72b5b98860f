#include "app/daemon/account_worker.hpp"

#include "app/daemon/account_progress.hpp"
#include "app/daemon/job_conclusion.hpp"
#include "app/setup/clock_and_random.hpp"
#include "app/setup/scope.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <utility>

namespace ordersync::app::daemon {

namespace asio = boost::asio;
using std::chrono::steady_clock;
using namespace std::chrono_literals;

namespace {

// After a sweep that something stopped, and between looks at what is in an account's way: soon enough to be back within
// ten seconds, seldom enough to cost little.
constexpr std::chrono::milliseconds failure_pause{5'000};

}  // namespace

account_worker::account_worker(worker_dependencies around, std::size_t index)
    : around_(std::move(around)),
      index_(index),
      clock_(name(), setup::wall_clock(), around_.log),
      jobs_(around_.database, name(),
            [this](const store::jobs::backfill_job& job) { return is_over(job, settled(), clock_.now()); }),
      trials_({around_.from, around_.database, around_.turns, around_.log, around_.observed_now,
               sync::flow::urgency::live, true},
              index),
      tiers_({around_.database, around_.log, trials_, [this] { return now().server; },
              [this](const std::vector<core::window>& fell) { take_back(fell); }},
             name()),
      missing_({around_.database, around_.turns, around_.log, [this] { trials_.known().want_trial(); }},
               around_.from.settings.accounts[index].name, tasks::missing_rules_of(around_.from.settings)),
      alarm_(around_.executor),
      tasks_(around_.executor, [this] { wake(); }) {}

const std::string& account_worker::name() const {
  return around_.from.settings.accounts[index_].name;
}

std::optional<core::second> account_worker::complete_through() const {
  return schedule_ ? schedule_->complete_through() : std::nullopt;
}

// The loop.

asio::awaitable<void> account_worker::run() {
  while (!stopping_ && !schedule_) {
    const auto ready = co_await prepare();
    if (ready.has_value() && !stopping_)
      around_.log.write(core::severity::info, "account_ready", {{"account", name()}});
    if (ready.has_value() || stopping_) break;
    around_.log.write(
        core::severity::error, "account_not_ready",
        {{"account", name()}, {"failure", core::name(ready.error().kind)}, {"reason", ready.error().what}});
    co_await pause(failure_pause);
  }
  while (!tasks_.broken() && (!stopping_ || !tasks_.empty())) {
    if (!stopping_) try_what_is_due();
    // Nothing is proven before the API was tried, so nothing is read before.
    if (!stopping_ && trials_.known().tried_at()) start_what_is_due();
    co_await wait_for_news();
  }
  stop();
  while (!tasks_.empty()) co_await wait_for_news();
  tasks_.rethrow();
}

void account_worker::stop() {
  stopping_ = true;
  for (auto& running : running_) running.performer.stop();
  for (auto& timer : pauses_) timer.cancel();
  trials_.stop();
  if (around_.trial_places != nullptr) around_.trial_places->give_up(this);
  if (audit_) audit_->stop();
  if (freshness_) freshness_->stop();
  end_of_look_ups_.emit(asio::cancellation_type::terminal);
  if (tracked_source_) tracked_source_->close();
  if (metered_details_) metered_details_->close();
  wake();
}

void account_worker::wake() {
  news_ = true;
  alarm_.cancel();
}

asio::awaitable<void> account_worker::wait_for_news() {
  if (!std::exchange(news_, false)) {
    const bool reads = schedule_ && !stopping_ && trials_.known().tried_at();
    alarm_.expires_at(reads ? std::min(schedule_->wake(now()), tiers_.due()) : steady_clock::time_point::max());
    co_await alarm_.async_wait(asio::as_tuple(asio::use_awaitable));
  }
  news_ = false;
}

asio::awaitable<void> account_worker::pause(std::chrono::milliseconds length) {
  const auto timer = pauses_.emplace(pauses_.end(), around_.executor, length);
  if (!stopping_) co_await timer->async_wait(asio::as_tuple(asio::use_awaitable));
  pauses_.erase(timer);
}

// What the database knows already: the proof, and when what was read last.
asio::awaitable<core::result<void>> account_worker::prepare() {
  const auto& settings = around_.from.settings;
  auto& database = around_.database;
  if (auto opened = co_await database.open_account(setup::scope_of(settings.accounts[index_], settings.api));
      opened.has_error())
    co_return opened.error();
  auto proven = co_await database.proven(name());
  if (proven.has_error()) co_return proven.error();
  auto loaded = co_await trials_.load();
  if (loaded.has_error()) co_return loaded.error();
  const auto rules = setup::schedule_rules_of(settings.sync);
  const auto longest = rules.tiers.empty() ? 0s : rules.tiers.back().every;
  const auto reads = co_await database.recent_reads(name(), around_.observed_now() - 2 * longest);
  if (reads.has_error()) co_return reads.error();
  if (const auto sources = open_sources(); sources.has_error()) co_return sources.error();
  sync::schedule::last_read_map times;
  for (const auto& read : *reads) times.read(read.window, std::chrono::floor<std::chrono::seconds>(read.started_at));
  schedule_.emplace(rules, std::move(*proven), std::move(times));
  set_jobs(jobs_.list());
  audit_.emplace(
      tasks::audit::dependencies{around_.executor, around_.from, database, around_.log, trials_, *tracked_source_,
                                 [this] { return now().server; },
                                 [this]() -> const std::vector<core::window>& { return schedule_->proven(); },
                                 [this](const std::vector<core::window>& fell) { take_back(fell); }},
      index_);
  if (stopping_) audit_->stop();  // it was not there yet when stop() was called
  tasks_.spawn(audit_->run());
  keep_fresh();
  co_return core::result<void>{};
}

core::result<void> account_worker::open_sources() {
  if (!source_) {
    auto source = around_.make_api(around_.executor, around_.from, index_, around_.observed_now, around_.log);
    if (source.has_error()) return source.error();
    source_ = std::move(*source);
    metered_ = std::make_unique<telemetry::metered_source>(name(), *source_, around_.observers);
    tracked_source_ = std::make_unique<clock_tracking_source>(clock_, *metered_);
  }
  if (around_.from.settings.details.enabled && !details_) {
    auto details = around_.make_details(around_.executor, around_.from, index_, around_.observed_now, around_.log);
    if (details.has_error()) return details.error();
    details_ = std::move(*details);
    metered_details_ = std::make_unique<telemetry::metered_detail_source>(name(), *details_, around_.observers);
  }
  return {};
}

void account_worker::keep_fresh() {
  freshness_.emplace(
      freshness::account_freshness::dependencies{
          around_.executor, around_.from, around_.database, around_.turns, around_.log, around_.observers,
          *tracked_source_, metered_details_.get(), trials_.known(), [this] { return now().server; },
          around_.observed_now, [this]() -> const std::vector<core::window>& { return schedule_->proven(); }},
      index_);
  if (stopping_) freshness_->stop();
  tasks_.spawn(freshness_->check());
  tasks_.spawn(freshness_->read_messages());
  tasks_.spawn(freshness_->read_details());
}

void account_worker::look_for_messages() noexcept {
  if (freshness_) freshness_->look_for_messages();
}

void account_worker::try_what_is_due() {
  if (trying_ || !trials_.due()) return;
  trying_ = true;
  tasks_.spawn(try_api());
}

asio::awaitable<void> account_worker::try_api() {
  if (around_.trial_places == nullptr) {
    co_await perform_trial();
  } else if (const auto place = co_await around_.trial_places->take(this); place && !stopping_) {
    co_await perform_trial();
  }
  trying_ = false;
}

asio::awaitable<void> account_worker::perform_trial() {
  const auto& sync = around_.from.settings.sync;
  const auto settle = std::chrono::ceil<std::chrono::seconds>(sync.live.settle);
  const core::window range{sync.start, now().server - settle};
  const bool whole = trials_.known().trial_due(around_.observed_now());
  const auto fell = co_await trials_.perform_due(*tracked_source_, range);
  if (fell.has_error() && !stopping_) {
    around_.log.write(core::severity::warning, "api_trial_failed",
                      {{"account", name()}, {"failure", core::name(fell.error().kind)}, {"reason", fell.error().what}});
    co_await pause(failure_pause);
  }
  if (fell.has_value()) take_back(*fell);
  // What was missing is known now.
  if (whole && trials_.sound()) schedule_->clear_backoff();
  schedule_->use_settle(std::max(settle, trials_.known().limits().nearest_end.value_or(settle)));
  // A start that is still to come needs no trial.
  if (range.empty()) co_await pause(failure_pause);
}

void account_worker::take_back(const std::vector<core::window>& windows) {
  for (const auto& w : windows) schedule_->retracted(w);
}

void account_worker::start_what_is_due() {
  const auto accounts = static_cast<int>(around_.from.settings.accounts.size());
  while (auto due = schedule_->next(now())) {
    auto rules = setup::sweep_rules_of(around_.from.settings.sync);
    // What is open takes memory, so the accounts share it.
    const auto held = rules.reading.most_held * rules.windows;
    rules.windows = std::max(1, rules.windows / accounts);
    rules.reading.most_held =
        std::max(std::int64_t{rules.reading.page_size}, std::min(rules.reading.most_held, held / accounts));
    auto how = setup::sweep_runner_rules_of(around_.from.settings.api);
    how.retries.outlast = true;
    how.retries.last_ceiling = failure_pause;
    tasks_.spawn(sweep(running_.emplace_back(sweep_dependencies(), name(), std::move(*due), rules, how)));
  }
  if (steady_clock::now() >= tiers_.due()) tasks_.spawn(tiers_.look(schedule_->tiers(now())));
}

running_sweep::dependencies account_worker::sweep_dependencies() {
  auto listener = [this](std::optional<std::int64_t> job, handed_window what,
                         const core::result<sync::commit_summary>& summary) {
    return on_commit(job, std::move(what), summary);
  };
  return {.executor = around_.executor,
          .database = around_.database,
          .source = *tracked_source_,
          .turns = around_.turns,
          .log = around_.log,
          .observed_now = around_.observed_now,
          .observers = around_.observers,
          .known = trials_.known(),
          .listener = std::move(listener)};
}

asio::awaitable<void> account_worker::sweep(running_sweep& running) {
  const auto job = running.due.job;
  if (job) {
    running.before = jobs_.orders_of(*job);
    co_await around_.database.begin_job(*job, std::nullopt);
  }
  co_await running.performer.perform(running.plan, name());
  const auto& stopped = running.plan.stopped_by();
  const bool through = !stopped && !stopping_ && !running.job_stopped;
  if (through) live_requests_ = live_cost(live_requests_, running);
  if (stopped && !stopping_) {
    around_.log.write(core::severity::warning, "sweep_stopped",
                      {{"account", name()},
                       {"sweep", running.plan.label().number},
                       {"kind", sync::name(running.due.kind)},
                       {"job", job},
                       {"failure", core::name(stopped->kind)},
                       {"reason", stopped->what}});
    co_await pause(failure_pause);
  }
  if (job && through) co_await conclude_job(*job);
  if (through)
    schedule_->ended(running.due.id, running.plan.progress().gaps == 0, now());
  else
    schedule_->dropped(running.due.id, now());
  running_.remove_if([&](const running_sweep& other) { return &other == &running; });
}

asio::awaitable<void> account_worker::on_commit(std::optional<std::int64_t> job, handed_window what,
                                                const core::result<sync::commit_summary>& summary) {
  using sync::sweep_outcome;
  if (summary.has_value()) {
    const bool outdated = summary->outdated > 0;
    const bool whole = what.outcome == sweep_outcome::proven || what.outcome == sweep_outcome::unproven;
    if (whole) schedule_->stored(what.window, outdated ? std::nullopt : what.proven, what.read_at);
    if (what.outcome == sweep_outcome::proven && !outdated) proven_at_ = steady_clock::now();
    look_up(summary->missing, std::move(what.shown));
  } else if (summary.error().kind == core::failure::database) {
    take_back({what.window});  // the store has taken back what was proven of it
  }
  if (job) co_await store_expected(*job);
}

// What the API counts in a job's ranges becomes known as the sweep begins them: `--wait` computes the time left from
// it.
asio::awaitable<void> account_worker::store_expected(std::int64_t job) {
  for (auto& running : running_) {
    const auto expected = running.plan.progress().expected_orders;
    if (running.due.job != job || expected <= running.expected_stored) continue;
    running.expected_stored = expected;
    const auto in_all = running.before + expected;
    co_await around_.database.begin_job(job, in_all);
    co_return;
  }
}

// Jobs.

void account_worker::set_jobs(const std::vector<store::jobs::backfill_job>& jobs) {
  jobs_.set(jobs);
  if (!schedule_) return;
  for (auto& running : running_) {
    if (!running.due.job || !jobs_.is_stopped(*running.due.job)) continue;
    running.job_stopped = true;
    running.performer.stop();
  }
  // All of it was done before somebody could write so down.
  for (const auto id : jobs_.over()) {
    const auto mine = [&](const running_sweep& running) { return running.due.job == id; };
    if (std::ranges::none_of(running_, mine)) tasks_.spawn(conclude_job(id));
  }
  schedule_->set_jobs(jobs_.runnable(settled()));
  wake();
}

// What was created until then the API shows in full.
core::second account_worker::settled() const {
  const auto settle = std::chrono::ceil<std::chrono::seconds>(around_.from.settings.sync.live.settle);
  return now().server - std::max(settle, trials_.known().limits().nearest_end.value_or(settle));
}

asio::awaitable<void> account_worker::conclude_job(std::int64_t id) {
  const bool concluded = co_await jobs_.conclude(id);
  if (concluded) tasks_.spawn(forget_job(id));
}

// Looks at the jobs that began before its end was written may still show it as open.
asio::awaitable<void> account_worker::forget_job(std::int64_t id) {
  co_await pause(failure_pause);
  jobs_.forget(id);
}

// Orders that are missing.

void account_worker::look_up(const std::vector<sync::missing_order>& missing,
                             std::optional<sync::missing_order> shown) {
  if (missing_.add(missing, std::move(shown), steady_clock::now()) && !stopping_)
    tasks_.spawn(missing_.look_up_all(*tracked_source_), end_of_look_ups_.slot());
}

sync::schedule::moment account_worker::now() const {
  return {steady_clock::now(), clock_.now(), std::chrono::floor<std::chrono::seconds>(around_.observed_now())};
}

account_state account_worker::state() const {
  account_state state{.name = name(), .skew = clock_.skew()};
  state.limits = trials_.known().limits();
  state.untried = trials_.known().filter_reason();
  if (state.untried.empty()) state.untried = trials_.known().trial_reason();
  if (proven_at_) state.since_success = std::chrono::steady_clock::now() - *proven_at_;
  state.live_requests = live_requests_;
  if (freshness_) state.checks = freshness_->checks();
  if (state.checks && state.checks->oldest_checked_at)
    state.check_age =
        std::chrono::floor<std::chrono::seconds>(around_.observed_now() - *state.checks->oldest_checked_at);
  if (schedule_) add_progress(state, *schedule_, now(), around_.from.settings.sync);
  return state;
}

}  // namespace ordersync::app::daemon
