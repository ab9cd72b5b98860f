#include "store/apply_migrations.hpp"

#include "store/refusal.hpp"
#include "store/sql_values.hpp"
#include "store/suitable_database.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ordersync::store {
namespace {

// "ordersym": beside the writers' lock of proof.cpp.
constexpr const char* take_migrations_lock = "SELECT pg_advisory_xact_lock(8030591472429660525)";

struct applied_migration {
  int version;
  std::string checksum;
  core::instant applied_at;
};

std::vector<applied_migration> read_applied(connection& db) {
  const auto table = db.exec("look for the schema", "SELECT to_regclass('ordersync.schema_migrations') IS NOT NULL");
  std::vector<applied_migration> applied;
  if (!table.flag(0, 0)) return applied;
  const auto r = db.exec("read migrations", "SELECT version, checksum, " + epoch_ms("applied_at") +
                                                " FROM ordersync.schema_migrations ORDER BY version");
  for (int row = 0; row < r.size(); ++row) {
    applied.push_back({static_cast<int>(r.integer(row, 0)), std::string{r.text(row, 1)}, read_instant(r, row, 2)});
  }
  return applied;
}

bool is_pending(const migration_state& state) {
  return !state.applied_at;
}

[[noreturn]] void refuse(std::string what) {
  throw refusal(core::make_error(core::failure::database, std::move(what)));
}

// A migration's text holds several statements, which only a query without parameters may.
void apply(connection& db, const migration& step) {
  db.exec("prepare migration", "SELECT set_config('statement_timeout', '0', true)");
  db.exec_script("apply migration", std::string{step.sql});
  db.exec("record migration", "INSERT INTO ordersync.schema_migrations (version, name, checksum) VALUES ($1, $2, $3)",
          {std::to_string(step.version), std::string{step.name}, std::string{step.checksum}});
}

}  // namespace

std::vector<migration_state> compare_migrations(connection& db, const std::vector<migration>& known) {
  const auto applied = read_applied(db);
  std::vector<migration_state> states;
  states.reserve(known.size());
  for (const auto& step : known) states.push_back({step.version, std::string{step.name}, std::nullopt});
  for (const auto& done : applied) {
    const auto at = std::ranges::find(known, done.version, &migration::version);
    if (at == known.end()) {
      refuse(fmt::format(
          "the database has migration {}, which this program does not know: a newer ordersync has been here; "
          "install that version or a later one",
          done.version));
    }
    if (at->checksum != done.checksum) {
      refuse(fmt::format(
          "migration {} ({}) was applied to the database with another text than this program has; install the "
          "version of ordersync that applied it, or restore the database",
          done.version, at->name));
    }
    states[static_cast<std::size_t>(at - known.begin())].applied_at = done.applied_at;
  }
  return states;
}

std::optional<migration_state> apply_next_migration(connection& db, const std::vector<migration>& known) {
  db.exec("wait for other migrations", take_migrations_lock);
  auto states = compare_migrations(db, known);
  const auto pending = std::ranges::find_if(states, is_pending);
  if (pending == states.end()) return std::nullopt;
  require_suitable_database(db);
  apply(db, known[static_cast<std::size_t>(pending - states.begin())]);
  auto now = compare_migrations(db, known);
  return now[static_cast<std::size_t>(pending - states.begin())];
}

void require_current_migrations(connection& db, const std::vector<migration>& known) {
  const auto states = compare_migrations(db, known);
  const auto pending = std::ranges::count_if(states, is_pending);
  if (pending == 0) return;
  refuse(fmt::format("the database lacks {} of {} migrations; run ordersync migrate", pending, states.size()));
}

}  // namespace ordersync::store
