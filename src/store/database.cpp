#include "store/apply_migrations.hpp"
#include "store/lane.hpp"
#include "store/proof.hpp"
#include "store/read_reports.hpp"
#include "store/staging.hpp"
#include "store/store.hpp"
#include "store/write_batch.hpp"

#include <fmt/format.h>

#include <map>
#include <mutex>
#include <utility>

namespace ordersync::store {
namespace {

namespace asio = boost::asio;

class postgres_database final : public database {
 public:
  postgres_database(settings s, core::log& log)
      : log_(log), accounts_(std::move(s.accounts)), lane_(std::move(s.url), std::move(s.password), s.retry, log) {}

  asio::awaitable<core::result<sync::commit_summary>> commit(sync::window_batch batch) override {
    auto scope = scope_of(batch.account);
    if (!scope) co_return not_opened(batch.account);
    write_context context{std::move(*scope), accounts(), 0};
    co_return co_await lane_.run<sync::commit_summary>(
        "storing a window", access::write,
        [&batch, &context](connection& db) { return write_batch(db, batch, context); });
  }

  asio::awaitable<core::result<void>> open_account(account_scope account) override {
    const auto left = co_await lane_.run<std::string>("opening an account", access::write, [&account](connection& db) {
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
      if (!*next) co_return applied;
      log_.write(core::severity::info, "migration_applied", {{"version", (*next)->version}, {"name", (*next)->name}});
      applied.push_back(**next);
    }
  }

  asio::awaitable<core::result<std::vector<migration_state>>> migration_status() override {
    co_return co_await lane_.run<std::vector<migration_state>>(
        "reading migrations", access::read, [](connection& db) { return compare_migrations(db, migrations()); });
  }

  asio::awaitable<core::result<void>> require_current() override {
    co_return co_await lane_.run<void>("reading migrations", access::read,
                                       [](connection& db) { require_current_migrations(db, migrations()); });
  }

  void lead(std::int64_t) noexcept override {}
  asio::awaitable<core::result<core::instant>> clock() override { co_return not_yet(); }
  asio::awaitable<core::result<std::vector<read_record>>> recent_reads(std::string, core::instant) override {
    co_return not_yet();
  }
  asio::awaitable<core::result<std::vector<core::window>>> proven(std::string) override { co_return not_yet(); }
  asio::awaitable<core::result<std::vector<backfill_job>>> create_jobs(std::vector<std::string>, core::window,
                                                                       std::string) override {
    co_return not_yet();
  }
  asio::awaitable<core::result<std::vector<backfill_job>>> jobs(bool) override { co_return not_yet(); }
  asio::awaitable<core::result<backfill_job>> job(std::int64_t) override { co_return not_yet(); }
  asio::awaitable<core::result<backfill_job>> steer_job(std::int64_t, job_wish, std::string) override {
    co_return not_yet();
  }
  asio::awaitable<core::result<void>> begin_job(std::int64_t, std::optional<std::int64_t>) override {
    co_return not_yet();
  }
  asio::awaitable<core::result<void>> end_job(std::int64_t, job_state, std::string) override { co_return not_yet(); }
  asio::awaitable<core::result<void>> write_tiers(std::string, std::vector<tier_report>) override {
    co_return not_yet();
  }

  void reconfigure(std::string password, std::vector<std::string> accounts) override {
    lane_.use_password(std::move(password));
    const std::lock_guard lock{mutex_};
    accounts_ = std::move(accounts);
  }

  void close() noexcept override { lane_.close(); }
  void cut() noexcept override { lane_.cut(); }

 private:
  std::optional<std::string> scope_of(const std::string& account) const {
    const std::lock_guard lock{mutex_};
    const auto at = scopes_.find(account);
    return at == scopes_.end() ? std::nullopt : std::optional{at->second};
  }
  std::vector<std::string> accounts() const {
    const std::lock_guard lock{mutex_};
    return accounts_;
  }
  static core::error not_yet() { return core::make_error(core::failure::defect, "not there yet"); }
  static core::error not_opened(const std::string& account) {
    return core::make_error(core::failure::defect, "account " + account + " was not opened");
  }

  core::log& log_;
  mutable std::mutex mutex_;  // for the two that follow
  std::vector<std::string> accounts_;
  std::map<std::string, std::string> scopes_;  // by account
  lane lane_;                                  // last, so that its thread ends first
};

}  // namespace

std::unique_ptr<database> make_database(settings s, core::log& log) {
  return std::make_unique<postgres_database>(std::move(s), log);
}

core::result<void> check_url(std::string_view url) {
  return check_connection_url(std::string{url});
}

}  // namespace ordersync::store
