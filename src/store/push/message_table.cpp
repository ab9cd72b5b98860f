#include "store/push/message_table.hpp"

#include "store/values/literals.hpp"
#include "store/values/sql_values.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>

namespace ordersync::store::push {
namespace {

// Bounds on how long one transaction takes.
constexpr int most_removed = 10'000;
constexpr int most_updated = 5'000;

// The vendor's ids are 64-bit numbers; 0 is none.
std::int64_t id_of(const std::string& number) {
  std::int64_t id = 0;
  const auto* end = number.data() + number.size();
  const auto [last, failed] = std::from_chars(number.data(), end, id);
  return failed == std::errc{} && last == end && id > 0 ? id : 0;
}

// 1688's number first, for that is what messages name most likely. The expressions are those of the indexes.
std::string find_by_numbers() {
  struct rule {
    const char *held, *asked;
  };
  constexpr std::array rules{rule{"left(o.tb_order_id, 500)", "nullif(a.order_id, '')"},
                             rule{"o.id", "nullif(a.own, 0)"}, rule{"left(o.order_no, 500)", "nullif(a.order_no, '')"},
                             rule{"left(o.order_no, 500)", "nullif(a.order_id, '')"}};
  std::string fits;
  for (std::size_t at = 0; at < rules.size(); ++at) {
    fits += fmt::format(
        "{}SELECT a.n, o.id, {} AS rank, o._account <> $4 AS other FROM unnest($1::text[], $2::text[], $3::bigint[]) "
        "WITH ORDINALITY "
        "AS a(order_id, order_no, own, n) JOIN ordersync.orders o ON {} = {}",
        at == 0 ? "" : " UNION ALL ", at + 1, rules[at].held, rules[at].asked);
  }
  return fmt::format(
      "SELECT f.n, o.id, o._account, coalesce(o.tb_order_id, ''), {}, {}, o._content_hash, "
      "o._vanished_at IS NOT NULL FROM (SELECT DISTINCT ON (n) n, id FROM ({}) fits ORDER BY n, rank, other, id DESC) "
      "f "
      "JOIN ordersync.orders o ON o.id = f.id ORDER BY f.n",
      values::epoch_ms("o.created_at"), values::epoch_ms("o.tb_created_at"), fits);
}

}  // namespace

const char* name(outcome o) noexcept {
  switch (o) {
    case outcome::changed:
      return "changed";
    case outcome::unchanged:
      return "unchanged";
    case outcome::coalesced:
      return "coalesced";
    case outcome::not_shown:
      return "not_shown";
    case outcome::left:
      return "left";
  }
  return "left";
}

void insert_messages(pg::connection& db, const std::vector<new_message>& list) {
  std::vector<std::string> accounts;
  std::vector<std::string> types;
  std::vector<std::string> ids;
  std::vector<std::string> numbers;
  std::vector<std::string> sent;
  std::vector<std::int64_t> ages;
  for (const auto& one : list) {
    accounts.push_back(one.account);
    types.push_back(one.type);
    ids.push_back(one.about.order_id);
    numbers.push_back(one.about.order_no);
    sent.push_back(one.sent_at ? core::to_text(*one.sent_at) : std::string{});
    ages.push_back(one.age.count());
  }
  db.exec("store push messages",
          "INSERT INTO ordersync.push_messages (account, type, order_id, order_no, sent_at, received_at, outcome) "
          "SELECT account, type, nullif(order_id, ''), nullif(order_no, ''), nullif(sent_at, '')::timestamptz, "
          "clock_timestamp() - age * interval '1 millisecond', 'waiting' "
          "FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[]) "
          "AS m(account, type, order_id, order_no, sent_at, age)",
          {values::array_literal(accounts), values::array_literal(types), values::array_literal(ids),
           values::array_literal(numbers), values::array_literal(sent), values::array_literal(ages)});
}

void add_refusals(pg::connection& db, const std::map<std::string, std::int64_t>& by_reason) {
  for (const auto& [reason, count] : by_reason) {
    db.exec("count refused messages",
            "INSERT INTO ordersync.push_refusals AS r (hour, reason, count, last_at) "
            "VALUES (date_trunc('hour', clock_timestamp()), $1, $2, clock_timestamp()) "
            "ON CONFLICT (hour, reason) DO UPDATE SET count = r.count + excluded.count, last_at = excluded.last_at",
            {reason, std::to_string(count)});
  }
}

void requeue_messages(pg::connection& db, const std::string& account, const std::vector<std::int64_t>& held) {
  db.exec("return push messages",
          "UPDATE ordersync.push_messages m SET outcome = 'waiting' WHERE account = $1 AND outcome = 'taken' "
          "AND NOT EXISTS (SELECT FROM unnest($2::bigint[]) AS held(id) WHERE held.id = m.id)",
          {account, values::array_literal(held)});
}

bool any_message_waits(pg::connection& db, const std::string& account) {
  return db
      .exec("look for push messages",
            "SELECT EXISTS (SELECT FROM ordersync.push_messages WHERE account = $1 AND outcome = 'waiting')", {account})
      .flag(0, 0);
}

std::vector<taken_message> take_messages(pg::connection& db, const std::string& account, int most) {
  const auto r = db.exec(
      "take push messages",
      "WITH taken AS (UPDATE ordersync.push_messages SET outcome = 'taken' WHERE id = ANY(ARRAY("
      "SELECT id FROM ordersync.push_messages WHERE account = $1 AND outcome = 'waiting' ORDER BY id LIMIT $2)) "
      "AND outcome = 'waiting' RETURNING id, order_id, order_no) "
      "SELECT id, coalesce(order_id, ''), coalesce(order_no, '') FROM taken ORDER BY id",
      {account, std::to_string(most)});
  std::vector<taken_message> taken;
  taken.reserve(static_cast<std::size_t>(r.size()));
  for (int row = 0; row < r.size(); ++row)
    taken.push_back({r.integer(row, 0), {std::string{r.text(row, 1)}, std::string{r.text(row, 2)}}});
  return taken;
}

std::vector<known_order> find_orders(pg::connection& db, const std::string& account,
                                     const std::vector<order_numbers>& list) {
  std::vector<std::string> ids;
  std::vector<std::string> numbers;
  std::vector<std::int64_t> own;
  for (const auto& one : list) {
    ids.push_back(one.order_id);
    numbers.push_back(one.order_no);
    own.push_back(id_of(one.order_id));
  }
  const auto r =
      db.exec("find orders by number", find_by_numbers(),
              {values::array_literal(ids), values::array_literal(numbers), values::array_literal(own), account});
  std::vector<known_order> found;
  for (int row = 0; row < r.size(); ++row) {
    found.push_back({.asked = static_cast<std::size_t>(r.integer(row, 0) - 1),
                     .id = r.integer(row, 1),
                     .account = std::string{r.text(row, 2)},
                     .tb_order_id = std::string{r.text(row, 3)},
                     .created_at = values::read_optional_instant(r, row, 4),
                     .tb_created_at = values::read_optional_instant(r, row, 5),
                     .content_hash = values::read_sha256(r, row, 6),
                     .vanished = r.flag(row, 7)});
  }
  return found;
}

void hand_over_messages(pg::connection& db, const std::vector<std::int64_t>& ids, const std::string& to_account) {
  db.exec("hand over push messages",
          "UPDATE ordersync.push_messages SET account = $2, outcome = 'waiting' "
          "WHERE id = ANY($1::bigint[]) AND outcome = 'taken'",
          {values::array_literal(ids), to_account});
}

std::string read_account(pg::connection& db, std::int64_t id) {
  const auto r = db.exec("read whose message it is", "SELECT account FROM ordersync.push_messages WHERE id = $1",
                         {std::to_string(id)});
  return r.size() == 0 ? std::string{} : std::string{r.text(0, 0)};
}

void conclude_messages(pg::connection& db, const std::vector<concluded_message>& list) {
  std::vector<std::int64_t> ids;
  std::vector<std::int64_t> found;
  std::vector<std::string> outcomes;
  std::vector<std::string> read;
  for (const auto& one : list) {
    ids.push_back(one.id);
    outcomes.emplace_back(name(one.what));
    read.push_back(one.read_at ? core::to_text(*one.read_at) : std::string{});
    found.push_back(one.found_id.value_or(0));
  }
  db.exec("conclude push messages",
          "UPDATE ordersync.push_messages m SET outcome = c.outcome, read_at = nullif(c.read_at, '')::timestamptz, "
          "found_id = nullif(c.found_id, 0), "
          "changed_at = CASE WHEN c.outcome = 'changed' THEN clock_timestamp() END "
          "FROM unnest($1::bigint[], $2::text[], $3::text[], $4::bigint[]) AS c(id, outcome, read_at, found_id) "
          "WHERE m.id = c.id AND m.outcome = 'taken'",
          {values::array_literal(ids), values::array_literal(outcomes), values::array_literal(read),
           values::array_literal(found)});
}

std::int64_t answer_further(pg::connection& db, const std::vector<concluded_message>& by) {
  std::vector<std::int64_t> ids;
  for (const auto& one : by)
    if (one.what == outcome::changed || one.what == outcome::unchanged) ids.push_back(one.id);
  if (ids.empty()) return 0;
  // Two seconds, because the clock that dates reads and the database's may differ a little.
  return db
      .exec("answer further push messages",
            "WITH further AS (SELECT m.id, d.read_at, d.found_id FROM ordersync.push_messages d "
            "JOIN ordersync.push_messages m ON m.outcome = 'waiting' AND m.account = d.account "
            "AND m.order_id = d.order_id AND m.received_at < d.read_at - interval '2 seconds' "
            "WHERE d.id = ANY($1::bigint[]) AND d.outcome IN ('changed', 'unchanged') LIMIT $2) "
            "UPDATE ordersync.push_messages m SET outcome = 'coalesced', read_at = f.read_at, found_id = f.found_id "
            "FROM further f WHERE m.id = f.id AND m.outcome = 'waiting'",
            {values::array_literal(ids), std::to_string(most_updated)})
      .affected();
}

std::int64_t leave_messages(pg::connection& db, const std::string& account) {
  return db
      .exec("leave push messages",
            "UPDATE ordersync.push_messages SET outcome = 'left' WHERE id = ANY(ARRAY("
            "SELECT id FROM ordersync.push_messages WHERE account = $1 AND outcome = 'waiting' "
            "AND received_at < clock_timestamp() - interval '1 day' ORDER BY id LIMIT $2)) AND outcome = 'waiting'",
            {account, std::to_string(most_updated)})
      .affected();
}

std::int64_t expire_messages(pg::connection& db) {
  db.exec("remove old refusals",
          "DELETE FROM ordersync.push_refusals WHERE hour < clock_timestamp() - interval '30 days'");
  return db
      .exec("remove old push messages",
            "DELETE FROM ordersync.push_messages WHERE id = ANY(ARRAY("
            "SELECT id FROM ordersync.push_messages ORDER BY id LIMIT $1)) "
            "AND received_at < clock_timestamp() - interval '30 days'",
            {std::to_string(most_removed)})
      .affected();
}

}  // namespace ordersync::store::push
