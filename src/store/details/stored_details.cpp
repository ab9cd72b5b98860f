#include "store/details/stored_details.hpp"

#include "store/values/literals.hpp"
#include "store/values/sql_values.hpp"

#include <unordered_map>

namespace ordersync::store::details {

std::vector<stored_detail> read_stored(pg::connection& db, const std::vector<std::int64_t>& order_ids) {
  const auto ids = values::array_literal(order_ids);
  const auto r = db.exec("read payloads of details",
                         "SELECT d.order_id, d._account, coalesce(o.tb_order_id::text, ''), " +
                             values::epoch_ms("d._observed_at") +
                             ", p.payload, d._content_hash FROM ordersync.order_details d JOIN ordersync.orders o ON "
                             "o.id = d.order_id JOIN ordersync.order_detail_payloads p ON p.order_id = d.order_id "
                             "WHERE d.order_id = ANY($1::bigint[]) ORDER BY d.order_id",
                         {ids});
  std::vector<stored_detail> list;
  std::unordered_map<std::int64_t, std::size_t> at;
  for (int row = 0; row < r.size(); ++row) {
    at.emplace(r.integer(row, 0), list.size());
    list.push_back({.order_id = r.integer(row, 0),
                    .account = std::string{r.text(row, 1)},
                    .tb_order_id = std::string{r.text(row, 2)},
                    .observed_at = values::read_instant(r, row, 3),
                    .detail = {std::string{r.text(row, 4)}, values::read_sha256(r, row, 5)},
                    .refunds = {}});
  }
  if (list.empty()) return list;
  const auto refunds = db.exec("read payloads of refunds",
                               "SELECT p.order_id, p.refund_id, p.payload, r._content_hash FROM "
                               "ordersync.order_refund_payloads p JOIN ordersync.order_refunds r ON r.order_id = "
                               "p.order_id AND r.refund_id = p.refund_id WHERE p.order_id = ANY($1::bigint[]) AND "
                               "r._content_hash IS NOT NULL",
                               {ids});
  for (int row = 0; row < refunds.size(); ++row) {
    const auto of = at.find(refunds.integer(row, 0));
    if (of == at.end()) continue;
    list[of->second].refunds.emplace(
        refunds.text(row, 1),
        stored_detail::payload{std::string{refunds.text(row, 2)}, values::read_sha256(refunds, row, 3)});
  }
  return list;
}

std::int64_t rewrite(pg::connection& db, std::vector<detail_write>& list) {
  std::int64_t changed = 0;
  for (auto& work : list) changed += write_detail(db, work) == written::changed ? 1 : 0;
  return changed;
}

}  // namespace ordersync::store::details
