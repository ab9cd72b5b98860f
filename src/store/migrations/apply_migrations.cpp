#include "store/migrations/apply_migrations.hpp"

#include "store/migrations/distribution.hpp"
#include "store/migrations/sql_statements.hpp"
#include "store/migrations/suitable_database.hpp"
#include "store/pg/blockers.hpp"
#include "store/pg/precondition_failed.hpp"
#include "store/values/sql_values.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ordersync::store::migrations {
namespace {

// "ordersym": beside the writers' lock of proof.cpp.
constexpr const char* take_migrations_lock = "SELECT pg_advisory_xact_lock(8030591472429660525)";

struct applied_migration {
  int version;
  std::string checksum;
  core::instant applied_at;
};

void require_readable(pg::connection& db) {
  const auto r = db.exec("look for the schema",
                         "SELECT pg_get_userbyid(n.nspowner) FROM pg_namespace n WHERE n.nspname = 'ordersync' AND "
                         "(NOT has_schema_privilege(n.oid, 'USAGE') OR EXISTS (SELECT FROM pg_class c WHERE "
                         "c.relnamespace = n.oid AND c.relname = 'schema_migrations' "
                         "AND NOT has_table_privilege(c.oid, 'SELECT')))");
  if (r.size() == 0) return;
  pg::refuse(
      core::failure::database,
      fmt::format("schema ordersync belongs to role {0}, and this role may not read it: log in as {0}, or have {0} "
                  "grant this role USAGE on the schema and SELECT on its tables",
                  r.text(0, 0)));
}

std::vector<applied_migration> read_applied(pg::connection& db) {
  require_readable(db);
  const auto table = db.exec("look for the schema", "SELECT to_regclass('ordersync.schema_migrations') IS NOT NULL");
  std::vector<applied_migration> applied;
  if (!table.flag(0, 0)) return applied;
  const auto r = db.exec("read migrations", "SELECT version, checksum, " + values::epoch_ms("applied_at") +
                                                " FROM ordersync.schema_migrations ORDER BY version");
  for (int row = 0; row < r.size(); ++row) {
    applied.push_back(
        {static_cast<int>(r.integer(row, 0)), std::string{r.text(row, 1)}, values::read_instant(r, row, 2)});
  }
  return applied;
}

bool is_pending(const migration_state& state) {
  return !state.applied_at;
}

struct found_schema {
  std::string name, owner;
  bool ours = false;   // a role that we are owns it; of a superuser, who is all roles, itself alone counts
  bool empty = false;  // holds nothing
};

std::vector<found_schema> read_schemas(pg::connection& db) {
  const auto r = db.exec("look for the schemas",
                         "SELECT n.nspname, pg_get_userbyid(n.nspowner), n.nspowner = me.oid OR (NOT me.rolsuper AND "
                         "pg_has_role(n.nspowner, 'USAGE')), NOT EXISTS (SELECT FROM pg_class c WHERE c.relnamespace "
                         "= n.oid) AND NOT EXISTS (SELECT FROM pg_proc p WHERE p.pronamespace = n.oid) AND NOT EXISTS "
                         "(SELECT FROM pg_type t WHERE t.typnamespace = n.oid) FROM pg_namespace n, pg_roles me "
                         "WHERE n.nspname IN ('ordersync', 'reporting') AND me.rolname = current_user ORDER BY 1");
  std::vector<found_schema> found;
  for (int row = 0; row < r.size(); ++row) {
    found.push_back({std::string{r.text(row, 0)}, std::string{r.text(row, 1)}, r.flag(row, 2), r.flag(row, 3)});
  }
  return found;
}

// Whether we made them. A table that bears the name but is not to be read is not ours either.
bool has_step(pg::connection& db, int version) {
  const auto known = db.exec("look for the schema",
                             "SELECT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
                             "WHERE n.nspname = 'ordersync' AND c.relname = 'schema_migrations' "
                             "AND has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT') "
                             "AND (SELECT count(*) FROM pg_attribute a WHERE a.attrelid = c.oid "
                             "AND a.attname IN ('version', 'checksum', 'applied_at')) = 3)");
  if (!known.flag(0, 0)) return false;
  return db
      .exec("look for the schema", "SELECT EXISTS (SELECT FROM ordersync.schema_migrations WHERE version = $1)",
            {std::to_string(version)})
      .flag(0, 0);
}

// Before anything is changed: nothing of anybody else's is touched. Steps 1 and 4 make the schemas, where nobody has
// made them for us.
void require_own_schemas(pg::connection& db) {
  for (const auto& schema : read_schemas(db)) {
    if (has_step(db, schema.name == "ordersync" ? 1 : 4)) {
      const bool superuser =
          db.exec("read privileges", "SELECT rolsuper FROM pg_roles WHERE rolname = current_user").flag(0, 0);
      if (schema.ours || superuser) continue;
      pg::refuse(
          core::failure::database,
          fmt::format("schema {0} belongs to role {1}, and this role may not change it: log in as {1}, or give it to "
                      "this role (ALTER SCHEMA {0} OWNER TO ...); nothing was changed",
                      schema.name, schema.owner));
    }
    if (schema.ours && schema.empty) continue;
    pg::refuse(
        core::failure::database,
        fmt::format("a schema {} of role {} already exists, and ordersync did not create it{}: use a separate database "
                    "for ordersync, or rename that schema; nothing was changed",
                    schema.name, schema.owner, schema.empty ? "" : " (it contains objects)"));
  }
}

// A migration's text holds several statements, which only a query without parameters may. Citus sends the whole text of
// some of them to its workers: there they go one at a time.
void run_script(pg::connection& db, std::string_view sql) {
  if (!is_distributed(db)) return db.exec_script("apply migration", std::string{sql});
  for (const auto statement : sql_statements(sql)) db.exec_script("apply migration", std::string{statement});
}

void apply(pg::connection& db, const migration& step) try {
  db.exec("prepare migration", pg::short_lock_waits);
  run_script(db, step.sql);
  db.exec("record migration", "INSERT INTO ordersync.schema_migrations (version, name, checksum) VALUES ($1, $2, $3)",
          {std::to_string(step.version), std::string{step.name}, std::string{step.checksum}});
} catch (const pg::sql_error& why) {
  if (why.sqlstate() != "55P03") throw;
  db.roll_back();
  throw why.with(pg::describe_holders(db));
}

}  // namespace

void lock_migrations(pg::connection& db) {
  db.exec("wait for other migrations", take_migrations_lock);
}

std::vector<migration_state> compare_migrations(pg::connection& db, const std::vector<migration>& known) {
  const auto applied = read_applied(db);
  std::vector<migration_state> states;
  states.reserve(known.size());
  for (const auto& step : known) states.push_back({step.version, std::string{step.name}, std::nullopt});
  for (const auto& done : applied) {
    const auto at = std::ranges::find(known, done.version, &migration::version);
    if (at == known.end()) {
      pg::refuse(
          core::failure::database,
          fmt::format("the database has migration {}, which this program does not know: a newer ordersync has upgraded "
                      "it; install that version or a later one",
                      done.version));
    }
    if (at->checksum != done.checksum) {
      pg::refuse(
          core::failure::database,
          fmt::format("migration {} ({}) in the database differs from this program's; install the version of ordersync "
                      "that applied it, or restore the database",
                      done.version, at->name));
    }
    states[static_cast<std::size_t>(at - known.begin())].applied_at = done.applied_at;
  }
  return states;
}

std::optional<migration_state> apply_next_migration(pg::connection& db, const std::vector<migration>& known) {
  lock_migrations(db);
  require_own_schemas(db);
  auto states = compare_migrations(db, known);
  const auto pending = std::ranges::find_if(states, is_pending);
  if (pending == states.end()) return std::nullopt;
  require_suitable_database(db);
  apply(db, known[static_cast<std::size_t>(pending - states.begin())]);
  auto now = compare_migrations(db, known);
  return now[static_cast<std::size_t>(pending - states.begin())];
}

void require_current_migrations(pg::connection& db, const std::vector<migration>& known) {
  const auto states = compare_migrations(db, known);
  const auto pending = std::ranges::count_if(states, is_pending);
  if (pending == 0) return;
  pg::refuse(core::failure::database,
             fmt::format("the database lacks {} of {} migrations; run ordersync migrate", pending, states.size()));
}

}  // namespace ordersync::store::migrations
