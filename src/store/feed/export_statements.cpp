#include "store/feed/export_statements.hpp"

#include "store/pg/precondition_failed.hpp"
#include "store/values/sql_values.hpp"

#include <fmt/format.h>

#include <stdexcept>
#include <string_view>

namespace ordersync::store::feed {
namespace {

// A megabyte or two of rows: more makes neither side faster.
constexpr int rows_at_a_time = 1000;

struct source {
  const char* view;
  const char* joined;  // `o` has the order's created_at, account and order_key
  const char* order;   // after the order's creation time and id
};

source source_of(subject of) {
  constexpr auto with_order = " AS v JOIN reporting.orders AS o ON o.order_key = v.order_key";
  switch (of) {
    case subject::orders:
      return {"orders", " AS v CROSS JOIN LATERAL (SELECT v.created_at, v.account, v.order_key) AS o", ""};
    case subject::items:
      return {"order_items", with_order, ", v.position, v.item_key"};
    case subject::payments:
      return {"payments", with_order, ", v.paid_at, v.phase, v.amount, v.pay_way"};
    case subject::shipments:
      return {"shipments", with_order, ", v.parcel"};
  }
  throw std::logic_error("an export of something that there is not");
}

struct selected {
  std::vector<column> columns;
  std::string list;  // of the SELECT

  void add(std::string name, column_kind kind, const std::string& expression) {
    if (!list.empty()) list += ", ";
    list += expression;
    columns.push_back({std::move(name), kind});
  }
};

// `quoted`: its name as SQL takes it.
void add_column(selected& to, const std::string& name, std::string_view quoted, std::string_view type) {
  using enum column_kind;
  const auto value = fmt::format("v.{}", quoted);
  if (type == "timestamp with time zone") return to.add(name, moment, values::epoch_ms(value));
  if (type == "date") return to.add(name, day, value);
  if (type == "boolean") return to.add(name, flag, value);
  if (type == "jsonb") return to.add(name, json, value);
  if (type.ends_with("[]")) return to.add(name, json, fmt::format("to_json({})", value));
  if (type == "integer" || type == "bigint" || type == "numeric") return to.add(name, number, value);
  to.add(name, text, fmt::format("{}::text", value));
}

// What a view has more than today is exported as well.
selected columns_of(pg::connection& db, const source& from) {
  const auto r = db.exec("read columns",
                         "SELECT attname, quote_ident(attname), format_type(atttypid, NULL) FROM pg_attribute "
                         "WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped "
                         "AND attname <> ALL ('{order_key,item_key,age,days_in_status}') ORDER BY attnum",
                         {fmt::format("reporting.{}", from.view)});
  selected all;
  for (int row = 0; row < r.size(); ++row) add_column(all, std::string{r.text(row, 0)}, r.text(row, 1), r.text(row, 2));
  return all;
}

void add_personal(selected& to) {
  for (const auto* name : {"full_name", "mobile", "phone", "post_code", "division_code", "address"})
    to.add(fmt::format("receiver_{}", name), column_kind::text, fmt::format("r.{}", name));
  for (const auto* name :
       {"full_name", "mobile", "phone", "post_code", "province", "city", "area", "town", "address", "district_code"})
    to.add(fmt::format("warehouse_{}", name), column_kind::text, fmt::format("w.{}", name));
  to.add("contacts", column_kind::json,
         "(SELECT jsonb_agg(to_jsonb(k) - 'order_id' ORDER BY k.role) FROM ordersync.order_contacts AS k "
         "WHERE k.order_id = o.order_key)");
}

constexpr auto personal_tables =
    " LEFT JOIN ordersync.order_receivers AS r ON r.order_id = o.order_key "
    "LEFT JOIN ordersync.order_warehouse_addresses AS w ON w.order_id = o.order_key";

void declare_cursor(pg::connection& db, const selection& what, const source& from, const std::string& list) {
  const auto statement = fmt::format(
      "DECLARE exported NO SCROLL CURSOR FOR SELECT {} FROM reporting.{}{}{} WHERE o.created_at >= $1::timestamptz "
      "AND o.created_at < $2::timestamptz AND ($3::text IS NULL OR o.account = $3) "
      "ORDER BY o.created_at, o.order_key{}",
      list, from.view, from.joined, what.personal ? personal_tables : "", from.order);
  db.exec("begin an export", statement,
          {core::to_text(what.created.begin), core::to_text(what.created.end), what.account});
}

// False: the consumer wants no more.
bool hand_over(const pg::rows& r, std::vector<cell>& cells, const consumer& into) {
  for (int row = 0; row < r.size(); ++row) {
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const auto column = static_cast<int>(i);
      cells[i] = r.is_null(row, column) ? cell{} : cell{r.text(row, column)};
    }
    if (!into.row(cells)) return false;
  }
  return true;
}

}  // namespace

std::int64_t read_rows(pg::connection& db, const selection& what, const consumer& into) {
  static const auto fetch = fmt::format("FETCH {} FROM exported", rows_at_a_time);
  db.exec("begin an export",
          "SELECT set_config(name, '0', true) FROM (VALUES ('statement_timeout'), "
          "('idle_in_transaction_session_timeout')) AS limits (name)");
  const auto from = source_of(what.of);
  auto all = columns_of(db, from);
  if (what.personal) add_personal(all);
  declare_cursor(db, what, from, all.list);
  if (!into.begin(all.columns))
    pg::refuse(core::failure::database_down,
               "database: the connection was lost in the middle of the export, so what was printed is not all of it; "
               "run it again");
  std::vector<cell> cells(all.columns.size());
  std::int64_t rows = 0;
  for (;;) {
    const auto r = db.exec("export rows", fetch);
    if (r.size() == 0) return rows;
    if (!hand_over(r, cells, into)) return rows;
    rows += r.size();
  }
}

// An order that is not sent yet has no parcels.
std::int64_t count_missing_details(pg::connection& db, const selection& what) {
  if (what.of != subject::payments && what.of != subject::shipments) return 0;
  return db
      .exec("count missing details",
            "SELECT count(*) FROM reporting.details_missing WHERE created_at >= $1::timestamptz AND created_at < "
            "$2::timestamptz AND ($3::text IS NULL OR account = $3) AND ($4 OR order_status_code IS DISTINCT FROM 2)",
            {core::to_text(what.created.begin), core::to_text(what.created.end), what.account,
             what.of == subject::payments ? "true" : "false"})
      .integer(0, 0);
}

std::vector<core::window> read_gaps(pg::connection& db, const core::window& range,
                                    const std::optional<std::string>& account) {
  return values::read_windows(
      db.exec("read gaps",
              "SELECT " + values::range_bounds("tstzrange(gap_from, gap_to) * $1::tstzrange") +
                  " FROM reporting.coverage_gaps WHERE tstzrange(gap_from, gap_to) && $1::tstzrange "
                  "AND ($2::text IS NULL OR account = $2) ORDER BY account, gap_from",
              {values::range_literal(range), account}));
}

}  // namespace ordersync::store::feed
