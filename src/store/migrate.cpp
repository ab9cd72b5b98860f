#include "store/migrate.hpp"

#include "store/migrations/apply_migrations.hpp"
#include "store/migrations/distribution.hpp"
#include "store/reports/reporting.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <optional>
#include <string>

namespace ordersync::store {

namespace asio = boost::asio;

namespace {

asio::awaitable<core::result<void>> grant(pg::transaction_runner& transactions, core::log& log) {
  const auto missing = co_await transactions.run<std::vector<std::string>>(
      "giving the right to read", pg::access::write, [](pg::connection& db) { return reports::grant_reading(db); });
  if (missing.has_error()) co_return missing.error();
  if (!missing->empty()) {
    log.write(core::severity::warning, "role_missing",
              {{"role", fmt::format("{}", fmt::join(*missing, " "))},
               {"advice", fmt::format("an administrator has to run CREATE ROLE {}; then run ordersync migrate again",
                                      fmt::join(*missing, "; CREATE ROLE "))}});
  }
  co_return core::result<void>{};
}

core::result<migrations::distributed> logged(const core::result<migrations::distributed>& done, core::log& log) {
  if (done.has_value() && !done->tables.empty()) {
    log.write(core::severity::info, "mirror_distributed",
              {{"tables", fmt::format("{}", fmt::join(done->tables, " "))}, {"nodes", done->nodes}});
  }
  return done;
}

}  // namespace

asio::awaitable<core::result<std::vector<migrations::migration_state>>> migrate(pg::transaction_runner& transactions,
                                                                                core::log& log) {
  std::vector<migrations::migration_state> applied;
  for (;;) {
    const auto next = co_await transactions.run<std::optional<migrations::migration_state>>(
        "migrating", pg::access::write,
        [](pg::connection& db) { return migrations::apply_next_migration(db, migrations::migrations()); });
    if (next.has_error()) co_return next.error();
    if (!*next) break;
    log.write(core::severity::info, "migration_applied", {{"migration", (*next)->version}, {"name", (*next)->name}});
    applied.push_back(**next);
  }
  const auto followed = co_await transactions.run<migrations::distributed>(
      "distributing what is new", pg::access::write, [](pg::connection& db) {
        return migrations::is_distributed(db) ? migrations::distribute(db) : migrations::distributed{};
      });
  if (auto done = logged(followed, log); done.has_error()) co_return done.error();
  if (auto granted = co_await grant(transactions, log); granted.has_error()) co_return granted.error();
  co_return applied;
}

asio::awaitable<core::result<migrations::distributed>> distribute(pg::transaction_runner& transactions,
                                                                  core::log& log) {
  const auto tried = co_await transactions.run<migrations::distributed>(
      "distributing the orders", pg::access::write, [](pg::connection& db) { return migrations::distribute(db); });
  auto done = logged(tried, log);
  if (done.has_error()) co_return done.error();
  if (auto granted = co_await grant(transactions, log); granted.has_error()) co_return granted.error();
  co_return done;
}

}  // namespace ordersync::store
