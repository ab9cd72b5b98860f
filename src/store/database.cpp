#include "store/coverage/make_trials.hpp"
#include "store/coverage/proof.hpp"
#include "store/details/make_details.hpp"
#include "store/feed/make_feed.hpp"
#include "store/jobs/job_table.hpp"
#include "store/leadership/leadership.hpp"
#include "store/leadership/observation_clock.hpp"
#include "store/maintenance/make_maintenance.hpp"
#include "store/maintenance/quarantine_kinds.hpp"
#include "store/maintenance/redaction.hpp"
#include "store/maintenance/statistics_keeper.hpp"
#include "store/migrate.hpp"
#include "store/migrations/apply_migrations.hpp"
#include "store/migrations/distribution.hpp"
#include "store/orders/vanishing.hpp"
#include "store/orders/write_batch.hpp"
#include "store/pg/transaction_runner.hpp"
#include "store/push/make_messages.hpp"
#include "store/recheck/make_recheck.hpp"
#include "store/reports/health.hpp"
#include "store/reports/problem_table.hpp"
#include "store/reports/read_order.hpp"
#include "store/reports/read_reports.hpp"
#include "store/reports/reporting.hpp"
#include "store/reports/tier_table.hpp"
#include "store/store.hpp"

#include <functional>
#include <map>
#include <mutex>
#include <utility>

namespace ordersync::store {
namespace {

namespace asio = boost::asio;

pg::session session_for(const pg::settings& s) {
  if (s.instance.empty()) return {};
  return {pg::session::purpose::work, leadership::session_name(s.instance)};
}

class postgres_database final : public database {
 public:
  postgres_database(pg::settings s, core::log& log)
      : log_(log),
        distributed_(s.distributed),
        rules_{std::move(s.accounts), s.details},
        statistics_(s.url, s.password, session_for(s)),
        runner_(s.url, s.password, session_for(s), s.retry, log),
        fenced_(runner_, std::move(s.instance)),
        maintenance_(maintenance::make_maintenance(fenced_)),
        trials_(coverage::make_trials(fenced_, {[this](const std::string& account) { return scope_of(account); }})),
        recheck_(recheck::make_recheck(fenced_)),
        messages_(push::make_messages(fenced_)),
        feed_(feed::make_feed(fenced_)),
        details_(details::make_details(fenced_, [this] { return rules().details; })) {}

  asio::awaitable<core::result<sync::commit_summary>> commit(sync::window_batch batch) override {
    auto scope = scope_of(batch.account);
    if (!scope) co_return not_opened(batch.account);
    orders::write_context context{std::move(*scope), rules(), 0};
    bool refused = false;
    auto summary =
        co_await fenced_.write<sync::commit_summary>("storing a window", batch.account, [&](pg::connection& db) {
          try {
            maintenance::redact_erased(db, batch);
            return orders::write_batch(db, batch, context);
          } catch (const pg::sql_error& why) {
            refused = !why.transient();
            throw;
          }
        });
    if (summary.has_error() && refused) co_await doubt(batch, summary.error().what);
    if (summary.has_value()) statistics_.created(summary->created);
    co_return summary;
  }

  asio::awaitable<core::result<void>> open_account(coverage::account_scope account) override {
    const auto left =
        co_await fenced_.write<std::string>("opening an account", account.account, [&account](pg::connection& db) {
          coverage::lock_writers(db);
          return coverage::open_scope(db, account);
        });
    if (left.has_error()) co_return left.error();
    if (!left->empty()) {
      log_.write(core::severity::warning, "account_scope_changed",
                 {{"account", account.account}, {"asked", account.asked}});
    }
    const std::lock_guard lock{mutex_};
    scopes_[account.account] = account.scope;
    co_return core::result<void>{};
  }

  asio::awaitable<core::result<std::vector<core::window>>> unproven(std::string account, core::window range) override {
    co_return co_await read_in_scope<std::vector<core::window>>(
        "reading proof", account, [&](pg::connection& db) { return coverage::unproven_parts(db, account, range); });
  }

  asio::awaitable<core::result<std::vector<core::window>>> proven(std::string account) override {
    co_return co_await read_in_scope<std::vector<core::window>>(
        "reading proof", account, [&](pg::connection& db) { return reports::read_proven(db, account); });
  }

  asio::awaitable<core::result<std::vector<reports::read_record>>> recent_reads(std::string account,
                                                                                core::instant since) override {
    co_return co_await read_in_scope<std::vector<reports::read_record>>(
        "reading sweeps", account, [&](pg::connection& db) { return reports::read_recent(db, account, since); });
  }

  void lead(std::int64_t epoch) noexcept override { fenced_.lead(epoch); }
  void hold(const std::string& account, std::int64_t epoch) override { fenced_.hold(account, epoch); }

  asio::awaitable<core::result<core::instant>> clock() override {
    co_return co_await read<core::instant>(
        "reading the clock", [this](pg::connection& db) { return leadership::read_observation_clock(db, log_); });
  }

  asio::awaitable<core::result<std::vector<jobs::backfill_job>>> create_jobs(std::vector<std::string> accounts,
                                                                             core::window range,
                                                                             std::string requested_by) override {
    std::vector<std::int64_t> ids;  // drawn by the first try
    co_return co_await write<std::vector<jobs::backfill_job>>("creating backfill jobs", [&](pg::connection& db) {
      if (ids.empty()) ids = jobs::draw_job_ids(db, accounts.size());
      return jobs::insert_jobs(db, ids, accounts, range, requested_by);
    });
  }

  asio::awaitable<core::result<std::vector<jobs::backfill_job>>> jobs(bool open_only) override {
    co_return co_await read<std::vector<jobs::backfill_job>>(
        "reading backfill jobs", [open_only](pg::connection& db) { return jobs::read_latest_jobs(db, open_only); });
  }

  asio::awaitable<core::result<jobs::backfill_job>> job(std::int64_t id) override {
    co_return co_await read<jobs::backfill_job>("reading a backfill job",
                                                [id](pg::connection& db) { return jobs::read_job(db, id); });
  }

  asio::awaitable<core::result<jobs::backfill_job>> change_job(std::int64_t id, jobs::job_action action,
                                                               std::string by) override {
    co_return co_await write<jobs::backfill_job>("changing a backfill job",
                                                 [&](pg::connection& db) { return jobs::change(db, id, action, by); });
  }

  asio::awaitable<core::result<void>> begin_job(std::int64_t id, std::optional<std::int64_t> expected) override {
    co_return co_await fenced_.write_for_job<void>(
        "beginning a backfill job", id, [&](pg::connection& db) { store::jobs::begin_job(db, id, expected); });
  }

  asio::awaitable<core::result<void>> end_job(std::int64_t id, jobs::job_state end, std::string reason) override {
    co_return co_await fenced_.write_for_job<void>(
        "ending a backfill job", id, [&](pg::connection& db) { store::jobs::end_job(db, id, end, reason); });
  }

  asio::awaitable<core::result<void>> write_tiers(std::string account,
                                                  std::vector<reports::tier_report> tiers) override {
    co_return co_await fenced_.write<void>(
        "writing revisit tiers", account, [&](pg::connection& db) { store::reports::write_tiers(db, account, tiers); });
  }

  asio::awaitable<core::result<void>> write_problems(std::vector<reports::logged_problem> list,
                                                     std::vector<reports::api_state> api) override {
    co_return co_await fenced_.write_of_self<void>(
        "writing problems", [&](pg::connection& db) { store::reports::write_problems(db, list, api); });
  }

  asio::awaitable<core::result<std::int64_t>> mark_vanished(std::string account, std::vector<std::int64_t> ids,
                                                            core::instant at) override {
    co_return co_await fenced_.write<std::int64_t>("marking vanished orders", account, [&](pg::connection& db) {
      coverage::lock_writers(db);
      return store::orders::mark_vanished(db, account, ids, at);
    });
  }

  asio::awaitable<core::result<reports::status_report>> status() override {
    co_return co_await read<reports::status_report>("reading the status",
                                                    [](pg::connection& db) { return reports::read_status(db); });
  }

  asio::awaitable<core::result<reports::coverage_report>> coverage(std::string account, core::window range) override {
    co_return co_await read<reports::coverage_report>(
        "reading coverage", [&](pg::connection& db) { return reports::read_coverage(db, account, range); });
  }

  asio::awaitable<core::result<std::vector<reports::order_report>>> find_orders(std::string number,
                                                                                bool personal) override {
    co_return co_await read<std::vector<reports::order_report>>(
        "reading an order", [&](pg::connection& db) { return reports::read_orders(db, number, personal); });
  }

  asio::awaitable<core::result<std::vector<migrations::migration_state>>> migrate() override {
    co_return co_await store::migrate(runner_, log_);
  }

  asio::awaitable<core::result<migrations::distributed>> distribute() override {
    co_return co_await store::distribute(runner_, log_);
  }

  asio::awaitable<core::result<void>> set_reporting(reports::reporting_settings settings) override {
    co_return co_await write<void>("writing settings for the views",
                                   [&](pg::connection& db) { store::reports::set_reporting(db, settings); });
  }

  asio::awaitable<core::result<std::vector<migrations::migration_state>>> migration_status() override {
    co_return co_await read<std::vector<migrations::migration_state>>("reading migrations", [](pg::connection& db) {
      return migrations::compare_migrations(db, migrations::migrations());
    });
  }

  asio::awaitable<core::result<void>> require_current() override {
    co_return co_await read<void>("reading migrations", [this](pg::connection& db) {
      migrations::require_current_migrations(db, migrations::migrations());
      if (distributed_) migrations::require_distributed(db);
    });
  }

  asio::awaitable<core::result<reports::health_report>> health() override {
    co_return co_await read<reports::health_report>("looking at the database",
                                                    [](pg::connection& db) { return reports::read_health(db); });
  }

  asio::awaitable<core::result<reports::listing_report>> listing() override {
    co_return co_await read<reports::listing_report>("looking at late orders",
                                                     [](pg::connection& db) { return reports::read_listing(db); });
  }

  asio::awaitable<core::result<void>> try_room() override {
    co_return co_await runner_.run<void>("writing a megabyte", pg::access::write,
                                         [](pg::connection& db) { store::reports::try_room(db); });
  }

  asio::awaitable<core::result<std::vector<std::chrono::microseconds>>> time_commits(int count) override {
    std::vector<std::chrono::microseconds> times;
    for (int i = 0; i < count; ++i) {
      const auto begun = std::chrono::steady_clock::now();
      const auto done = co_await runner_.run<void>("timing a commit", pg::access::write,
                                                   [](pg::connection& db) { reports::leave_no_trace(db); });
      if (done.has_error()) co_return done.error();
      times.push_back(std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - begun));
    }
    co_return times;
  }

  void reconfigure(std::string password, std::vector<std::string> accounts,
                   std::optional<pg::detail_rules> details) override {
    statistics_.use_password(password);
    runner_.use_password(std::move(password));
    const std::lock_guard lock{mutex_};
    rules_ = {std::move(accounts), details};
  }

  asio::awaitable<core::result<std::map<std::string, maintenance::quarantine_counts>>> count_quarantine() override {
    co_return co_await read<std::map<std::string, maintenance::quarantine_counts>>(
        "counting quarantine", [](pg::connection& db) { return maintenance::count_quarantine(db).accounts; });
  }

  std::size_t waiting() const noexcept override { return runner_.waiting(); }

  maintenance::maintenance& maintenance() noexcept override { return *maintenance_; }
  store::coverage::trials& trials() noexcept override { return *trials_; }
  store::recheck::recheck& recheck() noexcept override { return *recheck_; }
  push::messages& push_messages() noexcept override { return *messages_; }
  store::feed::feed& feed() noexcept override { return *feed_; }
  store::details::details& details() noexcept override { return *details_; }

  void close() noexcept override {
    runner_.close();
    statistics_.cut();
  }
  void cut() noexcept override {
    runner_.cut();
    statistics_.cut();
  }

 private:
  // What the database refuses for good is not in the mirror as the API shows it, whatever was proven of it before.
  asio::awaitable<void> doubt(const sync::window_batch& batch, const std::string& why) {
    coverage::contradiction refused{.way = "refused", .range = batch.window, .found = batch.seen};
    refused.reason = "the database refuses the orders read: " + why;
    const auto fell = co_await trials_->retract(batch.account, std::move(refused));
    if (fell.has_error() || fell->empty()) co_return;
    std::chrono::seconds length{0};
    for (const auto& w : *fell) length += w.length();
    log_.write(core::severity::warning, "proof_retracted",
               {{"account", batch.account}, {"way", "refused"}, {"length", length}, {"reason", why}});
  }
  template <class T>
  asio::awaitable<core::result<T>> write(const char* operation, std::function<T(pg::connection&)> body) {
    return fenced_.write<T>(operation, std::move(body));
  }
  template <class T>
  asio::awaitable<core::result<T>> read(const char* operation, std::function<T(pg::connection&)> body) {
    return fenced_.read<T>(operation, std::move(body));
  }
  // Of an account that this process opened, while the database still holds what it asks for.
  template <class T>
  asio::awaitable<core::result<T>> read_in_scope(const char* operation, const std::string& account,
                                                 std::function<T(pg::connection&)> body) {
    const auto scope = scope_of(account);
    if (!scope) co_return not_opened(account);
    co_return co_await runner_.run<T>(operation, pg::access::read, [&](pg::connection& db) {
      coverage::require_scope(db, account, *scope);
      return body(db);
    });
  }
  std::optional<std::string> scope_of(const std::string& account) const {
    const std::lock_guard lock{mutex_};
    const auto at = scopes_.find(account);
    return at == scopes_.end() ? std::nullopt : std::optional{at->second};
  }
  orders::write_rules rules() const {
    const std::lock_guard lock{mutex_};
    return rules_;
  }
  static core::error not_opened(const std::string& account) {
    return core::make_error(core::failure::defect, "account " + account + " was not opened");
  }

  core::log& log_;
  const bool distributed_;
  mutable std::mutex mutex_;  // for the two that follow
  orders::write_rules rules_;
  std::map<std::string, std::string> scopes_;  // by account
  maintenance::statistics_keeper statistics_;
  pg::transaction_runner runner_;                          // after what its thread uses, so that this ends first
  leadership::fenced_transactions fenced_;                 // holds no thread
  std::unique_ptr<maintenance::maintenance> maintenance_;  // nor does this
  std::unique_ptr<store::coverage::trials> trials_;        // nor does this
  std::unique_ptr<store::recheck::recheck> recheck_;       // nor does this
  std::unique_ptr<push::messages> messages_;               // nor does this
  std::unique_ptr<store::feed::feed> feed_;                // nor does this
  std::unique_ptr<store::details::details> details_;       // nor does this
};

}  // namespace

std::unique_ptr<database> make_database(pg::settings s, core::log& log) {
  return std::make_unique<postgres_database>(std::move(s), log);
}

}  // namespace ordersync::store
