#include "store/feed/change_table.hpp"

#include "store/pg/precondition_failed.hpp"
#include "store/values/sql_values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace ordersync::store::feed {
namespace {

constexpr int first_value = 7;  // of the columns that changes_statement() asks for

// What had changed is worded as in reporting.order_timeline.
constexpr std::string_view in_words =
    "(SELECT string_agg(reporting.change_text(e.key, e.value), '; ' ORDER BY e.key NOT LIKE '%status', e.key) "
    "FROM jsonb_each({}) AS e)";

std::string changes_statement() {
  std::string values;
  for (const auto& one : change_columns()) {
    const auto name = "c." + one.name;
    values += ", " + (one.kind == column_kind::moment ? values::epoch_ms(name) : name);
  }
  return fmt::format(
      "SELECT c.change, {}, c.order_id, c.version, c.account, c.order_status, "
      "CASE WHEN c.changed = '{{\"detail\": {{}}}}' THEN 'detail first read' WHEN c.kind = 'detail' THEN "
      "'detail: ' || {} WHEN c.changed = '{{}}' THEN "
      "concat_ws(', ', 'first seen: ' || coalesce(c.order_status, 'no status'), c.total_amount::text || ' yuan') ELSE "
      "{} END{} FROM reporting.changes($1, $2) AS c WHERE $3::text IS NULL OR c.account = $3 ORDER BY c.change",
      values::epoch_ms("c.at"), fmt::format(in_words, "c.changed -> 'detail'"), fmt::format(in_words, "c.changed"),
      values);
}

// Not max(): that would look at every number.
std::int64_t read_greatest(pg::connection& db) {
  const auto r = db.exec("read the greatest number",
                         "SELECT last_change FROM reporting.change_numbers ORDER BY last_change DESC LIMIT 1");
  return r.size() == 0 ? 0 : r.integer(0, 0);
}

change read_change(const pg::rows& r, int row) {
  change one{.number = r.integer(row, 0),
             .at = values::read_instant(r, row, 1),
             .order_id = std::string{r.text(row, 2)},
             .version = r.integer(row, 3),
             .account = std::string{r.text(row, 4)},
             .status = values::read_text(r, row, 5),
             .what = std::string{r.text(row, 6)},
             .values = {}};
  const auto columns = static_cast<int>(change_columns().size());
  for (int i = 0; i < columns; ++i) one.values.push_back(values::read_text(r, row, first_value + i));
  return one;
}

}  // namespace

const std::vector<column>& change_columns() {
  using enum column_kind;
  static const std::vector<column> columns{{"change", number},
                                           {"order_id", text},
                                           {"version", number},
                                           {"at", moment},
                                           {"day", day},
                                           {"account", text},
                                           {"vanished", flag},
                                           {"order_no", text},
                                           {"tb_order_id", text},
                                           {"created_at", moment},
                                           {"order_status", text},
                                           {"pay_status", text},
                                           {"seller_login_id", text},
                                           {"total_amount", number},
                                           {"refund_amount", number},
                                           {"changed", json},
                                           {"items", json},
                                           {"kind", text},
                                           {"detail_version", number},
                                           {"detail", json}};
  return columns;
}

bool is_restricted(pg::connection& db) {
  // Where there is no schema yet, its absence is what there is to say.
  const auto r =
      db.exec("look at rights",
              "SELECT coalesce(has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT'), "
              "true) FROM (VALUES (to_regnamespace('ordersync'))) AS n (oid) LEFT JOIN pg_class AS c "
              "ON c.relnamespace = n.oid AND c.relname = 'schema_migrations'");
  return !r.flag(0, 0);
}

change_page read_changes(pg::connection& db, std::int64_t after, std::int64_t at_most,
                         const std::optional<std::string>& account) {
  static const auto statement = changes_statement();
  change_page page;
  page.greatest = read_greatest(db);
  if (after > page.greatest)
    pg::refuse(
        core::failure::input,
        fmt::format("there is no change {} yet: the greatest is {}; if it was seen in this database, the database "
                    "was restored from an earlier state since: start again from an earlier number",
                    after, page.greatest));
  page.through = after + std::min(at_most, page.greatest - after);
  if (page.through == after) return page;
  const auto r =
      db.exec("read changes", statement, {std::to_string(after), std::to_string(page.through - after), account});
  for (int row = 0; row < r.size(); ++row) page.changes.push_back(read_change(r, row));
  return page;
}

}  // namespace ordersync::store::feed
