#include "store/apply_migrations.hpp"
#include "store/caretaker.hpp"
#include "store/health.hpp"
#include "store/job_table.hpp"
#include "store/lane.hpp"
#include "store/lane_trials.hpp"
#include "store/leadership.hpp"
#include "store/observation_clock.hpp"
#include "store/proof.hpp"
#include "store/quarantine_table.hpp"
#include "store/read_reports.hpp"
#include "store/reporting.hpp"
#include "store/staging.hpp"
#include "store/statistics.hpp"
#include "store/store.hpp"
#include "store/tier_table.hpp"
#include "store/trouble_table.hpp"
#include "store/vanishing.hpp"
#include "store/withheld.hpp"
#include "store/write_batch.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <utility>

namespace ordersync::store {
namespace {

namespace asio = boost::asio;

session session_for(const settings& s) {
  if (s.instance.empty()) return {};
  return {session::purpose::work, session_name(s.instance)};
}

class postgres_database final : public database {
 public:
  postgres_database(settings s, core::log& log)
      : log_(log),
        accounts_(std::move(s.accounts)),
        lane_(s.url, s.password, session_for(s), s.retry, log),
        fenced_(lane_, std::move(s.instance)),
        caretaker_(make_caretaker(fenced_)),
        trials_(make_trials(fenced_, {[this](const std::string& account) { return scope_of(account); }})) {}

  asio::awaitable<core::result<sync::commit_summary>> commit(sync::window_batch batch) override {
    auto scope = scope_of(batch.account);
    if (!scope) co_return not_opened(batch.account);
    write_context context{std::move(*scope), accounts(), 0};
    bool refused = false;
    auto summary = co_await write<sync::commit_summary>("storing a window", [&](connection& db) {
      try {
        withhold_erased(db, batch);
        return write_batch(db, batch, context);
      } catch (const sql_error& why) {
        refused = !why.transient();
        throw;
      }
    });
    if (summary.has_error() && refused) co_await doubt(batch, summary.error().what);
    if (summary.has_value() && growth_.add(summary->created)) co_await refresh_statistics();
    co_return summary;
  }

  asio::awaitable<core::result<void>> open_account(account_scope account) override {
    const auto left = co_await write<std::string>("opening an account", [&account](connection& db) {
      lock_writers(db);
      return open_scope(db, account);
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
    const auto scope = scope_of(account);
    if (!scope) co_return not_opened(account);
    co_return co_await lane_.run<std::vector<core::window>>("reading proof", access::read, [&](connection& db) {
      require_scope(db, account, *scope);
      return unproven_parts(db, account, range);
    });
  }

  asio::awaitable<core::result<std::vector<core::window>>> proven(std::string account) override {
    const auto scope = scope_of(account);
    if (!scope) co_return not_opened(account);
    co_return co_await lane_.run<std::vector<core::window>>("reading proof", access::read, [&](connection& db) {
      require_scope(db, account, *scope);
      return read_proven(db, account);
    });
  }

  asio::awaitable<core::result<std::vector<read_record>>> recent_reads(std::string account,
                                                                       core::instant since) override {
    const auto scope = scope_of(account);
    if (!scope) co_return not_opened(account);
    co_return co_await lane_.run<std::vector<read_record>>("reading sweeps", access::read, [&](connection& db) {
      require_scope(db, account, *scope);
      return read_recent(db, account, since);
    });
  }

  void lead(std::int64_t epoch) noexcept override { fenced_.lead(epoch); }

  asio::awaitable<core::result<core::instant>> clock() override {
    co_return co_await lane_.run<core::instant>("reading the clock", access::read,
                                                [this](connection& db) { return read_observation_clock(db, log_); });
  }

  asio::awaitable<core::result<std::vector<backfill_job>>> create_jobs(std::vector<std::string> accounts,
                                                                       core::window range,
                                                                       std::string requested_by) override {
    std::vector<std::int64_t> ids;  // drawn by the first try
    co_return co_await write<std::vector<backfill_job>>("creating backfill jobs", [&](connection& db) {
      if (ids.empty()) ids = draw_job_ids(db, accounts.size());
      return insert_jobs(db, ids, accounts, range, requested_by);
    });
  }

  asio::awaitable<core::result<std::vector<backfill_job>>> jobs(bool open_only) override {
    co_return co_await lane_.run<std::vector<backfill_job>>(
        "reading backfill jobs", access::read, [open_only](connection& db) { return read_latest_jobs(db, open_only); });
  }

  asio::awaitable<core::result<backfill_job>> job(std::int64_t id) override {
    co_return co_await lane_.run<backfill_job>("reading a backfill job", access::read,
                                               [id](connection& db) { return read_job(db, id); });
  }

  asio::awaitable<core::result<backfill_job>> steer_job(std::int64_t id, job_wish wish, std::string by) override {
    co_return co_await write<backfill_job>("changing a backfill job",
                                           [&](connection& db) { return steer(db, id, wish, by); });
  }

  asio::awaitable<core::result<void>> begin_job(std::int64_t id, std::optional<std::int64_t> expected) override {
    co_return co_await write<void>("beginning a backfill job",
                                   [&](connection& db) { store::begin_job(db, id, expected); });
  }

  asio::awaitable<core::result<void>> end_job(std::int64_t id, job_state end, std::string reason) override {
    co_return co_await write<void>("ending a backfill job",
                                   [&](connection& db) { store::end_job(db, id, end, reason); });
  }

  asio::awaitable<core::result<void>> write_tiers(std::string account, std::vector<tier_report> tiers) override {
    co_return co_await write<void>("writing revisit tiers",
                                   [&](connection& db) { store::write_tiers(db, account, tiers); });
  }

  asio::awaitable<core::result<void>> write_troubles(std::vector<trouble> list) override {
    co_return co_await write<void>("writing problems", [&](connection& db) { store::write_troubles(db, list); });
  }

  asio::awaitable<core::result<std::int64_t>> mark_vanished(std::string account, std::vector<std::int64_t> ids,
                                                            core::instant at) override {
    co_return co_await write<std::int64_t>("marking vanished orders", [&](connection& db) {
      lock_writers(db);
      return store::mark_vanished(db, account, ids, at);
    });
  }

  asio::awaitable<core::result<status_report>> status() override {
    co_return co_await lane_.run<status_report>("reading the status", access::read,
                                                [](connection& db) { return read_status(db); });
  }

  asio::awaitable<core::result<coverage_report>> coverage(std::string account, core::window range) override {
    co_return co_await lane_.run<coverage_report>("reading coverage", access::read,
                                                  [&](connection& db) { return read_coverage(db, account, range); });
  }

  asio::awaitable<core::result<std::vector<migration_state>>> migrate() override {
    std::vector<migration_state> applied;
    for (;;) {
      const auto next = co_await lane_.run<std::optional<migration_state>>(
          "migrating", access::write, [](connection& db) { return apply_next_migration(db, migrations()); });
      if (next.has_error()) co_return next.error();
      if (!*next) break;
      log_.write(core::severity::info, "migration_applied", {{"migration", (*next)->version}, {"name", (*next)->name}});
      applied.push_back(**next);
    }
    const auto missing = co_await lane_.run<std::vector<std::string>>("giving the right to read", access::write,
                                                                      [](connection& db) { return grant_reading(db); });
    if (missing.has_error()) co_return missing.error();
    if (!missing->empty()) {
      log_.write(core::severity::warning, "role_missing",
                 {{"role", fmt::format("{}", fmt::join(*missing, " "))},
                  {"advice", fmt::format("an administrator has to run CREATE ROLE {}; then run ordersync migrate again",
                                         fmt::join(*missing, "; CREATE ROLE "))}});
    }
    co_return applied;
  }

  asio::awaitable<core::result<void>> tell_reporting(reporting_settings settings) override {
    co_return co_await write<void>("writing settings for the views",
                                   [&](connection& db) { store::tell_reporting(db, settings); });
  }

  asio::awaitable<core::result<std::vector<migration_state>>> migration_status() override {
    co_return co_await lane_.run<std::vector<migration_state>>(
        "reading migrations", access::read, [](connection& db) { return compare_migrations(db, migrations()); });
  }

  asio::awaitable<core::result<void>> require_current() override {
    co_return co_await lane_.run<void>("reading migrations", access::read,
                                       [](connection& db) { require_current_migrations(db, migrations()); });
  }

  asio::awaitable<core::result<health_report>> health() override {
    co_return co_await lane_.run<health_report>("looking at the database", access::read,
                                                [](connection& db) { return read_health(db); });
  }

  asio::awaitable<core::result<listing_report>> listing() override {
    co_return co_await lane_.run<listing_report>("looking at late orders", access::read,
                                                 [](connection& db) { return read_listing(db); });
  }

  asio::awaitable<core::result<void>> try_room() override {
    co_return co_await lane_.run<void>("writing a megabyte", access::write,
                                       [](connection& db) { store::try_room(db); });
  }

  asio::awaitable<core::result<std::vector<std::chrono::microseconds>>> time_commits(int count) override {
    std::vector<std::chrono::microseconds> times;
    for (int i = 0; i < count; ++i) {
      const auto begun = std::chrono::steady_clock::now();
      const auto done =
          co_await lane_.run<void>("timing a commit", access::write, [](connection& db) { leave_no_trace(db); });
      if (done.has_error()) co_return done.error();
      times.push_back(std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - begun));
    }
    co_return times;
  }

  void reconfigure(std::string password, std::vector<std::string> accounts) override {
    lane_.use_password(std::move(password));
    const std::lock_guard lock{mutex_};
    accounts_ = std::move(accounts);
  }

  asio::awaitable<core::result<std::map<std::string, std::int64_t>>> open_quarantine() override {
    co_return co_await lane_.run<std::map<std::string, std::int64_t>>(
        "counting quarantine", access::read, [](connection& db) { return count_open_quarantine(db); });
  }

  std::size_t waiting() const noexcept override { return lane_.waiting(); }

  caretaker& care() noexcept override { return *caretaker_; }
  store::trials& trials() noexcept override { return *trials_; }

  void close() noexcept override { lane_.close(); }
  void cut() noexcept override { lane_.cut(); }

 private:
  // What the database refuses for good is not in the mirror as the API shows it, whatever was proven of it before.
  asio::awaitable<void> doubt(const sync::window_batch& batch, const std::string& why) {
    contradiction refused{.way = "refused", .range = batch.window, .found = batch.seen};
    refused.reason = "the database refuses the orders read: " + why;
    const auto fell = co_await trials_->retract(batch.account, std::move(refused));
    if (fell.has_error() || fell->empty()) co_return;
    std::chrono::seconds length{0};
    for (const auto& w : *fell) length += w.length();
    log_.write(core::severity::warning, "proof_retracted",
               {{"account", batch.account}, {"way", "refused"}, {"length", length}, {"reason", why}});
  }
  // Beside what is to be done: the server does it by itself some minutes later.
  asio::awaitable<void> refresh_statistics() {
    const auto orders = co_await lane_.run<std::int64_t>("refreshing statistics", access::write,
                                                         [](connection& db) { return analyze_orders(db); });
    if (orders.has_value()) growth_.analyzed(*orders);
  }
  template <class T>
  asio::awaitable<core::result<T>> write(const char* operation, std::function<T(connection&)> body) {
    return fenced_.write<T>(operation, std::move(body));
  }
  std::optional<std::string> scope_of(const std::string& account) const {
    const std::lock_guard lock{mutex_};
    const auto at = scopes_.find(account);
    return at == scopes_.end() ? std::nullopt : std::optional{at->second};
  }
  std::vector<std::string> accounts() const {
    const std::lock_guard lock{mutex_};
    return accounts_;
  }
  static core::error not_opened(const std::string& account) {
    return core::make_error(core::failure::defect, "account " + account + " was not opened");
  }

  core::log& log_;
  growth growth_;
  mutable std::mutex mutex_;  // for the two that follow
  std::vector<std::string> accounts_;
  std::map<std::string, std::string> scopes_;  // by account
  lane lane_;                                  // after what its thread uses, so that this ends first
  fenced_transactions fenced_;                 // holds no thread
  std::unique_ptr<caretaker> caretaker_;       // nor does this
  std::unique_ptr<store::trials> trials_;      // nor does this
};

}  // namespace

std::unique_ptr<database> make_database(settings s, core::log& log) {
  return std::make_unique<postgres_database>(std::move(s), log);
}

core::result<void> check_url(std::string_view url) {
  return check_connection_url(std::string{url});
}

}  // namespace ordersync::store
