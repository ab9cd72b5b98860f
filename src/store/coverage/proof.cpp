#include "store/coverage/proof.hpp"

#include "store/values/sql_values.hpp"

#include <fmt/format.h>

namespace ordersync::store::coverage {
namespace {

// Any number that no other program uses for advisory locks of this database: "ordersyn" in ASCII.
constexpr const char* take_writers_lock = "SELECT pg_advisory_xact_lock(8030591472429660526)";

std::string scope_of(pg::connection& db, const std::string& account) {
  const auto r = db.exec("read scope", "SELECT scope FROM ordersync.coverage WHERE account = $1", {account});
  return r.size() == 0 ? std::string{} : std::string{r.text(0, 0)};
}

void set_aside(pg::connection& db, const std::string& account) {
  db.exec(
      "set scope aside",
      "INSERT INTO ordersync.coverage_former (account, scope, asked, proven) "
      "SELECT account, scope, asked, proven FROM ordersync.coverage WHERE account = $1 "
      "ON CONFLICT (account, scope) DO UPDATE SET asked = excluded.asked, proven = excluded.proven, left_at = now()",
      {account});
  db.exec("set scope aside", "DELETE FROM ordersync.coverage WHERE account = $1", {account});
  // Found at another address, perhaps: they are looked for anew.
  db.exec("set scope aside", "DELETE FROM ordersync.api_limits WHERE account = $1", {account});
}

std::vector<core::window> parts(pg::connection& db, const char* sql_operator, const std::string& account,
                                const core::window& range) {
  if (range.empty()) return {};
  return values::read_windows(db.exec(
      "read proof",
      fmt::format(
          "SELECT {} FROM unnest(tstzmultirange($2::tstzrange) {} coalesce("
          "(SELECT proven FROM ordersync.coverage WHERE account = $1), '{{}}'::tstzmultirange)) AS part ORDER BY part",
          values::range_bounds("part"), sql_operator),
      {account, values::range_literal(range)}));
}

}  // namespace

void lock_writers(pg::connection& db) {
  db.exec("wait for other writers", take_writers_lock);
}

std::string open_scope(pg::connection& db, const account_scope& account) {
  auto before = scope_of(db, account.account);
  if (before == account.scope) {
    db.exec("open account", "UPDATE ordersync.coverage SET asked = $2 WHERE account = $1 AND asked <> $2",
            {account.account, account.asked});
    return {};
  }
  if (!before.empty()) set_aside(db, account.account);
  db.exec("open account",
          "INSERT INTO ordersync.coverage (account, scope, asked, proven) VALUES ($1, $2, $3, coalesce((SELECT proven "
          "FROM ordersync.coverage_former WHERE account = $1 AND scope = $2), '{}'::tstzmultirange))",
          {account.account, account.scope, account.asked});
  db.exec("open account", "DELETE FROM ordersync.coverage_former WHERE account = $1 AND scope = $2",
          {account.account, account.scope});
  return before;
}

void require_scope(pg::connection& db, const std::string& account, const std::string& scope) {
  if (scope_of(db, account) == scope) return;
  throw pg::precondition_failed(core::make_error(
      core::failure::database, fmt::format("account {} is being mirrored with other settings (base URL, path, user "
                                           "ids) by another process on this database; stop one of them",
                                           account)));
}

void extend_proof(pg::connection& db, const std::string& account, const core::window& proven) {
  if (proven.empty()) return;
  db.exec("extend proof",
          "WITH extended AS (UPDATE ordersync.coverage SET proven = proven + tstzmultirange($2::tstzrange), "
          "updated_at = now() WHERE account = $1 AND NOT proven @> $2::tstzrange RETURNING account, proven) "
          "UPDATE ordersync.contradictions AS c SET resolved_at = now() FROM extended AS e "
          "WHERE c.account = e.account AND c.resolved_at IS NULL AND c.retracted <@ e.proven",
          {account, values::range_literal(proven)});
}

std::vector<core::window> unproven_parts(pg::connection& db, const std::string& account, const core::window& range) {
  return parts(db, "-", account, range);
}

std::vector<core::window> proven_parts(pg::connection& db, const std::string& account, const core::window& range) {
  return parts(db, "*", account, range);
}

}  // namespace ordersync::store::coverage
