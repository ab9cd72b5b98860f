#include "store/migrations/distribution.hpp"

#include "store/migrations/apply_migrations.hpp"
#include "store/pg/blockers.hpp"
#include "store/pg/precondition_failed.hpp"

#include <fmt/format.h>

#include <vector>

namespace ordersync::store::migrations {
namespace {

bool has_citus(pg::connection& db) {
  return db.exec("look for Citus", "SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'citus')").flag(0, 0);
}

void require_citus(pg::connection& db) {
  if (has_citus(db)) return;
  pg::refuse(
      core::failure::database,
      fmt::format("database {} has no Citus, so orders cannot be distributed: an administrator has to install the "
                  "extension on every node and add the workers; docs/scale.md says how",
                  db.exec("look at the database", "SELECT current_database()").text(0, 0)));
}

constexpr const char* of_nodes = "FROM pg_dist_node WHERE isactive AND shouldhaveshards AND noderole = 'primary'";

std::int64_t count_nodes(pg::connection& db) {
  return db.exec("count the nodes", fmt::format("SELECT count(*) {}", of_nodes)).integer(0, 0);
}

void require_nodes(pg::connection& db) {
  const auto r = db.exec("try the nodes",
                         fmt::format("SELECT nodename, nodeport, coalesce(citus_check_connection_to_node(nodename, "
                                     "nodeport), false), current_user {} ORDER BY nodeid",
                                     of_nodes));
  if (r.size() == 0)
    pg::refuse(core::failure::database,
               "the Citus cluster has no node for orders: an administrator has to add the workers (SELECT "
               "citus_add_node('HOST', 5432)); docs/scale.md says how");
  for (int row = 0; row < r.size(); ++row) {
    if (r.flag(row, 2)) continue;
    pg::refuse(core::failure::database,
               fmt::format("the coordinator cannot log in to node {}:{} as role {}: the role must exist there, and "
                           "pg_hba.conf there and the password file of the coordinator's server must let it in",
                           r.text(row, 0), r.integer(row, 1), r.text(row, 3)));
  }
}

struct order_table {
  std::string name, key;
};

// The orders first, as the foreign keys ask.
std::vector<order_table> read_local_tables(pg::connection& db) {
  const auto r = db.exec(
      "look for tables of orders",
      "SELECT t.name, t.key FROM (SELECT 1 AS place, 'orders' AS name, 'id' AS key UNION ALL "
      "SELECT 3, 'erased_orders', 'order_id' UNION ALL "
      "SELECT 2, c.relname, 'order_id' FROM ordersync.tables_of_orders() AS child JOIN pg_class c ON c.oid = child) AS "
      "t "
      "WHERE NOT EXISTS (SELECT FROM pg_dist_partition p WHERE p.logicalrelid = ('ordersync.' || t.name)::regclass) "
      "ORDER BY t.place, t.name");
  std::vector<order_table> tables;
  for (int row = 0; row < r.size(); ++row) tables.push_back({std::string{r.text(row, 0)}, std::string{r.text(row, 1)}});
  return tables;
}

void distribute_table(pg::connection& db, const order_table& table) {
  db.exec("distribute a table", "SELECT create_distributed_table($1::text::regclass, $2, colocate_with => $3)",
          {"ordersync." + table.name, table.key, table.name == "orders" ? "none" : "ordersync.orders"});
}

// What was there before is in the shards now, and stays in the table's own file, hidden, until it is truncated.
void drop_hidden_rows(pg::connection& db, const order_table& table) {
  db.exec("drop hidden rows", "SELECT truncate_local_data_after_distributing_table($1::text::regclass)",
          {"ordersync." + table.name});
}

// The views' functions run where the rows are.
void distribute_functions(pg::connection& db) {
  const auto r = db.exec("look for functions",
                         "SELECT p.oid::regprocedure FROM pg_proc p WHERE p.pronamespace = 'reporting'::regnamespace "
                         "AND p.prokind = 'f' AND NOT p.proretset AND NOT EXISTS (SELECT FROM pg_dist_object o "
                         "WHERE o.classid = 'pg_proc'::regclass AND o.objid = p.oid) ORDER BY p.oid");
  for (int row = 0; row < r.size(); ++row) {
    db.exec("distribute a function", "SELECT create_distributed_function($1::text::regprocedure)",
            {std::string{r.text(row, 0)}});
  }
}

void prepare(pg::connection& db) {
  db.exec("prepare distribution", pg::short_lock_waits);
  // Copying what is there may take long. One connection to each node, for what follows sees only its own.
  db.exec("prepare distribution",
          "SELECT set_config('statement_timeout', '0', true), "
          "set_config('citus.multi_shard_modify_mode', 'sequential', true)");
}

}  // namespace

void require_no_worker(pg::connection& db) {
  if (!has_citus(db)) return;
  const auto group = db.exec("look for the coordinator", "SELECT groupid FROM pg_dist_local_group").integer(0, 0);
  if (group == 0) return;
  pg::refuse(core::failure::database,
             "this server is a worker of the Citus cluster: database.url must name the coordinator");
}

bool is_distributed(pg::connection& db) {
  if (!has_citus(db)) return false;
  return db
      .exec("look for distributed tables",
            "SELECT EXISTS (SELECT FROM pg_dist_partition WHERE logicalrelid = to_regclass('ordersync.orders'))")
      .flag(0, 0);
}

distributed distribute(pg::connection& db) try {
  lock_migrations(db);
  require_citus(db);
  require_no_worker(db);
  const auto tables = read_local_tables(db);
  if (!tables.empty()) require_nodes(db);
  prepare(db);
  if (!is_distributed(db)) db.exec("use foreign keys", "SELECT ordersync.use_foreign_keys()");
  distributed done{.tables = {}, .nodes = count_nodes(db)};
  for (const auto& table : tables) {
    distribute_table(db, table);
    done.tables.push_back(table.name);
  }
  for (const auto& table : tables) drop_hidden_rows(db, table);
  distribute_functions(db);
  db.exec("rewrite orders_at", "SELECT ordersync.use_moments_of_cluster()");
  db.exec("rewrite changes", "SELECT ordersync.use_changes_of_cluster()");
  return done;
} catch (const pg::sql_error& why) {
  if (why.sqlstate() != "55P03") throw;
  db.roll_back();
  throw why.with(pg::describe_holders(db));
}

void require_distributed(pg::connection& db) {
  if (is_distributed(db)) return;
  pg::refuse(
      core::failure::database,
      "database.distributed is true, but the orders are not distributed: run ordersync migrate (the database must "
      "be the coordinator of a Citus cluster, see docs/scale.md), or remove the setting");
}

}  // namespace ordersync::store::migrations
