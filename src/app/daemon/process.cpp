#include "app/daemon/process.hpp"

#include "app/setup/clock_and_random.hpp"
#include "app/setup/wiring.hpp"
#include "service/notify.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <utility>

namespace ordersync::app::daemon {

namespace asio = boost::asio;
using std::chrono::steady_clock;
using namespace std::chrono_literals;

namespace {

// Between looks at a database that fails. Takeover is to happen within ten seconds.
constexpr std::chrono::milliseconds rest_after_failure{1'000};

}  // namespace

process::process(asio::any_io_executor executor, setup::configuration_files files, setup::configuration loaded,
                 store::leadership::instance self, service::stderr_log& log, telemetry::observer& observers,
                 const telemetry::recent_problems& problems, const telemetry::request_history& requests)
    : executor_(std::move(executor)),
      files_(std::move(files)),
      configuration_(std::move(loaded)),
      log_(log),
      observers_(observers),
      problems_(problems),
      requests_(requests),
      self_(std::move(self)),
      rest_(executor_),
      pulse_(executor_),
      tasks_(executor_, [this] { rest_.cancel(); }) {
  open_database();
}

process::~process() = default;

void process::open_database() {
  auto settings = setup::store_settings_of(configuration_);
  settings.instance = self_.id;
  settings.retry.give_up_after = std::chrono::milliseconds::max();
  election_ = store::leadership::make_leader_election(settings, self_, log_);
  database_ = store::make_database(std::move(settings), log_);
}

// Life.

asio::awaitable<void> process::run() {
  log_.write(core::severity::info, "daemon_started", {{"instance", self_.id}, {"version", self_.version}});
  looked_at_ = steady_clock::now();
  tasks_.spawn(show_life());
  co_await watch();
  service::notify::stopping();
  step_down();
  end_work();
  pulse_.cancel();
  while (!tasks_.empty()) {
    rest_.expires_at(steady_clock::time_point::max());
    co_await rest_.async_wait(asio::as_tuple(asio::use_awaitable));
  }
  tasks_.rethrow();
  // The last thing: others take the rate and the accounts at once. Where that fails, they do when this process is gone.
  if (has_worked_) co_await election_->retire();
  log_.write(core::severity::info, "daemon_stopped", {{"instance", self_.id}});
}

void process::stop() {
  stopping_ = true;
  if (tenure_) tenure_->stop();
  if (workers_) workers_->stop();
  election_->close();
  database_->close();
  if (migrator_) migrator_->close();
  rest_.cancel();
  pulse_.cancel();
}

void process::cut() noexcept {
  election_->cut();
  database_->cut();
  if (workers_) workers_->cut();
  if (workers_leaving_) workers_leaving_->cut();
  if (migrator_) migrator_->cut();
}

asio::awaitable<void> process::watch() {
  std::optional<steady_clock::time_point> failing_since;
  std::int64_t failures = 0;
  while (!stopping_ && !broken()) {
    if (reloaded_ && !migrator_) apply_reload();
    const auto looked = co_await look();
    looked_at_ = steady_clock::now();
    looked_ = looked;
    if (stopping_) break;
    if (looked.has_value()) {
      if (failing_since && !migrator_) {
        log_.write(core::severity::info, "database_back",
                   {{"attempts", std::exchange(failures, 0)}, {"lasted", looked_at_ - *failing_since}});
        failing_since.reset();
      }
      continue;
    }
    if (++failures == 1) failing_since = looked_at_;
    log_.write(core::severity::warning, "database_trouble",
               {{"failure", core::name(looked.error().kind)}, {"reason", looked.error().what}});
    service::notify::status("waiting for the database: " + looked.error().what);
    step_down();
    if (workers_) workers_->interrupt();
    co_await breathe();
  }
}

asio::awaitable<core::result<void>> process::look() {
  auto seen = co_await election_->look();
  if (seen.has_error()) co_return seen.error();
  leader_seen_.reset();
  if (const auto led = co_await lead(*seen); led.has_error()) co_return led.error();
  if (const auto shared = co_await share(*seen); shared.has_error()) co_return shared.error();
  if (!migrator_ && (tenure_ || !seen->leads)) settle(seen->leader);
  co_return core::result<void>{};
}

// What belongs to the database.
asio::awaitable<core::result<void>> process::lead(const store::leadership::sighting& seen) {
  if (!seen.leads) {
    if (seen.leader) leader_seen_ = {*seen.leader, seen.database_time - seen.leader->heartbeat_at};
    prepared_.reset();
    step_down();
    co_return core::result<void>{};
  }
  if (seen.epoch == 0) step_down();
  if (!tenure_) {
    // What the former tenure has in progress comes first, and a reload that waits for that too.
    if (leaving_ || reloaded_) co_return core::result<void>{};
    if (!prepared_) {
      prepare_beside();
      co_return core::result<void>{};
    }
    const auto ready = *std::exchange(prepared_, std::nullopt);
    if (ready.has_error()) co_return ready.error();
    schema_current_ = true;
    if (seen.epoch == 0) {
      if (auto taken = co_await become_leader(); taken.has_error()) co_return taken.error();
    }
    tenure_ = std::make_unique<leader_tenure>(
        leader_tenure::dependencies{executor_, configuration_, *database_, log_, observed_now_});
  }
  warn_of_clock(seen.database_time);
  co_return core::result<void>{};
}

// What belongs to accounts.
asio::awaitable<core::result<void>> process::share(const store::leadership::sighting& seen) {
  if (!workers_) {
    if (workers_leaving_ || reloaded_ || stopping_) co_return core::result<void>{};
    if (!schema_current_) {
      if (!migrator_ && !checks_schema_) tasks_.spawn(check_schema());
      co_return core::result<void>{};
    }
    has_worked_ = true;
    workers_ = std::make_unique<worker_tenure>(worker_tenure::dependencies{
        executor_, configuration_, *database_, *election_, log_, observers_, problems_, requests_, self_, watch_});
    co_return core::result<void>{};
  }
  if (!seen.sharing) co_return core::result<void>{};
  auto shared = workers_->share(*seen.sharing);
  if (const auto done = co_await std::move(shared); done.has_error()) co_return done.error();
  if (workers_) pass_on(seen.jobs);
  co_return core::result<void>{};
}

// Only the leader changes the schema, and may be about to: one that does not fit is nothing to report.
asio::awaitable<void> process::check_schema() {
  checks_schema_ = true;
  const auto current = co_await database_->require_current();
  schema_current_ = current.has_value();
  checks_schema_ = false;
}

bool process::broken() const {
  return tasks_.broken() || (tenure_ && tenure_->broken()) || (workers_ && workers_->broken());
}

// Reads go on to be dated as before; whoever starts next would have to go by what is stored.
void process::warn_of_clock(core::instant database_time) {
  constexpr std::chrono::seconds drift{5};
  const auto behind = observed_now_() - database_time;
  if (std::exchange(clock_logged_, behind > drift) || !clock_logged_) return;
  log_.write(core::severity::warning, "database_clock_behind",
             {{"behind", behind},
              {"reason", "the database server's clock was set back; reads are dated from the latest stored time"}});
}

// Who neither leads nor owns an account stands by.
void process::settle(const std::optional<store::leadership::leader_info>& leader) {
  const bool works = workers_ && workers_->works();
  const auto progress = works ? workers_->progress() : std::string{};
  if (tenure_) return settle(fmt::format("leading (epoch {})", epoch_) + progress);
  if (!leader) return settle("standing by; another daemon is taking the lead");
  if (works) {
    logged_leader_.clear();
    return settle(fmt::format("working; {} on {} leads", leader->who.id, leader->who.host) + progress);
  }
  settle(fmt::format("standing by; {} on {} leads", leader->who.id, leader->who.host));
  if (std::exchange(logged_leader_, leader->who.id) == leader->who.id) return;
  log_.write(core::severity::info, "standing_by",
             {{"leader", leader->who.id}, {"host", leader->who.host}, {"epoch", leader->epoch}});
}

// Brings the schema up to date, and what the views know of the configuration. That may take minutes on a large mirror
// or beside a long report, and whoever holds the lock must be logged meanwhile: so it goes beside the looks, and by a
// session of its own that may take its time.
void process::prepare_beside() {
  if (migrator_) return;
  auto settings = setup::store_settings_of(configuration_);
  migrator_ = store::make_database(std::move(settings), log_);
  service::notify::status("upgrading the database schema");
  tasks_.spawn(prepare());
}

asio::awaitable<void> process::prepare() {
  const auto migrated = co_await migrator_->migrate();
  auto ready = core::result<void>{};
  if (migrated.has_error())
    ready = migrated.error();
  else
    ready = co_await migrator_->require_current();
  if (ready.has_value())
    ready = co_await migrator_->set_reporting(setup::reporting_settings_of(configuration_.settings));
  migrator_.reset();
  prepared_ = std::move(ready);
}

// Holding the lock, with the schema up to date: takes the next epoch and the clock that goes with it.
asio::awaitable<core::result<void>> process::become_leader() {
  const auto epoch = co_await election_->assume();
  if (epoch.has_error()) co_return epoch.error();
  const auto time = co_await election_->clock();
  if (time.has_error()) co_return time.error();
  database_->lead(*epoch);
  epoch_ = *epoch;
  observed_now_ = setup::observation_clock(*time);
  logged_leader_.clear();
  log_.write(core::severity::info, "leading", {{"instance", self_.id}, {"epoch", epoch_}});
  co_return core::result<void>{};
}

void process::step_down() {
  if (!tenure_) return;
  tenure_->stop();
  leaving_ = std::move(tenure_);
  tasks_.spawn(see_out());
}

// A commit that waits for the database is waited for: it may be done, and its answer lost.
asio::awaitable<void> process::see_out() {
  co_await leaving_->join();
  leaving_.reset();
  log_.write(core::severity::info, "not_leading", {{"instance", self_.id}, {"epoch", epoch_}});
}

void process::end_work() {
  if (!workers_) return;
  workers_->stop();
  watch_ = workers_->watch();
  workers_leaving_ = std::move(workers_);
  tasks_.spawn(see_workers_out());
}

asio::awaitable<void> process::see_workers_out() {
  co_await workers_leaving_->join();
  workers_leaving_.reset();
}

asio::awaitable<void> process::breathe() {
  if (stopping_) co_return;
  rest_.expires_after(rest_after_failure);
  co_await rest_.async_wait(asio::as_tuple(asio::use_awaitable));
}

// The loop that watches sends the sign of life to the service manager: when it hangs, none is sent.
asio::awaitable<void> process::show_life() {
  const auto interval = service::notify::watchdog_interval();
  while (interval && !stopping_) {
    if (steady_clock::now() - looked_at_ < longest_silence) service::notify::watchdog();
    pulse_.expires_after(*interval / 3);
    co_await pulse_.async_wait(asio::as_tuple(asio::use_awaitable));
  }
}

void process::settle(const std::string& status) {
  if (!std::exchange(settled_, true)) service::notify::ready();
  service::notify::status(status);
}

// Jobs of an account that nobody knows would wait for ever.
void process::pass_on(const std::vector<store::jobs::backfill_job>& jobs) {
  jobs_ = jobs;
  workers_->set_jobs(jobs);
  if (!tenure_) return;
  for (const auto& job : jobs) {
    if (job.state == store::jobs::job_state::paused || workers_->is_known(job.account)) continue;
    tasks_.spawn(refuse(job.id, job.account));
  }
}

asio::awaitable<void> process::refuse(std::int64_t job, std::string account) {
  auto reason = "account " + account + " is not in the configuration of any daemon that runs";
  co_await database_->end_job(job, store::jobs::job_state::failed, std::move(reason));
}

asio::awaitable<std::optional<orders::refresh_desk::answer>> process::refresh_order(std::string number) {
  if (!workers_ || !workers_->works()) co_return std::nullopt;
  auto reading = workers_->refresh_order(std::move(number));
  co_return co_await std::move(reading);
}

daemon_state process::state() const {
  daemon_state state{.instance = self_.id, .since_look = steady_clock::now() - looked_at_, .database = looked_};
  state.preparing = migrator_ != nullptr;
  state.leader = leader_seen_;
  state.success_timeout = setup::success_timeout_of(configuration_.settings);
  if (workers_) {
    state.jobs = jobs_;
    workers_->add_to(state);
  }
  if (tenure_) {
    state.leads = true;
    state.epoch = epoch_;
    state.led_for = tenure_->led_for();
  }
  return state;
}

}  // namespace ordersync::app::daemon
