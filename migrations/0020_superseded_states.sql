-- order_history holds superseded states only. The present state of an order is in the tables themselves, and what it
-- changed in orders._changed: the first state of an order costs no second copy.
--
-- Rows of the present states from before this step (valid_to IS NULL) stay until "ordersync migrate" converts them. Views
-- ignore them, but for `changed` of an order whose _changed is not filled in yet. An order that changes meanwhile is right
-- either way: its row becomes the one of the superseded state.

ALTER TABLE ordersync.orders ADD COLUMN _changed jsonb;
COMMENT ON COLUMN ordersync.orders._changed IS 'What differs from the state before, see order_history.changed; NULL in the first state that the mirror saw';
COMMENT ON COLUMN ordersync.orders._changed_at IS 'When the API was asked for what the mirror first saw as it is now: since when the present state holds';
COMMENT ON COLUMN ordersync.orders._version IS 'Number of states of the order that the mirror has seen, this one included; order_history has a row for each earlier one';

COMMENT ON TABLE ordersync.order_history IS 'One row for every state of an order that was superseded, as the mirror saw it; the present states are in orders, order_items and order_cargo. No personal data. See reporting.order_versions for all states';
COMMENT ON COLUMN ordersync.order_history.valid_to IS 'valid_from of the next state. Equal to valid_from when two states were observed at one moment: the later holds. NULL: a present state, written by an older version; "ordersync migrate" removes it';
COMMENT ON COLUMN ordersync.order_history.version IS 'Number of the state, counted from 1; the present one is orders._version. The first may be higher: states seen before there was a history are not in it';
COMMENT ON COLUMN ordersync.order_history.account IS 'The configured account that the order belonged to when this state ended';

-- What changed last, and what the mirror knew early; and which changes no push message announced.
CREATE INDEX orders_changed_at ON ordersync.orders (_changed_at);
CREATE INDEX orders_changes ON ordersync.orders (_account, _changed_at) WHERE _changed IS NOT NULL AND _vanished_at IS NULL;

CREATE TABLE ordersync.history_conversion (
  only_row    boolean     PRIMARY KEY DEFAULT true CHECK (only_row),
  position    bigint      NOT NULL,
  orders      bigint      NOT NULL,
  began_at    timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz
);
COMMENT ON TABLE ordersync.history_conversion IS 'How far "ordersync migrate" has removed the present states, which older versions wrote, from order_history; no row where there were none';
COMMENT ON COLUMN ordersync.history_conversion.only_row IS 'Always true: there is one row at most';
COMMENT ON COLUMN ordersync.history_conversion.position IS 'Orders up to this id are done';
COMMENT ON COLUMN ordersync.history_conversion.orders IS 'How many orders were converted so far';
COMMENT ON COLUMN ordersync.history_conversion.began_at IS 'When the schema was upgraded';
COMMENT ON COLUMN ordersync.history_conversion.finished_at IS 'When all were done; NULL before';
INSERT INTO ordersync.history_conversion (position, orders)
SELECT -9223372036854775808, 0 WHERE (SELECT count(*) FROM (SELECT FROM ordersync.order_history LIMIT 1) AS one) > 0;

-- An older version that still leads would go on writing present states: it cannot write under a newer epoch, and finds
-- that it is too old when it wants to lead again.
UPDATE ordersync.leader SET epoch = epoch + 1;

-- A state in order_history has its whole order as JSON; the present one has its columns. The lines of the present one are
-- put together only where somebody asks for them.
CREATE OR REPLACE VIEW reporting.order_versions AS
SELECT h.order_id AS id, h.version, h.valid_from, h.valid_to, h.vanished, h.account,
       h.state #>> '{order,order_no}' AS order_no,
       h.state #>> '{order,tb_order_id}' AS tb_order_id,
       (h.state #>> '{order,created_at}')::timestamptz AS created_at,
       (h.state #>> '{order,tb_created_at}')::timestamptz AS tb_created_at,
       (h.state #>> '{order,order_status}')::integer AS order_status,
       (h.state #>> '{order,pay_status}')::integer AS pay_status,
       (h.state #>> '{order,refund_status}')::integer AS refund_status,
       h.state #>> '{order,seller_login_id}' AS seller_login_id,
       h.state #>> '{order,user_id}' AS user_id,
       h.state #>> '{order,close_reason}' AS close_reason,
       reporting.yuan((h.state #>> '{order,product_amount_fen}')::numeric)::numeric(14,2) AS product_amount,
       reporting.yuan((h.state #>> '{order,shipping_fee_fen}')::numeric)::numeric(14,2) AS shipping_fee,
       reporting.yuan((h.state #>> '{order,discount_fen}')::numeric)::numeric(14,2) AS discount,
       reporting.yuan((h.state #>> '{order,total_amount_fen}')::numeric)::numeric(14,2) AS total_amount,
       reporting.yuan((h.state #>> '{order,refund_amount_fen}')::numeric)::numeric(14,2) AS refund_amount,
       h.state -> 'items' AS items,
       h.changed
FROM ordersync.order_history AS h WHERE h.valid_to IS NOT NULL
UNION ALL
SELECT o.id, o._version, o._changed_at, NULL::timestamptz, o._vanished_at IS NOT NULL, o._account,
       o.order_no, o.tb_order_id, o.created_at, o.tb_created_at, o.order_status, o.pay_status, o.refund_status,
       o.seller_login_id, o.user_id, o.close_reason,
       reporting.yuan(o.product_amount_fen)::numeric(14,2), reporting.yuan(o.shipping_fee_fen)::numeric(14,2),
       reporting.yuan(o.discount_fen)::numeric(14,2), reporting.yuan(o.total_amount_fen)::numeric(14,2),
       reporting.yuan(o.refund_amount_fen)::numeric(14,2),
       (SELECT coalesce(jsonb_agg(jsonb_build_object(
          'id', i.id, 'sub_tb_order_id', i.sub_tb_order_id, 'product_id', i.product_id, 'name', i.name,
          'quantity', i.quantity, 'unit', i.unit, 'sku_id', i.sku_id, 'spec_id', i.spec_id,
          'item_amount_fen', i.item_amount_fen, 'price_fen', i.price_fen, 'refund_fen', i.refund_fen,
          'status', i.status, 'sku_attributes', i.sku_attributes, 'image_urls', i.image_urls,
          'snapshot_url', i.snapshot_url,
          'created_at', to_char(i.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
          'position', i.position) ORDER BY i.position, i.id), '[]')
        FROM ordersync.order_items AS i WHERE i.order_id = o.id),
       CASE WHEN o._version = 1 THEN '{}' ELSE coalesce(o._changed, (
         SELECT old.changed FROM ordersync.order_history AS old WHERE old.order_id = o.id AND old.version = o._version), '{}') END
FROM ordersync.orders AS o;

CREATE OR REPLACE VIEW reporting.order_timeline AS
SELECT v.id AS order_id, v.version, v.valid_from AS at, v.valid_to AS until, v.account,
  CASE WHEN v.changed = '{}' THEN
    concat_ws(', ', 'first seen: ' || coalesce(reporting.order_status_name(v.order_status), 'no status'),
              v.total_amount::text || ' yuan')
  ELSE (SELECT string_agg(reporting.change_text(c.key, c.value), '; ' ORDER BY c.key NOT LIKE '%status', c.key) FROM jsonb_each(v.changed) c)
  END AS what,
  reporting.order_status_name(v.order_status) AS order_status,
  reporting.order_status_1688(v.order_status) AS order_status_1688,
  (v.changed #>> '{order_status,old}')::integer IS DISTINCT FROM (v.changed #>> '{order_status,new}')::integer AS status_changed,
  v.vanished
FROM reporting.order_versions AS v;

-- Below, the present state is the order's own; a row of it in order_history that is not converted yet says the same.
CREATE OR REPLACE VIEW reporting.open_orders AS
SELECT o.id AS order_id, o._account AS account, left(o.order_no, 500) AS order_no, left(o.tb_order_id, 500) AS tb_order_id,
  o.created_at, reporting.api_day(o.created_at) AS created_day, left(o.seller_login_id, 500) AS seller_login_id,
  coalesce(reporting.order_status_name(o.order_status), 'unknown') AS order_status,
  reporting.order_status_1688(o.order_status) AS order_status_1688,
  reporting.pay_status_name(o.pay_status) AS pay_status, reporting.yuan(o.total_amount_fen)::numeric(14,2) AS total_amount,
  round((extract(epoch FROM now() - o.created_at) / 86400), 1) AS age_days,
  coalesce(CASE WHEN o._changed ? 'order_status' THEN o._changed_at END, h.since, o.created_at) AS status_since,
  coalesce(o._changed ? 'order_status', false) OR h.since IS NOT NULL AS status_change_seen,
  round((extract(epoch FROM now() - coalesce(CASE WHEN o._changed ? 'order_status' THEN o._changed_at END, h.since, o.created_at)) / 86400), 1)
    AS days_in_status,
  o._vanished_at IS NOT NULL AS vanished
FROM ordersync.orders o LEFT JOIN LATERAL (
  SELECT s.valid_from AS since FROM ordersync.order_history s
  WHERE s.order_id = o.id AND s.changed ? 'order_status' ORDER BY s.version DESC LIMIT 1) h ON true
WHERE o.order_status IS NULL OR o.order_status NOT IN (5, 6, 7);

CREATE OR REPLACE VIEW reporting.refunds AS
SELECT o.id AS order_id, o._account AS account, left(o.tb_order_id, 500) AS tb_order_id, o.created_at,
  reporting.api_day(o.created_at) AS created_day, left(o.seller_login_id, 500) AS seller_login_id,
  reporting.order_status_name(o.order_status) AS order_status, reporting.order_status_1688(o.order_status) AS order_status_1688,
  reporting.pay_status_name(o.pay_status) AS pay_status, o.refund_status AS refund_status_code,
  reporting.yuan(o.total_amount_fen)::numeric(14,2) AS total_amount, reporting.yuan(o.refund_amount_fen)::numeric(14,2) AS refund_amount,
  CASE WHEN o.total_amount_fen > 0 THEN round(o.refund_amount_fen::numeric / o.total_amount_fen, 4) END AS refund_share,
  i.refund::numeric(14,2) AS items_refund, i.lines AS items_refunded,
  i.refund = reporting.yuan(o.refund_amount_fen) AS amounts_add_up,
  coalesce((SELECT min(s.valid_from) FROM ordersync.order_history s
            WHERE s.order_id = o.id AND (s.changed ? 'refund_amount_fen' OR s.changed @> '{"pay_status": {"new": 4}}')),
           CASE WHEN o._changed ? 'refund_amount_fen' OR o._changed @> '{"pay_status": {"new": 4}}' THEN o._changed_at END) AS first_refund_seen_at,
  o._vanished_at IS NOT NULL AS vanished
FROM ordersync.orders o LEFT JOIN LATERAL (
  SELECT reporting.yuan(sum(l.refund_fen)) AS refund, count(*) FILTER (WHERE l.refund_fen <> 0) AS lines
  FROM ordersync.order_items l WHERE l.order_id = o.id) i ON true
WHERE o.refund_amount_fen <> 0 OR o.pay_status = 4;

CREATE OR REPLACE VIEW reporting.seller_performance AS
SELECT o._account AS account, left(o.seller_login_id, 500) AS seller_login_id,
  date_trunc('month', reporting.api_day(o.created_at)::timestamp)::date AS month,
  count(*) AS orders, sum(reporting.yuan(o.total_amount_fen))::numeric(14,2) AS amount,
  count(m.shipped_at) AS shipped_seen,
  round((extract(epoch FROM avg(m.shipped_at - CASE WHEN m.paid_at < m.shipped_at THEN m.paid_at ELSE o.created_at END)) / 3600), 1) AS hours_to_ship,
  count(m.finished_at) AS finished_seen,
  round((extract(epoch FROM avg(m.finished_at - o.created_at)) / 3600), 1) AS hours_to_finish,
  count(*) FILTER (WHERE o.refund_amount_fen <> 0 OR o.pay_status = 4) AS refunded,
  round(count(*) FILTER (WHERE o.refund_amount_fen <> 0 OR o.pay_status = 4)::numeric / count(*), 4) AS refund_rate,
  sum(reporting.yuan(o.refund_amount_fen))::numeric(14,2) AS refunds,
  count(*) FILTER (WHERE o.order_status IN (6, 7)) AS cancelled,
  round(count(*) FILTER (WHERE o.order_status IN (6, 7))::numeric / count(*), 4) AS cancel_rate,
  count(*) FILTER (WHERE o._vanished_at IS NOT NULL) AS vanished
FROM ordersync.orders o LEFT JOIN LATERAL (
  SELECT coalesce(min(h.valid_from) FILTER (WHERE h.status IN (2, 3, 4, 5)),
                  CASE WHEN (o._changed #>> '{order_status,new}')::integer IN (2, 3, 4, 5) THEN o._changed_at END) AS paid_at,
    coalesce(min(h.valid_from) FILTER (WHERE h.status IN (3, 4, 5)),
             CASE WHEN (o._changed #>> '{order_status,new}')::integer IN (3, 4, 5) THEN o._changed_at END) AS shipped_at,
    coalesce(min(h.valid_from) FILTER (WHERE h.status = 5),
             CASE WHEN (o._changed #>> '{order_status,new}')::integer = 5 THEN o._changed_at END) AS finished_at
  FROM (SELECT s.valid_from, (s.changed #>> '{order_status,new}')::integer AS status
        FROM ordersync.order_history s WHERE s.order_id = o.id AND s.changed ? 'order_status') h) m ON true
GROUP BY 1, 2, 3;
