#include "store/coverage/retraction.hpp"

#include "store/coverage/proof.hpp"
#include "store/values/literals.hpp"
#include "store/values/sql_values.hpp"

#include <fmt/format.h>

#include <optional>

namespace ordersync::store::coverage {
namespace {

constexpr int rows_at_once = 10'000;  // an account has three million sweeps a year; reading those takes 8 s
constexpr int most_kept = 1'000;

// Sweeps s of the account's current scope. What was asked for decides, for that is what the API may have cut.
std::string is_matching(const contradiction& what) {
  std::string condition = "true";
  if (what.proven_since) condition += fmt::format(" AND s.started_at >= '{}'", core::to_text(*what.proven_since));
  if (what.longer_than) {
    condition += fmt::format(" AND upper(s.range) - lower(s.range) > interval '{} seconds'", what.longer_than->count());
  }
  return condition;
}

// A read ends after it began, so this finds its rows by the index.
std::string may_matter(const contradiction& what) {
  if (!what.proven_since) return "true";
  return fmt::format("s.finished_at >= '{0}' AND s.started_at >= '{0}'", core::to_text(*what.proven_since));
}

sync::interval_set retracted_proof(pg::connection& db, const std::string& account, const contradiction& what) {
  if (!what.proven_since && !what.longer_than) return sync::interval_set{{what.range}};
  db.exec("read proofs",
          fmt::format("DECLARE proofs NO SCROLL CURSOR FOR SELECT {}, matching FROM ("
                      "SELECT s.proven, s.started_at, {} AS matching FROM ordersync.sweeps s "
                      "JOIN ordersync.coverage c ON c.account = s.account AND c.scope = s.scope "
                      "WHERE s.account = $1 AND s.proven IS NOT NULL AND s.proven && $2::tstzrange AND {}) judged "
                      "ORDER BY started_at, matching",
                      values::range_bounds("proven"), is_matching(what), may_matter(what)),
          {account, values::range_literal(what.range)});
  sync::interval_set retracted;
  for (bool more = true; more;) {
    const auto r = db.exec("read proofs", fmt::format("FETCH {} FROM proofs", rows_at_once));
    for (int row = 0; row < r.size(); ++row) apply_proof(retracted, {values::read_window(r, row, 0), r.flag(row, 2)});
    more = r.size() == rows_at_once;
  }
  db.exec("read proofs", "CLOSE proofs");
  return retracted;
}

std::string multirange_literal(const std::vector<core::window>& windows) {
  std::string out = "{";
  for (const auto& w : windows) out += (out.size() == 1 ? "" : ",") + values::range_literal(w);
  return out + "}";
}

std::vector<core::window> retracted_by(pg::connection& db, std::int64_t id) {
  return values::read_windows(
      db.exec("look for the retraction",
              fmt::format("SELECT {} FROM ordersync.contradictions, unnest(retracted) AS part WHERE id = $1 "
                          "ORDER BY part",
                          values::range_bounds("part")),
              {std::to_string(id)}));
}

std::int64_t draw_id(pg::connection& db) {
  return db
      .exec("draw a contradiction's id", "SELECT nextval(pg_get_serial_sequence('ordersync.contradictions', 'id'))")
      .integer(0, 0);
}

// Removes the retracted ranges from the coverage.
std::vector<core::window> take_back(pg::connection& db, const std::string& account, const std::string& retracted) {
  auto parts = values::read_windows(
      db.exec("read proof",
              fmt::format("SELECT {} FROM ordersync.coverage, unnest(proven * $2::tstzmultirange) AS part "
                          "WHERE account = $1 ORDER BY part",
                          values::range_bounds("part")),
              {account, retracted}));
  if (!parts.empty()) {
    db.exec("retract proof",
            "UPDATE ordersync.coverage SET proven = proven - $2::tstzmultirange, updated_at = now() WHERE account = $1",
            {account, retracted});
  }
  return parts;
}

// Coverage names the reason of the last read that failed: no sweep of the account may have ended later.
void write_reasons(pg::connection& db, const std::string& account, const std::string& retracted,
                   const std::string& reason) {
  db.exec("write reasons",
          "INSERT INTO ordersync.sweeps (account, scope, range, kind, outcome, reason, orders_seen, created, changed, "
          "unchanged, outdated, quarantined, pages, attempts, started_at, finished_at) "
          "SELECT c.account, c.scope, part, 'verify', 'unproven', $3, 0, 0, 0, 0, 0, 0, 0, 0, at.moment, at.moment "
          "FROM ordersync.coverage c, unnest($2::tstzmultirange) AS part, "
          "LATERAL (SELECT greatest(clock_timestamp(), max(s.finished_at)) AS moment FROM ordersync.sweeps s "
          "WHERE s.account = $1) AS at WHERE c.account = $1",
          {account, retracted, reason});
}

void write_contradiction(pg::connection& db, const std::string& account, const contradiction& what,
                         const std::string& retracted, std::int64_t id) {
  const auto number = [](std::int64_t n) { return std::to_string(n); };
  db.exec(
      "write a contradiction",
      "INSERT INTO ordersync.contradictions (id, account, found_at, way, range, expected, found, reason, retracted) "
      "VALUES ($1, $2, now(), $3, $4, $5, $6, $7, $8)",
      {number(id), account, what.way, values::range_literal(what.range), number(what.expected), number(what.found),
       what.reason, retracted});
  db.exec("delete old contradictions",
          fmt::format("DELETE FROM ordersync.contradictions WHERE account = $1 AND id <= (SELECT id FROM "
                      "ordersync.contradictions WHERE account = $1 ORDER BY id DESC OFFSET {} LIMIT 1)",
                      most_kept),
          {account});
}

}  // namespace

void apply_proof(sync::interval_set& retracted, const stored_proof& proof) {
  if (proof.matching) {
    retracted.add(proof.proven);
  } else {
    retracted.remove(proof.proven);
  }
}

std::vector<core::window> retract(pg::connection& db, const std::string& account, const contradiction& what,
                                  std::int64_t& id) {
  if (id != 0) {
    if (auto before = retracted_by(db, id); !before.empty()) return before;
  }
  const auto contradicted = retracted_proof(db, account, what).within(what.range);
  auto parts = take_back(db, account, multirange_literal(contradicted));
  if (parts.empty()) return parts;
  id = draw_id(db);
  const auto retracted = multirange_literal(parts);
  write_reasons(db, account, retracted, what.reason);
  write_contradiction(db, account, what, retracted, id);
  return parts;
}

}  // namespace ordersync::store::coverage
