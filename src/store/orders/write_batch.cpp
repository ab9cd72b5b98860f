#include "store/orders/write_batch.hpp"

#include "store/coverage/proof.hpp"
#include "store/jobs/job_table.hpp"
#include "store/orders/decide.hpp"
#include "store/orders/entered_states.hpp"
#include "store/orders/findings.hpp"
#include "store/orders/staging.hpp"
#include "store/orders/vanishing.hpp"
#include "store/values/literals.hpp"
#include "store/values/sql_values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>
#include <sstream>
#include <unordered_set>

namespace ordersync::store::orders {
namespace {

using core::order;

struct decisions {
  orders_to_write write;
  sync::commit_summary counts;
  std::int64_t of_others = 0;  // orders that belong to another account
};

// One that is to be written over what is held.
struct differing_order {
  const order* seen;
  const stored_order* held;
  bool adopted;
};

// The same order twice would be two answers to one question, and PostgreSQL refuses to update a row twice.
void require_distinct(const sync::window_batch& batch) {
  std::unordered_set<std::int64_t> ids;
  std::unordered_set<std::int64_t> lines;
  for (const auto& o : batch.orders) {
    lines.clear();
    const bool new_lines = std::ranges::all_of(o.items, [&](const auto& item) { return lines.insert(item.id).second; });
    if (!ids.insert(o.id).second || !new_lines) {
      throw pg::precondition_failed(
          core::make_error(core::failure::defect, "a window to be stored contains an order or a line twice"));
    }
  }
}

std::optional<sync::commit_summary> committed_before(pg::connection& db, const sync::window_batch& batch,
                                                     std::int64_t sweep_id) {
  const auto r = db.exec(
      "look for the sweep",
      "SELECT created, changed, unchanged, quarantined, outdated FROM ordersync.sweeps "
      "WHERE id = $1 AND account = $2 AND range = $3::tstzrange AND finished_at = $4",
      {std::to_string(sweep_id), batch.account, values::range_literal(batch.window), core::to_text(batch.finished_at)});
  if (r.size() == 0) return std::nullopt;
  return sync::commit_summary{r.integer(0, 0), r.integer(0, 1), r.integer(0, 2), r.integer(0, 3), r.integer(0, 4)};
}

// Of a hundred thousand orders' keys a hash is made, which must fit into this.
void allow_hashes(pg::connection& db) {
  db.exec("allow hashes", "SELECT set_config('work_mem', '64MB', true)");
}

std::int64_t draw_sweep_id(pg::connection& db) {
  return db.exec("draw a sweep id", "SELECT nextval('ordersync.sweeps_id_seq')").integer(0, 0);
}

stored_orders read_stored(pg::connection& db, const std::vector<order>& orders) {
  std::vector<std::int64_t> ids;
  ids.reserve(orders.size());
  for (const auto& o : orders) ids.push_back(o.id);
  const auto r = db.exec("read stored orders",
                         "SELECT id, _content_hash, _account, " + values::epoch_ms("_observed_at") +
                             ", _vanished_at IS NOT NULL FROM ordersync.orders WHERE id = ANY($1::bigint[])",
                         {values::array_literal(ids)});
  stored_orders held;
  held.reserve(static_cast<std::size_t>(r.size()));
  for (int row = 0; row < r.size(); ++row) {
    held.emplace(r.integer(row, 0), stored_order{values::read_sha256(r, row, 1), std::string{r.text(row, 2)},
                                                 values::read_instant(r, row, 3), r.flag(row, 4)});
  }
  return held;
}

std::set<std::int64_t> numbers_in(const std::string& text) {
  std::istringstream in{text};
  return {std::istream_iterator<std::int64_t>{in}, {}};
}

// Reads around the batch's window that were stored, ended after `since`, and may have seen orders of these owners,
// or have seen one of these ids apart from its window.
// Parts of this very read, which share its window and its start, are none. Reads that were pruned may have seen
// anything.
std::vector<stored_read> read_later_reads(pg::connection& db, const sync::window_batch& batch, core::instant since,
                                          const std::set<std::string>& owners, const std::vector<std::int64_t>& ids) {
  const core::window around{batch.window.begin - std::chrono::minutes{1}, batch.window.end + std::chrono::minutes{1}};
  const auto r =
      db.exec("read later sweeps",
              "SELECT " + values::range_bounds("range") + ", " + values::epoch_ms("finished_at") +
                  ", account, of_others > 0, (SELECT string_agg(o::text, ' ') FROM unnest(order_ids) o "
                  "WHERE o = ANY($7::bigint[])) FROM ordersync.sweeps WHERE account IN (SELECT account FROM "
                  "ordersync.coverage) AND finished_at > $2 AND range && $3::tstzrange "
                  "AND created + changed + unchanged + outdated > 0 AND (account = ANY($6::text[]) OR of_others > 0) "
                  "AND NOT (account = $1 AND range = $4::tstzrange AND started_at = $5) "
                  "AND (order_ids IS NULL OR order_ids && $7::bigint[]) UNION ALL SELECT " +
                  values::range_bounds("$3::tstzrange") + ", " + values::epoch_ms("last_finished_at") +
                  ", account, true, NULL FROM ordersync.reads_by_day WHERE last_finished_at > $2",
              {batch.account, core::to_text(since), values::range_literal(around), values::range_literal(batch.window),
               core::to_text(batch.started_at), values::array_literal(std::vector(owners.begin(), owners.end())),
               values::array_literal(ids)});
  std::vector<stored_read> reads;
  for (int row = 0; row < r.size(); ++row) {
    reads.push_back(
        {std::string{r.text(row, 3)}, values::read_window(r, row, 0), values::read_instant(r, row, 2), r.flag(row, 4)});
    if (!r.is_null(row, 5)) reads.back().apart = numbers_in(std::string{r.text(row, 5)});
  }
  return reads;
}

void set_aside(const order& outdated, decisions& out) {
  ++out.counts.outdated;
  out.counts.outdated_ids.push_back(outdated.id);
}

// Those of them that no later read may have seen.
void decide_differing(pg::connection& db, const sync::window_batch& batch,
                      const std::vector<differing_order>& differing, decisions& out) {
  if (differing.empty()) return;
  auto oldest = differing.front().seen->observed_at;
  std::set<std::string> owners;
  std::vector<std::int64_t> ids;
  for (const auto& one : differing) {
    oldest = std::min(oldest, one.seen->observed_at);
    owners.insert(one.held->account);
    ids.push_back(one.seen->id);
  }
  const auto later = read_later_reads(db, batch, oldest, owners, ids);
  for (const auto& [seen, held, adopted] : differing) {
    if (overtaken(*seen, held->account, later)) {
      set_aside(*seen, out);
      continue;
    }
    out.write.changed.push_back(seen);
    if (!adopted && held->account != batch.account) out.write.owners.emplace(seen->id, held->account);
    ++out.counts.changed;
  }
}

decisions decide(pg::connection& db, const sync::window_batch& batch, const write_context& context) {
  decisions out;
  if (batch.orders.empty()) return out;
  const auto held = read_stored(db, batch.orders);
  std::vector<differing_order> differing;
  for (const auto& o : batch.orders) {
    const auto at = held.find(o.id);
    const auto* row = at == held.end() ? nullptr : &at->second;
    if (row != nullptr && row->account != batch.account) ++out.of_others;
    const auto decision = decide(o, row, batch.account, context.rules.accounts);
    switch (decision) {
      case verdict::create:
        out.write.created.push_back(&o);
        ++out.counts.created;
        break;
      case verdict::change:
      case verdict::adopt:
        differing.push_back({&o, row, decision == verdict::adopt});
        break;
      case verdict::unchanged:
        ++out.counts.unchanged;
        break;
      case verdict::outdated:
        set_aside(o, out);
        break;
    }
  }
  decide_differing(db, batch, differing, out);
  return out;
}

struct conclusion {
  sync::sweep_outcome outcome;
  std::string reason;
  std::optional<core::window> proven;
};

conclusion conclude(const sync::window_batch& batch, const sync::commit_summary& counts) {
  if (counts.outdated == 0) return {batch.outcome, batch.reason, batch.proven};
  const auto outcome = batch.outcome == sync::sweep_outcome::proven ? sync::sweep_outcome::unproven : batch.outcome;
  auto reason = fmt::format("{} orders may be older than what another sweep has stored meanwhile", counts.outdated);
  if (!batch.reason.empty()) reason = batch.reason + "; " + reason;
  return {outcome, std::move(reason), std::nullopt};
}

// See sweeps.order_ids.
pg::param read_apart(const sync::window_batch& batch) {
  if (!batch.apart) return std::nullopt;
  std::vector<std::int64_t> ids;
  for (const auto& o : batch.orders) ids.push_back(o.id);
  return values::array_literal(ids);
}

void write_sweep(pg::connection& db, const sync::window_batch& batch, const write_context& context,
                 const conclusion& concluded, const decisions& decision) {
  const auto& counts = decision.counts;
  const auto number = [](auto n) { return std::to_string(n); };
  db.exec("write sweep",
          "INSERT INTO ordersync.sweeps (id, account, scope, range, proven, kind, outcome, reason, total_reported, "
          "orders_seen, created, changed, unchanged, outdated, quarantined, pages, attempts, started_at, finished_at, "
          "of_others, order_ids) "
          "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)",
          {number(context.sweep_id),
           batch.account,
           context.scope,
           values::range_literal(batch.window),
           concluded.proven ? pg::param{values::range_literal(*concluded.proven)} : std::nullopt,
           name(batch.kind),
           name(concluded.outcome),
           concluded.reason,
           batch.total ? pg::param{number(*batch.total)} : std::nullopt,
           number(batch.seen),
           number(counts.created),
           number(counts.changed),
           number(counts.unchanged),
           number(counts.outdated),
           number(counts.quarantined),
           number(batch.pages - batch.pages_before),
           number(batch.attempts),
           core::to_text(batch.started_at),
           core::to_text(batch.finished_at),
           number(decision.of_others),
           read_apart(batch)});
}

void write_and_queue(pg::connection& db, const sync::window_batch& batch, const orders_to_write& orders,
                     const std::optional<pg::detail_rules>& details) {
  if (!details) return write_orders(db, orders, batch.account);
  const auto was = read_states(db, orders.changed);
  write_orders(db, orders, batch.account);
  queue_details(db, orders, batch.account, was, *details, batch.finished_at);
}

}  // namespace

sync::commit_summary write_batch(pg::connection& db, const sync::window_batch& batch, write_context& context) {
  require_distinct(batch);
  coverage::lock_writers(db);
  allow_hashes(db);
  coverage::require_scope(db, batch.account, context.scope);
  if (context.sweep_id != 0) {
    if (auto before = committed_before(db, batch, context.sweep_id)) {
      if (before->outdated == 0 && batch.proven) before->missing = find_missing(db, batch, *batch.proven);
      return *before;
    }
  }
  context.sweep_id = draw_sweep_id(db);

  auto decision = decide(db, batch, context);
  write_and_queue(db, batch, decision.write, context.rules.details);
  const auto values = quarantine_values(db, decision.write, batch.account);
  decision.counts.drifted = count_drift(db, decision.write);
  const auto orders = quarantine_orders(db, batch);
  decision.counts.quarantined = values.count + orders.count;
  decision.counts.accepted = values.accepted + orders.accepted;

  const auto concluded = conclude(batch, decision.counts);
  write_sweep(db, batch, context, concluded, decision);
  if (batch.job) jobs::add_progress(db, *batch.job, batch, concluded.outcome, decision.counts);
  if (concluded.proven) {
    coverage::extend_proof(db, batch.account, *concluded.proven);
    resolve_proven(db, batch.account, *concluded.proven, batch.finished_at);
    decision.counts.missing = find_missing(db, batch, *concluded.proven);
  }
  return decision.counts;
}

}  // namespace ordersync::store::orders
