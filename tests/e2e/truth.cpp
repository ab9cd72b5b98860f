#include "e2e/truth.hpp"

#include <fstream>
#include <sstream>

namespace ordersync::e2e {

namespace {

// How a mirrored order looks in the simulator's words: the mirror's own columns (they begin with _) left out, times as
// ISO 8601 with milliseconds, what belongs to the order inside of it.
constexpr const char* mirrored = R"sql(
create temporary view mirrored as
select o.id,
       (select jsonb_object_agg(key, value) from jsonb_each(to_jsonb(o)) where left(key, 1) <> '_')
       || jsonb_build_object(
         'created_at', to_char(o.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
         'tb_created_at', to_char(o.tb_created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
         'items', coalesce((select jsonb_agg((to_jsonb(i) - 'order_id') || jsonb_build_object('created_at',
                              to_char(i.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) order by i.position)
                            from ordersync.order_items i where i.order_id = o.id), '[]'),
         'cargo', coalesce((select jsonb_agg(to_jsonb(c) - 'order_id' order by c.position)
                            from ordersync.order_cargo c where c.order_id = o.id), '[]'),
         'receiver', (select to_jsonb(r) - 'order_id' from ordersync.order_receivers r where r.order_id = o.id),
         'warehouse_address', (select to_jsonb(w) - 'order_id'
                               from ordersync.order_warehouse_addresses w where w.order_id = o.id),
         'quarantined', coalesce((select jsonb_agg(q.path order by q.path) from ordersync.quarantine q
                                  where q.order_id = o.id and q.resolved_at is null
                                    and q.path not like 'detail.%'), '[]'))
       || case when o._vanished_at is null then '{}'::jsonb else '{"vanished": true}' end as doc
from ordersync.orders o;
)sql";

constexpr const char* compare = R"sql(
select 'order ' || coalesce(m.id, t.id) || e'\n  mirror: ' ||
       coalesce((select jsonb_object_agg(key, value)::text from jsonb_each(m.doc) where t.doc is null or t.doc -> key is distinct from value), 'absent') ||
       e'\n  truth:  ' ||
       coalesce((select jsonb_object_agg(key, value)::text from jsonb_each(t.doc) where m.doc is null or m.doc -> key is distinct from value), 'absent')
from mirrored m full join truth t on t.id = m.id
where m.doc is distinct from t.doc
order by coalesce(m.id, t.id) limit 3;
)sql";

// One statement, for a daemon may be writing.
constexpr const char* compare_counts = R"sql(
select 'counts of ' || concat_ws(' ', account, day, status, 'differ by', sum(orders), sum(vanished), sum(lines))
from (select o._account as account, coalesce((o.created_at at time zone 'UTC')::date, '-infinity') as day,
        coalesce(o.order_status, -1) as status, count(*) as orders, count(o._vanished_at) as vanished, 0 as lines
      from ordersync.orders o group by 1, 2, 3
      union all
      select o._account, coalesce((o.created_at at time zone 'UTC')::date, '-infinity'), coalesce(o.order_status, -1), 0, 0, count(*)
      from ordersync.orders o join ordersync.order_items i on i.order_id = o.id group by 1, 2, 3
      union all
      select account, day, status, -orders, -vanished, -order_items from ordersync.order_counts) c
group by account, day, status having sum(orders) <> 0 or sum(vanished) <> 0 or sum(lines) <> 0 limit 3;
)sql";

std::string differences(stage& on, const std::string& mirror) {
  const auto truth = on.download("/_truth");
  std::ostringstream sql;
  sql << "create temporary table truth (id bigint, doc jsonb);\n"
      << "create temporary table line (doc jsonb);\n"
      // CSV with a quote and a delimiter that JSON cannot hold takes each line as it is.
      << "\\copy line from '" << truth.string() << "' with (format csv, quote e'\\x01', delimiter e'\\x02')\n"
      << "insert into truth select (doc ->> 'id')::bigint, doc || jsonb_build_object('quarantined', coalesce("
         "(select jsonb_agg(p order by p) from jsonb_array_elements_text(doc -> 'quarantined') p), '[]')) from line;\n"
      << "create index on truth (id);\nanalyze truth;\n"
      << mirror << compare << compare_counts;
  const auto script = on.directory().write("compare.sql", sql.str());
  return on.query_file(script);
}

}  // namespace

std::string of_copies(const std::vector<std::string>& tables, std::string sql) {
  std::string copies;
  for (const auto& table : tables)
    copies += "create temporary table " + table + " as select * from ordersync." + table + ";\n";
  const std::string schema = "ordersync.";
  for (auto at = sql.find(schema); at != std::string::npos; at = sql.find(schema, at))
    sql.replace(at, schema.size(), "pg_temp.");
  return copies + sql;
}

std::string differences_from_truth(stage& on) {
  return differences(on, mirrored);
}

std::string differences_of_distributed(stage& on) {
  return differences(on, of_copies({"orders", "order_items", "order_cargo", "order_receivers",
                                    "order_warehouse_addresses", "quarantine"},
                                   mirrored));
}

}  // namespace ordersync::e2e
