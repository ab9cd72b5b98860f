#include "store/migrate.hpp"

#include "store/migrations/apply_migrations.hpp"
#include "store/reports/reporting.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <optional>
#include <string>

namespace ordersync::store {

namespace asio = boost::asio;

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
  const auto missing = co_await transactions.run<std::vector<std::string>>(
      "giving the right to read", pg::access::write, [](pg::connection& db) { return reports::grant_reading(db); });
  if (missing.has_error()) co_return missing.error();
  if (!missing->empty()) {
    log.write(core::severity::warning, "role_missing",
              {{"role", fmt::format("{}", fmt::join(*missing, " "))},
               {"advice", fmt::format("an administrator has to run CREATE ROLE {}; then run ordersync migrate again",
                                      fmt::join(*missing, "; CREATE ROLE "))}});
  }
  co_return applied;
}

}  // namespace ordersync::store
