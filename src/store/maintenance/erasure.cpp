#include "store/maintenance/erasure.hpp"

#include "store/coverage/proof.hpp"
#include "store/maintenance/erasure_marks.hpp"
#include "store/pg/precondition_failed.hpp"
#include "store/values/literals.hpp"
#include "store/values/sql_values.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <limits>
#include <vector>

namespace ordersync::store::maintenance {
namespace {

using ids = std::vector<std::int64_t>;

core::sha256 read_key(pg::connection& db) {
  return values::read_sha256(db.exec("read the erasure key", "SELECT key FROM ordersync.erasure_key"), 0, 0);
}

// As stand_in() makes it; `of` is the table's alias.
std::string stand_in_sql(const std::string& of) {
  return "'erased:' || encode(sha256(k.key || convert_to(" + of + ".raw, 'UTF8')), 'hex')";
}

// Rows of quarantine that `condition` on alias q selects, less those erased before.
std::int64_t erase_quarantined(pg::connection& db, const std::string& condition, const std::vector<pg::param>& params) {
  const auto mark = stand_in_sql("q");
  return db
      .exec("erase quarantined texts",
            fmt::format("UPDATE ordersync.quarantine q SET raw = {0}, raw_sha256 = sha256(convert_to({0}, 'UTF8')) "
                        "FROM ordersync.erasure_key k WHERE q.raw !~ '^erased:[0-9a-f]{{64}}$' AND ({1})",
                        mark, condition),
            params)
      .affected();
}

std::int64_t delete_of(pg::connection& db, const char* table, const std::string& orders) {
  return db
      .exec("erase personal data", fmt::format("DELETE FROM ordersync.{} WHERE order_id = ANY($1::bigint[])", table),
            {orders})
      .affected();
}

void write_tombstones(pg::connection& db, const std::string& orders, bool personal_data, const char* reason) {
  db.exec("write tombstones",
          "INSERT INTO ordersync.erased_orders AS t (order_id, personal_data, reason) "
          "SELECT unnest($1::bigint[]), $2::boolean, $3::text ON CONFLICT (order_id) DO UPDATE "
          "SET personal_data = true, reason = excluded.reason, erased_at = excluded.erased_at "
          "WHERE excluded.personal_data AND NOT t.personal_data",
          {orders, personal_data ? "true" : "false", reason});
}

std::int64_t delete_payloads(pg::connection& db, const std::string& orders) {
  return delete_of(db, "stored_payloads", orders) + delete_of(db, "order_detail_payloads", orders) +
         delete_of(db, "order_refund_payloads", orders);
}

// What people wrote into an order's detail.
void erase_texts(pg::connection& db, const std::string& orders) {
  db.exec("erase what people wrote",
          "UPDATE ordersync.order_details SET buyer_feedback = NULL, buyer_memo = NULL, remark = NULL, close_remark = "
          "NULL WHERE order_id = ANY($1::bigint[]) AND (buyer_feedback IS NOT NULL OR buyer_memo IS NOT NULL OR "
          "remark IS NOT NULL OR close_remark IS NOT NULL)",
          {orders});
}

erasure erase_payloads(pg::connection& db, const ids& orders) {
  erasure took;
  if (orders.empty()) return took;
  const auto list = values::array_literal(orders);
  took.orders = static_cast<std::int64_t>(orders.size());
  took.payloads = delete_payloads(db, list);
  write_tombstones(db, list, false, "retention");
  return took;
}

erasure erase_personal(pg::connection& db, const ids& orders, const char* reason) {
  erasure took;
  if (orders.empty()) return took;
  const auto list = values::array_literal(orders);
  took.orders = static_cast<std::int64_t>(orders.size());
  took.receivers = delete_of(db, "order_receivers", list);
  took.warehouse_addresses = delete_of(db, "order_warehouse_addresses", list);
  took.contacts = delete_of(db, "order_contacts", list);
  erase_texts(db, list);
  took.payloads = delete_payloads(db, list);
  took.quarantined = erase_quarantined(db, "q.order_id = ANY($1::bigint[])", {list});
  write_tombstones(db, list, true, reason);
  return took;
}

// What erase_personal() would take.
erasure count_personal(pg::connection& db, const ids& orders) {
  const auto list = values::array_literal(orders);
  const auto count = [&](const char* table, const char* condition = "") {
    return db
        .exec("count personal data",
              fmt::format("SELECT count(*) FROM ordersync.{} WHERE order_id = ANY($1::bigint[]){}", table, condition),
              {list})
        .integer(0, 0);
  };
  erasure would;
  would.orders = static_cast<std::int64_t>(orders.size());
  would.receivers = count("order_receivers");
  would.warehouse_addresses = count("order_warehouse_addresses");
  would.contacts = count("order_contacts");
  for (const auto* table : {"stored_payloads", "order_detail_payloads", "order_refund_payloads"})
    would.payloads += count(table);
  would.quarantined = count("quarantine", " AND raw !~ '^erased:[0-9a-f]{64}$'");
  return would;
}

ids read_ids(const pg::rows& r) {
  ids found;
  for (int row = 0; row < r.size(); ++row) found.push_back(r.integer(row, 0));
  return found;
}

// A text with its digits as ASCII has them, as erasure_marks reads it.
std::string plain_digits_sql(const std::string& column) {
  return fmt::format(
      R"(translate(CASE WHEN strpos({0}, '\u') > 0 THEN regexp_replace({0}, '\\+u(?:003|[fF][fF]1)([0-9])', '\1', 'g') )"
      "ELSE {0} END, '０１２３４５６７８９', '0123456789')",
      column);
}

// Spelt as plain_number() does.
std::string plain_number_sql(const std::string& column) {
  return fmt::format("regexp_replace(regexp_replace({}, '[^0-9]', '', 'g'), '^(00)?86(?=[0-9]{{11}}$)', '')",
                     plain_digits_sql(column));
}

// As number_separators of erasure_marks.
constexpr const char* separators = " ().\u00a0\u2013\u2014\u3000\uff0d\uff08\uff09/-";

// Whether a text holds the number $1, by itself and perhaps in groups ($2).
std::string holds_number_sql(const std::string& column) {
  const auto plain = plain_digits_sql(column);
  return fmt::format("strpos(translate({0}, '{1}', ''), $1) > 0 AND {0} ~ $2", plain, separators);
}

// Of a table that holds numbers, or texts that numbers stand in.
std::string by_numbers_sql(const char* table) {
  return fmt::format("SELECT order_id FROM ordersync.{} WHERE {} = $1 OR {} = $1", table, plain_number_sql("mobile"),
                     plain_number_sql("phone"));
}
std::string by_text_sql(const char* table, const char* column) {
  return fmt::format("SELECT order_id FROM ordersync.{} WHERE order_id IS NOT NULL AND {}", table,
                     holds_number_sql(column));
}

ids orders_with_mobile(pg::connection& db, const std::string& number, const std::string& pattern) {
  const std::array searches{by_numbers_sql("order_receivers"),
                            by_numbers_sql("order_warehouse_addresses"),
                            by_numbers_sql("order_contacts"),
                            by_text_sql("order_payloads", "payload"),
                            by_text_sql("order_detail_payloads", "payload"),
                            by_text_sql("order_refund_payloads", "payload"),
                            by_text_sql("order_details", "buyer_feedback"),
                            by_text_sql("order_details", "buyer_memo"),
                            by_text_sql("order_details", "remark"),
                            by_text_sql("order_details", "close_remark"),
                            by_text_sql("quarantine", "raw")};
  return read_ids(db.exec("look for a mobile", fmt::format("{}", fmt::join(searches, " UNION ")), {number, pattern}));
}

std::string number_of(const std::string& mobile) {
  auto number = plain_number(mobile);
  if (number.empty())
    throw pg::precondition_failed(core::make_error(core::failure::input, "a mobile number has 5 to 15 digits"));
  return number;
}

// Finds it by itself in a text, however it is preceded, in groups or not.
std::string pattern_of(const std::string& number) {
  const auto gap = fmt::format("[{}]{{0,3}}", separators);
  std::string digits;
  for (const char digit : number) {
    if (!digits.empty()) digits += gap;
    digits += digit;
  }
  return fmt::format("(^|[^0-9])(00)?(86)?{}{}([^0-9]|$)", gap, digits);
}

constexpr const char* created = "coalesce(o.created_at, o.tb_created_at, o._first_seen_at)";

std::string older_than(std::chrono::seconds age) {
  return fmt::format("{} < now() - make_interval(secs => {})", created, age.count());
}

// Orders too old to keep this of, which still is to be erased.
std::string due(std::chrono::seconds age, bool personal_data) {
  return fmt::format("{} AND NOT EXISTS (SELECT FROM ordersync.erased_orders t WHERE t.order_id = o.id{})",
                     older_than(age), personal_data ? " AND t.personal_data" : "");
}

struct id_range {
  std::int64_t after = 0;
  std::int64_t last = std::numeric_limits<std::int64_t>::max();
};

// One batch, ascending.
ids due_in(pg::connection& db, std::chrono::seconds age, bool personal_data, const id_range& range) {
  if (age.count() == 0) return {};
  return read_ids(db.exec("look for what is too old",
                          fmt::format("SELECT o.id FROM ordersync.orders o WHERE o.id > $1 AND o.id <= $2 AND {} "
                                      "ORDER BY o.id LIMIT {}",
                                      due(age, personal_data), retention_batch),
                          {std::to_string(range.after), std::to_string(range.last)}));
}

bool is_full(const ids& batch) {
  return batch.size() == static_cast<std::size_t>(retention_batch);
}

// Whole orders in quarantine: those that must have been created before, or were seen so long ago.
std::string old_unusable(std::chrono::seconds age) {
  return fmt::format(
      "q.order_id IS NULL AND coalesce(upper(q.range), q.first_seen_at) < now() - make_interval(secs => {})",
      age.count());
}

}  // namespace

erased_order erase_order(pg::connection& db, std::int64_t id) {
  coverage::lock_writers(db);
  erased_order result;
  result.mirrored =
      db.exec("look for the order", "SELECT FROM ordersync.orders WHERE id = $1", {std::to_string(id)}).size() > 0;
  result.took = erase_personal(db, {id}, "order");
  return result;
}

erased_order estimate_order(pg::connection& db, std::int64_t id) {
  const auto found = db.exec("look for the order", "SELECT FROM ordersync.orders WHERE id = $1", {std::to_string(id)});
  return {.took = count_personal(db, {id}), .mirrored = found.size() > 0};
}

void write_mobile_tombstone(pg::connection& db, const std::string& mobile) {
  const auto number = number_of(mobile);
  coverage::lock_writers(db);
  db.exec("write a tombstone", "INSERT INTO ordersync.erased_mobiles (mobile_hash) VALUES ($1) ON CONFLICT DO NOTHING",
          {values::bytea_literal(keyed_hash(read_key(db), number))});
}

erasure estimate_mobile(pg::connection& db, const std::string& mobile) {
  const auto number = number_of(mobile);
  db.exec("allow time", "SELECT set_config('statement_timeout', '0', true)");
  const auto pattern = pattern_of(number);
  auto would = count_personal(db, orders_with_mobile(db, number, pattern));
  would.quarantined += db.exec("count quarantined texts",
                               "SELECT count(*) FROM ordersync.quarantine q WHERE q.order_id IS NULL AND "
                               "q.raw !~ '^erased:[0-9a-f]{64}$' AND " +
                                   holds_number_sql("q.raw"),
                               {number, pattern})
                           .integer(0, 0);
  return would;
}

erasure erase_mobile(pg::connection& db, const std::string& mobile) {
  const auto number = plain_number(mobile);
  // Reads every payload.
  db.exec("allow time", "SELECT set_config('statement_timeout', '0', true)");
  const auto pattern = pattern_of(number);
  const auto orders = orders_with_mobile(db, number, pattern);
  coverage::lock_writers(db);
  auto took = erase_personal(db, orders, "mobile");
  took.quarantined += erase_quarantined(db, "q.order_id IS NULL AND " + holds_number_sql("q.raw"), {number, pattern});
  return took;
}

retention_step retain(pg::connection& db, const retention_rules& rules, std::int64_t after) {
  id_range range{after};
  const auto personal = due_in(db, rules.personal_data, true, range);
  if (is_full(personal)) range.last = personal.back();
  const auto payloads = due_in(db, rules.payloads, false, range);
  ids payloads_alone;
  std::ranges::set_difference(payloads, personal, std::back_inserter(payloads_alone));

  coverage::lock_writers(db);
  retention_step step;
  step.took = erase_personal(db, personal, "retention");
  step.took += erase_payloads(db, payloads_alone);
  if (after == 0 && rules.personal_data.count() > 0) {
    step.took.quarantined += erase_quarantined(db, old_unusable(rules.personal_data), {});
  }
  if (is_full(payloads))
    step.next = payloads.back();
  else if (is_full(personal))
    step.next = personal.back();
  return step;
}

erasure estimate_retention(pg::connection& db, const retention_rules& rules) {
  db.exec("allow time", "SELECT set_config('statement_timeout', '0', true)");
  erasure would;
  const auto count = [&](const std::string& from, const std::string& condition) {
    return db.exec("count what is too old", fmt::format("SELECT count(*) FROM {} WHERE {}", from, condition))
        .integer(0, 0);
  };
  const auto of_orders = [](const char* table) {
    return fmt::format("ordersync.{} d JOIN ordersync.orders o ON o.id = d.order_id", table);
  };
  std::string orders;
  std::string payloads;
  if (rules.personal_data.count() > 0) {
    const auto condition = due(rules.personal_data, true);
    would.receivers = count(of_orders("order_receivers"), condition);
    would.warehouse_addresses = count(of_orders("order_warehouse_addresses"), condition);
    would.contacts = count(of_orders("order_contacts"), condition);
    would.quarantined =
        count("ordersync.quarantine d JOIN ordersync.orders o ON o.id = d.order_id", condition) +
        count("ordersync.quarantine q", old_unusable(rules.personal_data) + " AND q.raw !~ '^erased:[0-9a-f]{64}$'");
    orders = payloads = "(" + condition + ")";
  }
  if (rules.payloads.count() > 0) {
    const auto condition = "(" + due(rules.payloads, false) + ")";
    orders += (orders.empty() ? "" : " OR ") + condition;
    payloads = orders;
  }
  if (orders.empty()) return would;
  would.orders = count("ordersync.orders o", orders);
  for (const auto* table : {"stored_payloads", "order_detail_payloads", "order_refund_payloads"})
    would.payloads += count(of_orders(table), payloads);
  return would;
}

}  // namespace ordersync::store::maintenance
