#include "store/maintenance/quarantine_kinds.hpp"

#include "store/maintenance/quarantine_table.hpp"
#include "store/pg/precondition_failed.hpp"
#include "store/values/sql_values.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ordersync::store::maintenance {
namespace {

// There are not so many; it bounds what a defect could make of it.
constexpr int most_kinds = 1'000;
// An error names no more of them.
constexpr std::size_t most_named = 20;

// As the generated columns of quarantine make them of path and reason.
constexpr const char* chosen_path = R"(regexp_replace($1, '\[[0-9]+\]', '[]', 'g'))";
constexpr const char* chosen_reason = R"(left(regexp_replace($2, '\mbyte [0-9]+\M', 'byte N', 'g'), 300))";

std::vector<pg::param> params_of(const kind_choice& of) {
  return {of.path, of.reason};
}

// Of a table whose columns for path and reason are these.
std::string is_chosen(const char* path, const char* reason) {
  return fmt::format("{} = {} AND ($2::text IS NULL OR {} = {})", path, chosen_path, reason, chosen_reason);
}

// Of all values or of those of each order.
enum class grouped { by_kind, by_order };

// `rows` says which rows of quarantine q; $1 and on are its own. `joined` is how accepted_kinds is joined. Grouped in
// steps, which hashes do: to sort 100,000 values by kind takes four times as long.
std::string select_kinds(const std::string& rows, const char* joined, grouped how, int limit) {
  const bool by_order = how == grouped::by_order;
  const auto inner = fmt::format(
      "SELECT q.kind_path AS path, q.kind_reason AS reason, q.account, {} AS orders, "
      "count(*) FILTER (WHERE q.resolved_at IS NULL AND q.accepted_at IS NULL) AS rest, "
      "count(*) FILTER (WHERE q.resolved_at IS NULL AND q.accepted_at IS NOT NULL) AS by_id, "
      "count(q.resolved_at) AS resolved, min(q.first_seen_at) AS first, max(q.last_seen_at) AS last, "
      "max(q.id) AS example FROM ordersync.quarantine q WHERE {} GROUP BY 1, 2, 3{}",
      by_order ? "CASE WHEN q.order_id IS NULL THEN count(*) ELSE 1 END" : "0", rows, by_order ? ", q.order_id" : "");
  constexpr auto* sums =
      "sum(orders)::bigint AS orders, sum(rest)::bigint AS rest, sum(by_id)::bigint AS by_id, "
      "sum(resolved)::bigint AS resolved, min(first) AS first, max(last) AS last, max(example) AS example";
  return fmt::format(
      "SELECT coalesce(g.path, k.path), coalesce(g.reason, k.reason), "
      "CASE WHEN k.path IS NULL THEN g.rest ELSE 0 END, "
      "CASE WHEN k.path IS NULL THEN g.by_id ELSE coalesce(g.by_id + g.rest, 0) END, coalesce(g.resolved, 0), "
      "coalesce(g.orders, 0), coalesce(g.accounts, 0), {}, {}, g.example, k.why, k.accepted_by, {} "
      "FROM (SELECT path, reason, count(*) AS accounts, {} FROM (SELECT path, reason, account, {} FROM ({}) each "
      "GROUP BY 1, 2, 3) account GROUP BY 1, 2) g {} JOIN ordersync.accepted_kinds k "
      "ON k.path = g.path AND k.reason = g.reason "
      "ORDER BY coalesce(g.rest + g.by_id + g.resolved, 0) DESC, 1, 2 LIMIT {}",
      values::epoch_ms("g.first"), values::epoch_ms("g.last"), values::epoch_ms("k.accepted_at"), sums, sums, inner,
      joined, limit);
}

quarantine_kind read_kind(const pg::rows& r, int row) {
  quarantine_kind kind;
  kind.path = r.text(row, 0);
  kind.reason = r.text(row, 1);
  kind.open = r.integer(row, 2);
  kind.accepted = r.integer(row, 3);
  kind.resolved = r.integer(row, 4);
  kind.orders = r.integer(row, 5);
  kind.accounts = r.integer(row, 6);
  kind.first_seen_at = values::read_optional_instant(r, row, 7);
  kind.last_seen_at = values::read_optional_instant(r, row, 8);
  if (!r.is_null(row, 9)) kind.example = r.integer(row, 9);
  kind.kind_accepted = read_acceptance(r, row, 10);
  return kind;
}

std::vector<quarantine_kind> kinds_of(const pg::rows& r) {
  std::vector<quarantine_kind> kinds;
  kinds.reserve(static_cast<std::size_t>(r.size()));
  for (int row = 0; row < r.size(); ++row) kinds.push_back(read_kind(r, row));
  return kinds;
}

std::vector<quarantine_kind> read_chosen(pg::connection& db, const kind_choice& of) {
  const auto rows = "q.resolved_at IS NULL AND " + is_chosen("q.kind_path", "q.kind_reason");
  return kinds_of(db.exec("read quarantine", select_kinds(rows, "LEFT", grouped::by_order, most_kinds), params_of(of)));
}

std::string named(const std::vector<quarantine_kind>& kinds) {
  std::string text;
  for (std::size_t i = 0; i < std::min(kinds.size(), most_named); ++i)
    text += fmt::format("{}{}: {}", i == 0 ? "" : "; ", kinds[i].path, kinds[i].reason);
  return kinds.size() > most_named ? text + "; and more" : text;
}

std::string sought(const kind_choice& of) {
  return fmt::format("path '{}'{}", of.path, of.reason ? fmt::format(" and reason '{}'", *of.reason) : "");
}

[[noreturn]] void refuse(const std::string& what) {
  throw pg::precondition_failed(core::make_error(core::failure::input, what));
}

[[noreturn]] void refuse_to_accept(pg::connection& db, const kind_choice& of) {
  const auto there = read_kinds(db, {quarantine_part::unresolved});
  refuse(fmt::format("nothing in quarantine has the {}{}", sought(of),
                     there.empty() ? ": quarantine is empty" : "; there is: " + named(there)));
}

[[noreturn]] void refuse_to_stop(pg::connection& db, const kind_choice& of) {
  auto there = read_kinds(db, {quarantine_part::accepted});
  std::erase_if(there, [](const quarantine_kind& kind) { return !kind.kind_accepted; });
  refuse(fmt::format("no accepted kind has the {}{}", sought(of),
                     there.empty() ? ": no kind is accepted" : "; accepted is: " + named(there)));
}

}  // namespace

counted_quarantine count_quarantine(pg::connection& db) {
  const auto r = db.exec(
      "count quarantine",
      "SELECT g.account, grouping(g.account), coalesce(sum(n) FILTER (WHERE NOT a), 0)::bigint, "
      "count(DISTINCT (path, reason)) FILTER (WHERE NOT a), coalesce(sum(n) FILTER (WHERE a), 0)::bigint, "
      "count(DISTINCT (path, reason)) FILTER (WHERE a) FROM (SELECT c.account, c.path, c.reason, n, "
      "c.accepted OR k.path IS NOT NULL AS a FROM (SELECT account, kind_path AS path, kind_reason AS reason, "
      "accepted_at IS NOT NULL AS accepted, count(*) AS n FROM ordersync.quarantine WHERE resolved_at IS NULL "
      "GROUP BY 1, 2, 3, 4) c LEFT JOIN ordersync.accepted_kinds k ON k.path = c.path AND k.reason = c.reason) g "
      "GROUP BY GROUPING SETS ((g.account), ())");
  counted_quarantine counted;
  for (int row = 0; row < r.size(); ++row) {
    const quarantine_counts counts{r.integer(row, 2), r.integer(row, 3), r.integer(row, 4), r.integer(row, 5)};
    if (r.integer(row, 1) == 1)
      counted.all = counts;
    else
      counted.accounts.emplace(r.text(row, 0), counts);
  }
  return counted;
}

std::vector<quarantine_kind> read_kinds(pg::connection& db, const quarantine_choice& of) {
  const bool with_empty = of.part == quarantine_part::accepted && !of.account;
  const auto rows = fmt::format("{}{}", condition_of(of.part), of.account ? " AND q.account = $1" : "");
  std::vector<pg::param> params;
  if (of.account) params.emplace_back(of.account);
  return kinds_of(db.exec("read quarantine",
                          select_kinds(rows, with_empty ? "FULL" : "LEFT", grouped::by_order, most_kinds), params));
}

std::vector<quarantine_kind> read_largest_kinds(pg::connection& db, int limit) {
  return kinds_of(db.exec("read quarantine",
                          select_kinds(condition_of(quarantine_part::unresolved), "LEFT", grouped::by_kind, limit)));
}

void accept_value(pg::connection& db, std::int64_t id, const std::string& why) {
  if (read_quarantined(db, id).resolved_at) refuse(fmt::format("value {} is resolved: nothing is left to accept", id));
  db.exec("accept a value",
          "UPDATE ordersync.quarantine SET accepted_at = clock_timestamp(), accepted_by = session_user, "
          "accepted_reason = $2 WHERE id = $1 AND accepted_reason IS DISTINCT FROM $2",
          {std::to_string(id), why});
}

void stop_accepting_value(pg::connection& db, std::int64_t id, bool& done) {
  const auto value = read_quarantined(db, id);
  if (!value.accepted && !done)
    refuse(fmt::format("value {} is not accepted{}", id,
                       value.kind_accepted ? " by its id, but with its kind: use --path" : ""));
  db.exec("stop accepting a value",
          "UPDATE ordersync.quarantine SET accepted_at = NULL, accepted_by = NULL, accepted_reason = NULL "
          "WHERE id = $1",
          {std::to_string(id)});
  done = true;
}

std::vector<quarantine_kind> accept_kinds(pg::connection& db, const kind_choice& of, const std::string& why) {
  auto params = params_of(of);
  params.emplace_back(why);
  db.exec("accept kinds",
          "INSERT INTO ordersync.accepted_kinds AS k (path, reason, why) "
          "SELECT DISTINCT kind_path, kind_reason, $3::text FROM ordersync.quarantine WHERE resolved_at IS NULL AND " +
              is_chosen("kind_path", "kind_reason") +
              " ON CONFLICT (path, reason) DO UPDATE SET why = excluded.why, accepted_at = excluded.accepted_at, "
              "accepted_by = excluded.accepted_by WHERE k.why <> excluded.why",
          params);
  auto kinds = read_chosen(db, of);
  if (kinds.empty()) refuse_to_accept(db, of);
  return kinds;
}

std::vector<quarantine_kind> stop_accepting_kinds(pg::connection& db, const kind_choice& of,
                                                  std::vector<quarantine_kind>& done) {
  const auto gone =
      db.exec("stop accepting kinds",
              "DELETE FROM ordersync.accepted_kinds WHERE " + is_chosen("path", "reason") + " RETURNING path, reason",
              params_of(of));
  if (gone.size() > 0) done.clear();
  for (int row = 0; row < gone.size(); ++row)
    done.push_back({.path = std::string{gone.text(row, 0)}, .reason = std::string{gone.text(row, 1)}});
  if (done.empty()) refuse_to_stop(db, of);
  auto kinds = done;
  for (const auto& there : read_chosen(db, of)) {
    const auto same = [&](const auto& kind) { return kind.path == there.path && kind.reason == there.reason; };
    const auto at = std::ranges::find_if(kinds, same);
    if (at != kinds.end()) *at = there;
  }
  return kinds;
}

}  // namespace ordersync::store::maintenance
