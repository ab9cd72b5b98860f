#include "app/session.hpp"

#include "app/runtime/runner.hpp"
#include "app/setup/loading.hpp"
#include "app/setup/scope.hpp"
#include "app/setup/wiring.hpp"
#include "app/setup/world.hpp"
#include "app/status/status_view.hpp"
#include "app/tasks/backfills.hpp"
#include "app/tasks/care_tasks.hpp"
#include "app/tasks/sweeping.hpp"
#include "app/tasks/verifying.hpp"
#include "config/values.hpp"
#include "core/local_time.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace ordersync::app {

namespace {

namespace asio = boost::asio;

store::settings database_settings(const setup::configuration& from, setup::purpose of) {
  auto settings = setup::store_settings_of(from);
  if (of == setup::purpose::look) settings.retry.give_up_after = std::chrono::seconds{3};
  return settings;
}

class concrete_session final : public session {
 public:
  concrete_session(setup::configuration loaded, setup::purpose of)
      : configuration_(std::move(loaded)),
        log_(service::make_stderr_log(setup::log_options_of(configuration_.settings))),
        database_(store::make_database(database_settings(configuration_, of), *log_)) {}

  core::result<std::vector<store::migration_state>> migrate() override { return run(migrate_and_tell()); }

  core::result<std::vector<store::migration_state>> migration_status() override {
    return run(database_->migration_status());
  }

  core::result<status::status_view> status() override { return run(read_status()); }

  core::result<status::coverage_view> coverage(std::optional<core::second> from, std::optional<core::second> to,
                                               std::optional<std::string> account) override {
    return run(read_coverage(from, to, std::move(account)));
  }

  core::result<tasks::sweep_result> sweep(const tasks::sweep_order& order,
                                          const tasks::progress_listener& listener) override {
    tasks::sweeping task(runner_.io().get_executor(), configuration_, *database_, *log_);
    auto result =
        runner_.run(task.perform(order, listener), {.soon = [&] { task.stop(); }, .now = [&] { database_->cut(); }});
    if (result.has_value()) result->interrupted = runner_.interrupted();
    return result;
  }

  core::result<std::vector<store::backfill_job>> create_jobs(std::optional<std::string> account, core::window range,
                                                             std::string by) override {
    return run(create(account ? std::vector{*account} : account_names(), range, std::move(by)));
  }

  core::result<std::vector<store::backfill_job>> jobs(bool open_only) override {
    return run(after_check(database_->jobs(open_only)));
  }

  core::result<store::backfill_job> job(std::int64_t id) override { return run(after_check(database_->job(id))); }

  core::result<store::backfill_job> steer_job(std::int64_t id, store::job_wish wish, std::string by) override {
    return run(after_check(database_->steer_job(id, wish, std::move(by))));
  }

  core::result<tasks::awaited_jobs> await_jobs(const std::vector<store::backfill_job>& jobs,
                                               const tasks::job_listener& listener) override {
    tasks::job_watch watch(runner_.io().get_executor(), *database_);
    return runner_.run(watch.wait(jobs, listener), {.soon = [&] { watch.stop(); }, .now = [&] { database_->cut(); }});
  }

  core::result<std::vector<tasks::backfill_estimate>> estimate(std::optional<std::string> account,
                                                               core::window range) override {
    std::vector<tasks::backfill_estimate> estimates;
    for (std::size_t i = 0; i < configuration_.settings.accounts.size(); ++i) {
      if (account && configuration_.settings.accounts[i].name != *account) continue;
      auto one = run(tasks::estimate_backfill(runner_.io().get_executor(), configuration_, i, range, *log_));
      if (one.has_error()) return one.error();
      estimates.push_back(std::move(*one));
    }
    return estimates;
  }

  core::result<std::vector<store::quarantined>> quarantine(bool open_only) override {
    return run(after_check(database_->care().quarantine(open_only, 1'000)));
  }

  core::result<store::quarantined> quarantined_value(std::int64_t id) override {
    return run(after_check(database_->care().quarantined_value(id)));
  }

  core::result<tasks::retry_result> retry(std::optional<std::int64_t> id) override {
    tasks::retrying task(runner_.io().get_executor(), configuration_, *database_, *log_);
    return runner_.run(task.perform(id), {.soon = [&] { task.stop(); }, .now = [&] { database_->cut(); }});
  }

  core::result<tasks::replay_result> replay(std::optional<core::second> from, std::optional<core::second> to,
                                            std::string program, const tasks::replay_listener& listener) override {
    bool stopping = false;
    return runner_.run(app::tasks::replay(*database_, from, to, std::move(program), listener, stopping),
                       {.soon = [&] { stopping = true; }, .now = [&] { database_->cut(); }});
  }

  core::result<tasks::verify_result> verify(const tasks::verify_order& order,
                                            const tasks::verify_listener& listener) override {
    tasks::verifying task(runner_.io().get_executor(), configuration_, *database_, *log_);
    return runner_.run(task.perform(order, listener), {.soon = [&] { task.stop(); }, .now = [&] { database_->cut(); }});
  }

  core::result<tasks::retention_result> retention(bool dry_run, const tasks::retention_listener& listener) override {
    const auto rules = setup::retention_rules_of(configuration_.settings.retention);
    if (rules.off())
      return core::make_error(core::failure::input,
                              "no retention is configured: set retention.personal_data or retention.payloads");
    bool stopping = false;
    return runner_.run(tasks::retain(*database_, rules, dry_run, listener, stopping),
                       {.soon = [&] { stopping = true; }, .now = [&] { database_->cut(); }});
  }

  core::result<store::erased_order> erase_order(std::int64_t id) override {
    return run(after_check(database_->care().erase_order(id)));
  }

  core::result<store::erasure> erase_mobile(std::string mobile) override {
    return run(after_check(database_->care().erase_mobile(std::move(mobile))));
  }

  core::result<core::second> parse_time(std::string_view text) const override {
    const auto time = config::parse_time_point(text, configuration_.settings.api.time_zone);
    if (time) return *time;
    return core::make_error(core::failure::input, fmt::format("'{}' is not a time: {}", text, config::time_hint));
  }

  std::string local_text(core::second t) const override {
    const auto zone = configuration_.settings.api.time_zone;
    return core::local_text(t, std::chrono::duration_cast<std::chrono::minutes>(zone));
  }

  std::vector<std::string> account_names() const override {
    std::vector<std::string> names;
    names.reserve(configuration_.settings.accounts.size());
    for (const auto& account : configuration_.settings.accounts) names.push_back(account.name);
    return names;
  }

 private:
  template <class T>
  core::result<T> run(asio::awaitable<core::result<T>> task) {
    return runner_.run(std::move(task), {.soon = [this] { database_->close(); }, .now = [this] { database_->cut(); }});
  }

  // What needs the schema says so in our words when that is not there.
  template <class T>
  asio::awaitable<core::result<T>> after_check(asio::awaitable<core::result<T>> task) {
    if (auto current = co_await database_->require_current(); current.has_error()) co_return current.error();
    co_return co_await std::move(task);
  }

  asio::awaitable<core::result<std::vector<store::backfill_job>>> create(std::vector<std::string> accounts,
                                                                         core::window range, std::string by) {
    return after_check(database_->create_jobs(std::move(accounts), range, std::move(by)));
  }

  asio::awaitable<core::result<std::vector<store::migration_state>>> migrate_and_tell() {
    auto applied = co_await database_->migrate();
    if (applied.has_error()) co_return applied;
    const auto settings = setup::reporting_settings_of(configuration_.settings);
    if (auto told = co_await database_->tell_reporting(settings); told.has_error()) co_return told.error();
    co_return applied;
  }

  asio::awaitable<core::result<store::status_report>> read_stored() {
    if (auto current = co_await database_->require_current(); current.has_error()) co_return current.error();
    co_return co_await database_->status();
  }

  asio::awaitable<core::result<status::status_view>> read_status() {
    auto stored = co_await read_stored();
    if (stored.has_error()) co_return stored.error();
    co_return status::look_at(configuration_.settings, std::move(*stored), now_());
  }

  asio::awaitable<core::result<status::coverage_view>> read_coverage(std::optional<core::second> from,
                                                                     std::optional<core::second> to,
                                                                     std::optional<std::string> wanted) {
    const auto stored = co_await read_stored();
    if (stored.has_error()) co_return stored.error();
    const auto start = configuration_.settings.sync.start;
    status::coverage_view view;
    for (const auto& account : configuration_.settings.accounts) {
      if (wanted && *wanted != account.name) continue;
      const auto seen = status::view_of(configuration_.settings, account, *stored, now_());
      const auto begin = from.value_or(start);
      const core::window range{begin, to.value_or(std::max(begin, seen.complete.expected.end))};
      auto report = co_await coverage_of(account, seen, range);
      if (report.has_error()) co_return report.error();
      view.incomplete = view.incomplete || !report->gaps.empty();
      view.accounts.push_back(std::move(*report));
    }
    co_return view;
  }

  asio::awaitable<core::result<store::coverage_report>> coverage_of(const config::account& account,
                                                                    const status::account_view& view,
                                                                    const core::window& range) {
    if (!view.stored.scope.empty() && !view.other_question) co_return co_await database_->coverage(account.name, range);
    store::coverage_report report;
    report.account = account.name;
    report.asked = setup::scope_of(account, configuration_.settings.api).asked;
    report.range = range;
    if (!range.empty())
      report.gaps.push_back({range,
                             view.other_question ? std::string{"the stored coverage belongs to another configuration "
                                                               "of this account; sync starts a new one"}
                                                 : std::string{},
                             std::nullopt});
    co_return report;
  }

  setup::configuration configuration_;
  std::function<core::instant()> now_ = setup::wall_clock();
  std::unique_ptr<service::stderr_log> log_;
  runtime::runner runner_;
  std::unique_ptr<store::database> database_;
};

}  // namespace

boost::system::result<std::unique_ptr<session>, std::vector<std::string>> session::open(
    const std::filesystem::path& config_file, setup::purpose of) {
  auto loaded = setup::load(config_file, of);
  if (loaded.has_error()) return loaded.error();
  return std::make_unique<concrete_session>(std::move(*loaded), of);
}

}  // namespace ordersync::app
