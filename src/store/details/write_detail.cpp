#include "store/details/write_detail.hpp"

#include "store/coverage/proof.hpp"
#include "store/details/detail_queue.hpp"
#include "store/details/detail_statements.hpp"
#include "store/maintenance/redaction.hpp"
#include "store/orders/change_numbers.hpp"
#include "store/orders/findings.hpp"
#include "store/values/literals.hpp"
#include "store/values/sql_values.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <map>

namespace ordersync::store::details {
namespace {

namespace json = boost::json;

// What is looked at before the writers' lock is taken.
struct held_detail {
  bool under_way = false;
  std::optional<core::instant> created_at;  // of the order
  core::sha256 content_hash{};
  std::optional<core::instant> observed_at;  // none: there is no detail yet
  int version = 0;
  std::map<std::string, std::string> refunds;  // content hash, as hex, by id
};

std::optional<held_detail> read_held(pg::connection& db, std::int64_t order_id) {
  const auto r = db.exec(
      "read the held detail",
      "SELECT coalesce(o.order_status = 3, false), " + values::epoch_ms("coalesce(o.created_at, o.tb_created_at)") +
          ", d._content_hash, " + values::epoch_ms("d._observed_at") +
          ", coalesce(d._version, 0) FROM ordersync.orders AS o LEFT JOIN ordersync.order_details AS d "
          "ON d.order_id = o.id WHERE o.id = $1",
      {std::to_string(order_id)});
  if (r.size() == 0) return std::nullopt;
  held_detail held{.under_way = r.flag(0, 0), .created_at = values::read_optional_instant(r, 0, 1)};
  held.observed_at = values::read_optional_instant(r, 0, 3);
  if (!held.observed_at) return held;
  held.content_hash = values::read_sha256(r, 0, 2);
  held.version = static_cast<int>(r.integer(0, 4));
  const auto refunds = db.exec("read held refunds",
                               "SELECT refund_id, coalesce(encode(_content_hash, 'hex'), '') FROM "
                               "ordersync.order_refunds WHERE order_id = $1",
                               {std::to_string(order_id)});
  for (int row = 0; row < refunds.size(); ++row)
    held.refunds.emplace(refunds.text(row, 0), std::string{refunds.text(row, 1)});
  return held;
}

// The detail names it, or did once.
bool belongs(const core::order_detail& detail, const held_detail& held, const std::string& refund_id) {
  return held.refunds.contains(refund_id) ||
         std::ranges::find(detail.refunds, refund_id, &core::order_refund::id) != detail.refunds.end();
}

bool is_held(const held_detail& held, const read_detail& read) {
  if (held.content_hash != read.detail.content_hash) return false;
  return std::ranges::all_of(read.refunds, [&](const core::refund_info& info) {
    const auto at = held.refunds.find(info.id);
    return !belongs(read.detail, held, info.id) ||
           (at != held.refunds.end() && at->second == core::to_hex(info.content_hash));
  });
}

// No value: there is something to write.
std::optional<written> decide(const held_detail& held, const detail_write& work) {
  if (!held.observed_at) return std::nullopt;
  if (is_held(held, work.read)) {
    const bool by_us = work.tried && *held.observed_at == work.read.detail.observed_at;
    return by_us ? *work.tried : written::unchanged;
  }
  return work.read.detail.observed_at < *held.observed_at ? std::optional{written::outdated} : std::nullopt;
}

json::object as_object(std::string_view text) {
  return text.empty() ? json::object{} : json::parse(text).as_object();
}

// Both states, as JSON, and what one needs to go on from the held one.
struct states {
  std::string held_text;
  json::object held, held_personal, now, now_personal;
  detail_rows rows;
  int last_version = 0;  // in the history
};

states compare(pg::connection& db, const detail_write& work) {
  static const auto read_state = read_held_state();
  static const auto shape_state = shape_new_state();
  const auto r = db.exec("read the state of a detail", read_state, {std::to_string(work.read.order_id)});
  states both{.held_text = std::string{r.text(0, 0)},
              .held = as_object(r.text(0, 0)),
              .held_personal = as_object(r.text(0, 1)),
              .now = {},
              .now_personal = {},
              .rows = rows_of(work.read, work.parts, json::parse(r.text(0, 2)).as_array(),
                              std::chrono::minutes{r.integer(0, 4)}),
              .last_version = static_cast<int>(r.integer(0, 3))};
  const auto shaped = db.exec("shape the state of a detail", shape_state,
                              {json::serialize(json::object{{"detail", json::array{both.rows.detail}},
                                                            {"payments", both.rows.payments},
                                                            {"shipments", both.rows.shipments},
                                                            {"refunds", both.rows.refunds},
                                                            {"contacts", both.rows.contacts}})});
  both.now = as_object(shaped.text(0, 0));
  both.now_personal = as_object(shaped.text(0, 1));
  return both;
}

void replace(pg::connection& db, const orders::table_shape& table, const std::string& order_id,
             const json::array& rows) {
  db.exec("replace what belongs to a detail", delete_rows(table), {"{" + order_id + "}"});
  if (!rows.empty()) db.exec("replace what belongs to a detail", insert_rows(table), {json::serialize(rows)});
}

bool differ(const json::object& held, const json::object& now, const char* member) {
  const auto* before = held.if_contains(member);
  return before == nullptr || *before != now.at(member);
}

// A redacted payload is empty.
void write_payloads(pg::connection& db, const std::string& order_id, const read_detail& read, const held_detail& held) {
  const auto& detail = read.detail;
  if (!detail.payload.empty())
    db.exec("write a payload",
            "INSERT INTO ordersync.order_detail_payloads (order_id, payload, sha256) VALUES ($1, $2, $3) "
            "ON CONFLICT (order_id) DO UPDATE SET payload = excluded.payload, sha256 = excluded.sha256",
            {order_id, detail.payload, values::bytea_literal(detail.payload_sha256)});
  for (const auto& info : read.refunds) {
    if (info.payload.empty() || !belongs(detail, held, info.id)) continue;
    db.exec("write a payload",
            "INSERT INTO ordersync.order_refund_payloads (order_id, refund_id, payload, sha256) "
            "VALUES ($1, $2, $3, $4) ON CONFLICT (order_id, refund_id) DO UPDATE SET payload = excluded.payload, "
            "sha256 = excluded.sha256",
            {order_id, info.id, info.payload, values::bytea_literal(info.payload_sha256)});
  }
}

void write_rows(pg::connection& db, const detail_write& work, const held_detail& held, const states& both) {
  static const auto write_former = write_former_detail();
  static const auto write_row = write_detail_row();
  const auto id = std::to_string(work.read.order_id);
  const auto at = core::to_text(work.read.detail.observed_at);
  // Numbers go on from the history's, whatever the row says: either may have been restored from a copy.
  const auto former = std::max(held.version, both.last_version + 1);
  pg::param changed;
  if (held.observed_at) {
    changed = json::serialize(differences(both.held, both.now, both.held_personal, both.now_personal));
    db.exec("write the history of a detail", write_former, {id, both.held_text, at, std::to_string(former)});
  }
  db.exec("write a detail", write_row,
          {json::serialize(both.rows.detail), work.account, at,
           std::to_string(held.observed_at ? former + 1 : both.last_version + 1), changed,
           values::bytea_literal(work.read.detail.content_hash)});
  const auto& shapes = shapes_of_details();
  if (differ(both.held, both.now, "payments")) replace(db, shapes.payments, id, both.rows.payments);
  if (differ(both.held, both.now, "shipments")) replace(db, shapes.shipments, id, both.rows.shipments);
  replace(db, shapes.refunds, id, both.rows.refunds);
  if (differ(both.held_personal, both.now_personal, "contacts")) replace(db, shapes.contacts, id, both.rows.contacts);
  write_payloads(db, id, work.read, held);
}

orders::detail_findings findings_of(const read_detail& read) {
  const auto& detail = read.detail;
  orders::detail_findings found{.order_id = read.order_id,
                                .observed_at = detail.observed_at,
                                .notes = detail.notes,
                                .unknown_paths = detail.unknown_paths};
  for (std::size_t at = 0; at < detail.refunds.size(); ++at) {
    const auto info = std::ranges::find(read.refunds, detail.refunds[at].id, &core::refund_info::id);
    if (info == read.refunds.end()) {
      found.complete = false;
      continue;
    }
    for (auto note : info->notes) {
      note.path = "refunds[" + std::to_string(at) + "]." + note.path;
      found.notes.push_back(std::move(note));
    }
    for (const auto& path : info->unknown_paths) found.unknown_paths.push_back("refunds[]." + path);
  }
  return found;
}

written write(pg::connection& db, detail_write& work, const held_detail& held) {
  maintenance::redact_erased(db, work.read.order_id, work.read.detail, work.read.refunds);
  write_rows(db, work, held, compare(db, work));
  orders::number_detail(db, work.read.order_id);
  const auto found = findings_of(work.read);
  orders::quarantine_detail(db, found, work.account);
  orders::count_drift(db, found, work.again ? orders::seen::before : orders::seen::now);
  work.tried = held.observed_at ? written::changed : written::created;
  return *work.tried;
}

// A parcel is under way, and the order is young enough to be looked at again.
bool goes_on(const held_detail& held, const detail_write& work) {
  if (!held.under_way || !work.rules) return false;
  return !held.created_at || *held.created_at >= work.read.detail.observed_at - work.rules->younger_than;
}

}  // namespace

written write_detail(pg::connection& db, detail_write& work) {
  auto held = read_held(db, work.read.order_id);
  if (!held) return written::no_order;
  auto done = decide(*held, work);
  if (!done) {
    coverage::lock_writers(db);
    held = read_held(db, work.read.order_id);
    if (!held) return written::no_order;
    done = decide(*held, work);
    if (!done) done = write(db, work, *held);
  }
  if (*done != written::outdated && !work.again)
    conclude_read(db, {.order_id = work.read.order_id,
                       .account = work.account,
                       .observed_at = work.read.detail.observed_at,
                       .again = goes_on(*held, work),
                       .missing = work.read.missing});
  return *done;
}

}  // namespace ordersync::store::details
