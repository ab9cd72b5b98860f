#include "store/details/detail_queue.hpp"

#include "store/orders/entered_states.hpp"
#include "store/values/literals.hpp"
#include "store/values/sql_values.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ordersync::store::details {
namespace {

// Bounds how long one transaction takes.
constexpr std::size_t most_queued = 5'000;

// How long a detail is put off at most: a day.
constexpr std::int64_t most_minutes = 1'440;

// From here on stored details are estimated: counting them would read the table.
constexpr std::int64_t most_counted = 100'000;

// Of one kind, asked for or not: the index has them in this order.
std::string queued_rows(const std::string& columns, bool asked, const char* condition) {
  return fmt::format(
      "SELECT {} FROM ordersync.detail_queue AS q JOIN ordersync.orders AS o ON o.id = q.order_id "
      "WHERE q.account = $1 AND {} q.asked {} ORDER BY q.due_at",
      columns, asked ? "" : "NOT", condition);
}

std::string queued_counts(const char* counts) {
  return fmt::format(
      "SELECT {} FROM ordersync.detail_queue AS q JOIN ordersync.orders AS o ON o.id = q.order_id "
      "WHERE q.account = $1 AND q.due_at <= now()",
      counts);
}

void add_due(pg::connection& db, const std::string& account, bool asked, std::size_t most, due_details& due) {
  const auto taken = due.list.size() + due.unnumbered.size();
  if (taken >= most) return;
  const auto columns = "q.order_id, o.tb_order_id, q.tries, coalesce(" + orders::sql_is_number("o.tb_order_id") +
                       ", false), now(), starts_with(coalesce(q.reason, ''), $3)";
  const auto r =
      db.exec("read which details are due", queued_rows(columns, asked, "AND q.due_at <= now()") + " LIMIT $2",
              {account, std::to_string(most - taken), std::string{refunds_refused}});
  for (int row = 0; row < r.size(); ++row) {
    if (due.read_at.empty()) due.read_at = std::string{r.text(row, 4)};
    if (r.flag(row, 3))
      due.list.push_back(
          {r.integer(row, 0), std::string{r.text(row, 1)}, static_cast<int>(r.integer(row, 2)), r.flag(row, 5)});
    else
      due.unnumbered.push_back(r.integer(row, 0));
  }
}

void add_open_refunds(pg::connection& db, std::vector<due_detail>& list) {
  std::vector<std::int64_t> ids;
  for (const auto& due : list) ids.push_back(due.order_id);
  const auto r = db.exec("read open refunds",
                         "SELECT order_id, refund_id FROM ordersync.order_refunds WHERE order_id = ANY ($1::bigint[]) "
                         "AND coalesce(status, '') NOT IN ('refundsuccess', 'refundclose') ORDER BY 1, 2",
                         {values::array_literal(ids)});
  for (int row = 0; row < r.size(); ++row) {
    const auto of = std::ranges::find(list, r.integer(row, 0), &due_detail::order_id);
    if (of != list.end()) of->open_refunds.emplace_back(r.text(row, 1));
  }
}

struct queue_piece_rows {
  std::vector<std::int64_t> ids;
  core::instant last_created_at{};
};

queue_piece_rows read_piece(pg::connection& db, const std::string& account, core::window created,
                            const queue_position& from) {
  const auto r = db.exec("look for orders in a range",
                         "SELECT id, " + values::epoch_ms("created_at") +
                             " FROM ordersync.orders WHERE _account = $1 AND created_at >= $2 AND created_at < $3 "
                             "AND (created_at, id) > ($2::timestamptz, $4::bigint) AND " +
                             orders::sql_is_number("tb_order_id") + " ORDER BY created_at, id LIMIT $5",
                         {account, core::to_text(from.created_at.value_or(core::instant{created.begin})),
                          core::to_text(created.end), std::to_string(from.order_id), std::to_string(most_queued)});
  queue_piece_rows piece;
  for (int row = 0; row < r.size(); ++row) piece.ids.push_back(r.integer(row, 0));
  if (!piece.ids.empty()) piece.last_created_at = values::read_instant(r, r.size() - 1, 1);
  return piece;
}

std::int64_t estimate_details(pg::connection& db, const std::string& account) {
  const auto in_all = db.exec("estimate stored details",
                              "SELECT greatest(reltuples, 0)::bigint FROM pg_class "
                              "WHERE oid = 'ordersync.order_details'::regclass")
                          .integer(0, 0);
  if (in_all < most_counted) {
    return db
        .exec("count stored details", "SELECT count(*) FROM ordersync.order_details WHERE _account = $1", {account})
        .integer(0, 0);
  }
  return db
      .exec("estimate stored details",
            "SELECT coalesce(($2::bigint * sum(orders) FILTER (WHERE account = $1) / nullif(sum(orders), 0))::bigint, "
            "0) FROM ordersync.order_counts",
            {account, std::to_string(in_all)})
      .integer(0, 0);
}

// How long an order waits whose reads failed so often before.
std::string wait_after(std::int64_t tries) {
  const auto minutes = std::min(std::int64_t{1} << std::min<std::int64_t>(tries, 11), most_minutes);
  return fmt::format("{} minutes", minutes);
}

// When what is stored of the detail was asked for: an unchanged one keeps its time. Who is queued since then only to
// be looked at again lacks nothing of it, as reporting.details_missing has it.
std::string stored_at(pg::connection& db, const std::string& id, const std::string& read_at) {
  const auto r =
      db.exec("read when a detail was read",
              "SELECT " + values::epoch_ms("_observed_at") + " FROM ordersync.order_details WHERE order_id = $1", {id});
  return r.size() == 0 ? read_at : core::to_text(values::read_instant(r, 0, 0));
}

// Where all refunds are refused the order is woken when they are not: until then its reads are in vain.
void queue_for_refunds(pg::connection& db, const concluded_read& of) {
  const auto id = std::to_string(of.order_id);
  const auto at = core::to_text(of.observed_at);
  const auto held =
      db.exec("read how often a detail failed", "SELECT tries FROM ordersync.detail_queue WHERE order_id = $1", {id});
  const auto tries = held.size() == 0 ? 0 : held.integer(0, 0);
  const auto wait = of.missing.starts_with(refunds_refused) ? "1 day" : wait_after(tries);
  db.exec("queue for refunds",
          "INSERT INTO ordersync.detail_queue AS held (order_id, account, queued_at, due_at, asked, tries, reason) "
          "VALUES ($1, $2, $3, now() + $4::interval, false, $5, $6) ON CONFLICT (order_id) DO UPDATE SET "
          "account = excluded.account, queued_at = excluded.queued_at, due_at = excluded.due_at, "
          "tries = excluded.tries, reason = excluded.reason WHERE held.asked OR held.queued_at <= $7",
          {id, of.account, stored_at(db, id, at), wait, std::to_string(tries + 1), of.missing, at});
}

// Orders whose latest refund is named and was never read, and which nobody has queued: programs before this one gave
// them up. The others of them follow when the program starts next.
void queue_unread_refunds(pg::connection& db, const std::string& account) {
  const auto r =
      db.exec("look for refunds that were not read",
              "SELECT d.order_id, d._observed_at FROM ordersync.order_refunds AS r JOIN ordersync.order_details AS d "
              "ON d.order_id = r.order_id AND d.refund_id = r.refund_id "
              "WHERE r._content_hash IS NULL AND d._account = $1 ORDER BY d.order_id LIMIT $2",
              {account, std::to_string(most_queued)});
  if (r.size() == 0) return;
  std::vector<std::int64_t> ids;
  std::vector<std::string> read_at;
  for (int row = 0; row < r.size(); ++row) {
    ids.push_back(r.integer(row, 0));
    read_at.emplace_back(r.text(row, 1));
  }
  db.exec("queue details",
          "INSERT INTO ordersync.detail_queue (order_id, account, queued_at, due_at, asked) "
          "SELECT id, $3, read_at, now(), false FROM unnest($1::bigint[], $2::timestamptz[]) AS unread(id, read_at) "
          "ON CONFLICT (order_id) DO NOTHING",
          {values::array_literal(ids), values::array_literal(read_at), account});
}

void wake_for_refunds(pg::connection& db, const std::string& account) {
  db.exec("make due what waits for refunds",
          "UPDATE ordersync.detail_queue SET due_at = now() WHERE account = $1 AND due_at > now() "
          "AND starts_with(reason, $2)",
          {account, std::string{refunds_refused}});
  queue_unread_refunds(db, account);
}

}  // namespace

due_details read_due(pg::connection& db, const std::string& account, std::size_t most) {
  due_details due;
  add_due(db, account, false, most, due);
  add_due(db, account, true, most, due);
  if (!due.list.empty()) add_open_refunds(db, due.list);
  return due;
}

std::vector<std::string> read_open_refunds(pg::connection& db, std::int64_t order_id) {
  std::vector<due_detail> one{{.order_id = order_id}};
  add_open_refunds(db, one);
  return std::move(one.front().open_refunds);
}

void drop_unnumbered(pg::connection& db, const due_details& seen) {
  db.exec("drop queued details",
          "DELETE FROM ordersync.detail_queue WHERE order_id = ANY ($1::bigint[]) AND due_at <= $2",
          {values::array_literal(seen.unnumbered), seen.read_at});
}

// What somebody asked for is answered by any detail. A state is answered by one that was requested after the order was
// read in it: both times are the program's.
void conclude_read(pg::connection& db, const concluded_read& of) {
  if (!of.missing.empty()) return queue_for_refunds(db, of);
  const auto id = std::to_string(of.order_id);
  const auto at = core::to_text(of.observed_at);
  if (!of.again) {
    db.exec("take off the queue",
            "DELETE FROM ordersync.detail_queue WHERE order_id = $1 AND (asked OR queued_at <= $2)", {id, at});
    return;
  }
  db.exec("queue for a day later",
          "INSERT INTO ordersync.detail_queue AS held (order_id, account, queued_at, due_at, asked) "
          "VALUES ($1, $2, $4, now() + interval '1 day', false) ON CONFLICT (order_id) DO UPDATE SET "
          "account = excluded.account, queued_at = excluded.queued_at, due_at = excluded.due_at, asked = false, "
          "tries = 0, reason = NULL WHERE held.asked OR held.queued_at <= $3",
          {id, of.account, at, stored_at(db, id, at)});
}

// Two statements: a cluster computes no time from a column.
void put_off(pg::connection& db, const std::string& account, std::int64_t order_id, const std::string& reason) {
  const auto id = std::to_string(order_id);
  const auto held =
      db.exec("read how often a detail failed",
              "SELECT tries FROM ordersync.detail_queue WHERE order_id = $1 AND account = $2", {id, account});
  if (held.size() == 0) return;
  const auto tries = held.integer(0, 0);
  db.exec("put off a detail",
          "UPDATE ordersync.detail_queue SET tries = $3, reason = $4, due_at = now() + $5::interval "
          "WHERE order_id = $1 AND account = $2",
          {id, account, std::to_string(tries + 1), reason, wait_after(tries)});
}

void put_behind(pg::connection& db, const std::string& account, std::int64_t order_id, const std::string& reason) {
  db.exec("put a detail behind the others",
          "UPDATE ordersync.detail_queue SET tries = greatest(tries, 1), reason = $3, due_at = now() "
          "WHERE order_id = $1 AND account = $2",
          {std::to_string(order_id), account, reason});
}

std::int64_t queue_piece(pg::connection& db, const std::string& account, core::window created, queue_position& from) {
  auto piece = read_piece(db, account, created, from);
  if (piece.ids.size() < most_queued) from.through = true;
  if (piece.ids.empty()) return 0;
  from.created_at = piece.last_created_at;
  from.order_id = piece.ids.back();
  std::ranges::sort(piece.ids);  // as whoever else queues does, so that two cannot wait for each other
  return db
      .exec("queue details",
            "INSERT INTO ordersync.detail_queue AS held (order_id, account, queued_at, due_at, asked) "
            "SELECT id, $2, now(), now(), true FROM unnest($1::bigint[]) AS asked(id) ON CONFLICT (order_id) DO UPDATE "
            "SET due_at = excluded.due_at, asked = true, tries = 0, reason = NULL WHERE held.due_at > excluded.due_at",
            {values::array_literal(piece.ids), account})
      .affected();
}

void write_refusal(pg::connection& db, const std::string& account, const std::string& reason) {
  db.exec("note that details are refused",
          "INSERT INTO ordersync.detail_accounts AS held (account, refused_at, reason) VALUES ($1, now(), $2) "
          "ON CONFLICT (account) DO UPDATE SET reason = excluded.reason WHERE held.reason <> excluded.reason",
          {account, reason});
}

void write_permission(pg::connection& db, const std::string& account, bool refunds) {
  db.exec("note that details are permitted",
          "DELETE FROM ordersync.detail_accounts WHERE account = $1 AND ($2::boolean OR NOT starts_with(reason, $3))",
          {account, refunds ? "true" : "false", std::string{refunds_refused}});
  if (refunds) wake_for_refunds(db, account);
}

// What was refused since is refused. Among the latest orders: the tables have no index by account, and an account that
// has none of these is as one without any.
permissions read_permissions(pg::connection& db, const std::string& account) {
  const auto refusal = db.exec("read whether details are refused",
                               "SELECT reason FROM ordersync.detail_accounts WHERE account = $1", {account});
  const bool refunds_alone = refusal.size() > 0 && refusal.text(0, 0).starts_with(refunds_refused);
  permissions known;
  if (refusal.size() > 0 && !refunds_alone) return known;
  const auto detail = db.exec("look for a detail",
                              "SELECT order_id FROM (SELECT order_id, _account FROM ordersync.order_details ORDER BY "
                              "order_id DESC LIMIT 10000) AS latest WHERE _account = $1 ORDER BY order_id DESC LIMIT 1",
                              {account});
  if (detail.size() == 0) return known;
  const auto order =
      db.exec("read an order's number",
              "SELECT tb_order_id FROM ordersync.orders WHERE id = $1 AND " + orders::sql_is_number("tb_order_id"),
              {std::to_string(detail.integer(0, 0))});
  if (order.size() > 0) known.order = std::string{order.text(0, 0)};
  if (refunds_alone) return known;
  const auto refund =
      db.exec("look for a refund",
              "SELECT latest.refund_id FROM (SELECT order_id, refund_id FROM ordersync.order_refunds WHERE "
              "_content_hash IS NOT NULL ORDER BY order_id DESC LIMIT 10000) AS latest JOIN ordersync.order_details AS "
              "d ON d.order_id = latest.order_id WHERE d._account = $1 LIMIT 1",
              {account});
  if (refund.size() > 0) known.refund = std::string{refund.text(0, 0)};
  return known;
}

void try_refunds(pg::connection& db, const std::string& account, std::size_t most) {
  const auto r = db.exec("look for what waits for refunds",
                         "SELECT order_id FROM ordersync.detail_queue WHERE account = $1 AND due_at > now() "
                         "AND starts_with(reason, $2) ORDER BY due_at LIMIT $3",
                         {account, std::string{refunds_refused}, std::to_string(most)});
  std::vector<std::int64_t> ids;
  for (int row = 0; row < r.size(); ++row) ids.push_back(r.integer(row, 0));
  if (ids.empty()) return;
  db.exec("make due what waits for refunds",
          "UPDATE ordersync.detail_queue SET due_at = now() WHERE order_id = ANY ($1::bigint[]) AND due_at > now()",
          {values::array_literal(ids)});
}

// 4: the money was returned.
std::int64_t count_requests_due(pg::connection& db, const std::string& account) {
  return db
      .exec("count requests of queued details",
            queued_counts("count(*) + count(*) FILTER (WHERE o.pay_status = 4 OR o.refund_amount_fen > 0)"), {account})
      .integer(0, 0);
}

detail_figures read_figures(pg::connection& db, const std::string& account) {
  const auto r = db.exec("count queued details",
                         "SELECT count(*) FILTER (WHERE due_at <= now()), count(*) FILTER (WHERE due_at > now()), "
                         "count(*) FILTER (WHERE tries > 0), coalesce(max(reason) FILTER (WHERE tries > 0), ''), " +
                             values::epoch_ms("min(due_at) FILTER (WHERE due_at <= now())") +
                             ", count(*) FILTER (WHERE asked) FROM ordersync.detail_queue WHERE account = $1",
                         {account});
  detail_figures figures{.waiting = r.integer(0, 0),
                         .later = r.integer(0, 1),
                         .failing = r.integer(0, 2),
                         .last_failure = std::string{r.text(0, 3)},
                         .oldest = values::read_optional_instant(r, 0, 4),
                         .asked = r.integer(0, 5),
                         .details = estimate_details(db, account),
                         .refused_at = {},
                         .refusal = {}};
  const auto refused =
      db.exec("read whether details are refused",
              "SELECT " + values::epoch_ms("refused_at") + ", reason FROM ordersync.detail_accounts WHERE account = $1",
              {account});
  if (refused.size() > 0) {
    figures.refused_at = values::read_instant(refused, 0, 0);
    figures.refusal = std::string{refused.text(0, 1)};
    figures.refunds_alone = figures.refusal.starts_with(refunds_refused);
  }
  return figures;
}

}  // namespace ordersync::store::details
