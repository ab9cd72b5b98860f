#include "store/details/write_detail.hpp"

#include "store/details/detail_queue.hpp"
#include "store/maintenance/redaction.hpp"
#include "store/values/literals.hpp"
#include "store/values/sql_values.hpp"

namespace ordersync::store::details {

written write_detail(pg::connection& db, detail_write& work) {
  const auto id = std::to_string(work.read.order_id);
  const auto& detail = work.read.detail;
  const auto held = db.exec("read the held detail",
                            "SELECT o.order_status = 3, d._content_hash FROM ordersync.orders AS o LEFT JOIN "
                            "ordersync.order_details AS d ON d.order_id = o.id WHERE o.id = $1",
                            {id});
  if (held.size() == 0) return written::no_order;
  const bool created = held.is_null(0, 1);
  const bool same = !created && values::read_sha256(held, 0, 1) == detail.content_hash;
  if (!same) {
    const auto at = core::to_text(detail.observed_at);
    db.exec("write the detail",
            "INSERT INTO ordersync.order_details AS held (order_id, _account, _first_seen_at, _changed_at, "
            "_observed_at, _version, _content_hash) VALUES ($1, $2, $3, $3, $3, 1, $4) ON CONFLICT (order_id) "
            "DO UPDATE SET _observed_at = excluded._observed_at, _content_hash = excluded._content_hash",
            {id, work.account, at, values::bytea_literal(detail.content_hash)});
  }
  conclude_read(db, work.read.order_id, work.account, detail.observed_at, held.flag(0, 0));
  return same ? written::unchanged : created ? written::created : written::changed;
}

}  // namespace ordersync::store::details
