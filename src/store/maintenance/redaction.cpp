#include "store/maintenance/redaction.hpp"

#include "store/coverage/proof.hpp"
#include "store/maintenance/erasure_marks.hpp"
#include "store/values/literals.hpp"
#include "store/values/sql_values.hpp"

#include <algorithm>
#include <set>
#include <unordered_map>

namespace ordersync::store::maintenance {
namespace {

class redaction {
 public:
  explicit redaction(pg::connection& db) : db_(db) {
    const auto r = db.exec("read the erasure key", "SELECT key FROM ordersync.erasure_key");
    key_ = values::read_sha256(r, 0, 0);
    const auto hashes = db.exec("read erased mobiles", "SELECT mobile_hash FROM ordersync.erased_mobiles");
    for (int row = 0; row < hashes.size(); ++row) mobiles_.insert(values::read_sha256(hashes, row, 0));
  }

  void redact(std::vector<core::order>& orders) {
    std::vector<std::int64_t> ids;
    ids.reserve(orders.size());
    for (const auto& order : orders) ids.push_back(order.id);
    const auto tombs = tombstones(ids);
    for (auto& order : orders) {
      const auto at = tombs.find(order.id);
      const bool everything = (at != tombs.end() && at->second) || (!mobiles_.empty() && erased(numbers_of(order)));
      if (everything) strip(order);
      if (everything || at != tombs.end()) order.payload.clear();
    }
  }

  void redact(std::int64_t order_id, core::order_detail& detail, std::vector<core::refund_info>& refunds) {
    const auto tombs = tombstones({order_id});
    const bool everything = (!tombs.empty() && tombs.begin()->second) ||
                            (!mobiles_.empty() && (erased(numbers_of(detail)) || any_erased(refunds)));
    if (everything) strip(detail, refunds);
    if (!everything && tombs.empty()) return;
    detail.payload.clear();
    for (auto& refund : refunds) refund.payload.clear();
  }

  void redact(std::vector<core::unusable_order>& orders) {
    if (orders.empty()) return;
    const auto known = known_stand_ins(orders);
    for (auto& order : orders) {
      if (is_stand_in(order.raw)) continue;
      auto mark = stand_in(key_, order.raw);
      if (known.contains(mark) || erased(numbers_in(order.raw))) order.raw = std::move(mark);
    }
  }

 private:
  // Whether personal data is redacted, by order.
  std::unordered_map<std::int64_t, bool> tombstones(const std::vector<std::int64_t>& ids) {
    std::unordered_map<std::int64_t, bool> found;
    if (ids.empty()) return found;
    const auto r = db_.exec("read erased orders",
                            "SELECT order_id, personal_data FROM ordersync.erased_orders "
                            "WHERE order_id = ANY($1::bigint[])",
                            {values::array_literal(ids)});
    for (int row = 0; row < r.size(); ++row) found.emplace(r.integer(row, 0), r.flag(row, 1));
    return found;
  }

  // Those of the orders' stand-ins that are in quarantine already: they were erased there.
  std::set<std::string> known_stand_ins(const std::vector<core::unusable_order>& orders) {
    std::vector<std::string> marks;
    marks.reserve(orders.size());
    for (const auto& order : orders) marks.push_back(stand_in(key_, order.raw));
    const auto r = db_.exec("look for erased texts",
                            "SELECT DISTINCT raw FROM ordersync.quarantine "
                            "WHERE order_id IS NULL AND raw = ANY($1::text[])",
                            {values::array_literal(marks)});
    std::set<std::string> known;
    for (int row = 0; row < r.size(); ++row) known.emplace(r.text(row, 0));
    return known;
  }

  bool erased(const std::set<std::string>& numbers) const {
    return !mobiles_.empty() && std::ranges::any_of(numbers, [this](const auto& number) {
      return mobiles_.contains(keyed_hash(key_, number));
    });
  }

  bool any_erased(const std::vector<core::refund_info>& refunds) const {
    return std::ranges::any_of(refunds, [this](const auto& refund) { return erased(numbers_of(refund)); });
  }

  void strip(std::vector<core::quarantine_note>& notes) const {
    for (auto& note : notes) {
      if (!is_stand_in(note.raw)) note.raw = stand_in(key_, note.raw);
    }
  }
  void strip(core::order& order) const {
    order.receiver.reset();
    order.warehouse_address.reset();
    strip(order.notes);
  }
  void strip(core::order_detail& detail, std::vector<core::refund_info>& refunds) const {
    detail.contacts.clear();
    detail.addresses.clear();
    detail.senders.clear();
    for (auto* text : {&detail.buyer_feedback, &detail.buyer_memo, &detail.remark, &detail.close_remark}) text->reset();
    strip(detail.notes);
    for (auto& refund : refunds) strip(refund.notes);
  }

  pg::connection& db_;
  core::sha256 key_{};
  std::set<core::sha256> mobiles_;
};

}  // namespace

void redact_erased(pg::connection& db, sync::window_batch& batch) {
  if (batch.orders.empty() && batch.unusable.empty()) return;
  coverage::lock_writers(db);
  redaction of(db);
  of.redact(batch.orders);
  of.redact(batch.unusable);
}

void redact_erased(pg::connection& db, std::vector<core::order>& orders) {
  coverage::lock_writers(db);
  redaction(db).redact(orders);
}

void redact_erased(pg::connection& db, std::int64_t order_id, core::order_detail& detail,
                   std::vector<core::refund_info>& refunds) {
  coverage::lock_writers(db);
  redaction(db).redact(order_id, detail, refunds);
}

}  // namespace ordersync::store::maintenance
