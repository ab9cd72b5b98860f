#include "e2e/detail_truth.hpp"

#include "e2e/truth.hpp"

#include <sstream>

namespace ordersync::e2e {

namespace {

// The mirror's columns under the names of the truth, times as ISO 8601 with milliseconds.
constexpr const char* mirrored = R"sql(
create function pg_temp.iso(t timestamptz) returns text language sql as
$$ select to_char(t at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') $$;
create temporary view mirrored as
select d.order_id as id, d.paid_at, jsonb_build_object(
  'detail', jsonb_build_object(
    'status', d.status, 'created_at', pg_temp.iso(d.created_at), 'modified_at', pg_temp.iso(d.modified_at),
    'paid_at', pg_temp.iso(d.paid_at), 'all_shipped_at', pg_temp.iso(d.all_shipped_at),
    'received_at', pg_temp.iso(d.received_at), 'confirmed_at', pg_temp.iso(d.confirmed_at),
    'completed_at', pg_temp.iso(d.completed_at), 'pay_deadline', pg_temp.iso(d.pay_deadline),
    'alipay_trade_id', d.alipay_trade_id, 'refund_id', d.refund_id, 'refund_status', d.refund_status,
    'refund_status_after_sale', d.after_sale_status, 'total_amount_fen', d.total_amount_fen,
    'shipping_fee_fen', d.shipping_fee_fen, 'refund_fen', d.refund_amount_fen,
    'product_payment_fen', d.product_amount_fen, 'discount_fen', d.discount_fen, 'buyer_feedback', d.buyer_feedback,
    'buyer_memo', d.buyer_memo, 'remark', d.remark, 'close_reason', d.close_reason, 'close_remark', d.close_remark,
    'closed_by', d.closed_by, 'trade_type', d.trade_type, 'pay_channels', d.pay_channels,
    'quarantined', coalesce((select jsonb_agg(substr(q.path, 8) order by substr(q.path, 8)) from ordersync.quarantine q
                             where q.order_id = d.order_id and q.resolved_at is null and q.path like 'detail.%'), '[]')),
  'payments', coalesce((select jsonb_agg(jsonb_build_object('position', p.position, 'phase', p.phase::bigint,
      'status', p.pay_status, 'paid_at', pg_temp.iso(p.paid_at), 'way', p.pay_way, 'way_name', p.pay_way_name,
      'amount_fen', p.amount_fen) order by p.position) from ordersync.order_payments p where p.order_id = d.order_id), '[]'),
  'shipments', coalesce((select jsonb_agg(jsonb_build_object('position', s.position, 'id', s.id::bigint,
      'logistics_code', s.code, 'waybill', s.waybill_number, 'company', s.company_name, 'company_no', s.company_code,
      'status', s.status, 'type', s.type, 'shipped_at', pg_temp.iso(s.shipped_at), 'created_at', pg_temp.iso(s.created_at),
      'modified_at', pg_temp.iso(s.modified_at), 'line_ids', to_jsonb(s.item_ids)) order by s.position)
      from ordersync.order_shipments s where s.order_id = d.order_id), '[]'),
  'refunds', coalesce((select jsonb_agg(jsonb_build_object('refund_id', r.refund_id, 'state', r.raw ->> 'status',
      'amount_fen', r.amount_fen, 'alipay_payment_id', r.alipay_payment_id, 'created_at', pg_temp.iso(r.created_at),
      'completed_at', pg_temp.iso(r.completed_at)) order by r.refund_id)
      from ordersync.order_refunds r where r.order_id = d.order_id), '[]')) as doc
from ordersync.order_details d;
)sql";

// Times of refunds come as 20240507095206123+0800.
constexpr const char* told = R"sql(
create temporary table line (doc jsonb);
\copy line from '@truth' with (format csv, quote e'\x01', delimiter e'\x02')
create function pg_temp.refund_time(t text) returns text language sql as
$$ select pg_temp.iso(to_timestamp(left(t, 17), 'YYYYMMDDHH24MISSMS')::timestamp at time zone '+08:00'::interval) $$;
set timezone to 'UTC';
create temporary table truth as
select (doc ->> 'id')::bigint as id, jsonb_build_object(
  'detail', (doc -> 'detail') - 'pay_timeout_s' || jsonb_build_object('quarantined', coalesce((select jsonb_agg(p order by p)
      from jsonb_array_elements_text(doc #> '{detail,quarantined}') p), '[]')),
  'payments', doc -> 'payments', 'shipments', doc -> 'shipments',
  'refunds', coalesce((select jsonb_agg(jsonb_build_object('refund_id', r ->> 'refund_id', 'state', r ->> 'status',
      'amount_fen', (r ->> 'apply_payment_fen')::bigint, 'alipay_payment_id', r ->> 'alipay_payment_id',
      'created_at', pg_temp.refund_time(r ->> 'created'), 'completed_at', pg_temp.refund_time(r ->> 'completed')))
      from jsonb_array_elements(doc -> 'refunds') r), '[]')) as doc
from line where coalesce(doc ->> 'vanished', '') = '';
)sql";

constexpr const char* compare = R"sql(
select 'order ' || o.id || e'\n  mirror: ' ||
       coalesce((select jsonb_object_agg(key, value)::text from jsonb_each(m.doc) where t.doc -> key is distinct from value), 'absent') ||
       e'\n  truth:  ' ||
       coalesce((select jsonb_object_agg(key, value)::text from jsonb_each(t.doc) where m.doc is null or m.doc -> key is distinct from value), 'absent')
from ordersync.orders o left join mirrored m using (id) left join truth t using (id)
where coalesce(o.tb_order_id, '') ~ '^[0-9]+$' and o._vanished_at is null and m.doc is distinct from t.doc
  and not (m.id is null and exists (select from ordersync.detail_queue q where q.order_id = o.id and q.tries > 0))
order by o.id limit 3;
)sql";

// A state that was entered has its time.
constexpr const char* compare_milestones = R"sql(
select 'order ' || m.id || ' in ' || o.order_status || ', ' || key || ': ' || coalesce(m.doc #>> array['detail', key], 'none') || ', but ' ||
       coalesce(t.doc #>> array['detail', key], 'none')
from mirrored m join truth t using (id) join ordersync.orders o using (id),
     unnest(array['paid_at', 'all_shipped_at', 'received_at', 'completed_at', 'alipay_trade_id']) key
where m.doc #>> array['detail', key] is distinct from t.doc #>> array['detail', key]
order by m.id limit 5;
)sql";

std::string differences(stage& on, const std::string& mirror, const std::string& how) {
  std::string told_of = told;
  const std::string place = "@truth";
  told_of.replace(told_of.find(place), place.size(), on.download("/_truth?details=1").string());
  const auto script = on.directory().write("compare_details.sql", mirror + told_of + how);
  return on.query_file(script);
}

}  // namespace

std::string differences_of_details(stage& on) {
  return differences(on, mirrored, compare);
}

std::string differences_of_distributed_details(stage& on) {
  return differences(on,
                     of_copies({"orders", "order_details", "order_payments", "order_shipments", "order_refunds",
                                "detail_queue", "quarantine"},
                               mirrored),
                     of_copies({}, compare));
}

std::string differences_of_milestones(stage& on) {
  return differences(on, mirrored, compare_milestones);
}

}  // namespace ordersync::e2e
