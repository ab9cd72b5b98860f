-- Every state of an order that the mirror saw, and what it knew when.

ALTER TABLE ordersync.orders ADD COLUMN _vanished_at timestamptz;
COMMENT ON COLUMN ordersync.orders._vanished_at IS 'When the API was asked for the order by its number and did not know it any more; NULL while it shows it';
COMMENT ON COLUMN ordersync.orders._version IS 'Number of states of the order that the mirror has seen, this one included; order_history has a row for each';
COMMENT ON COLUMN ordersync.orders._account IS 'The configured account that the order belongs to: the one that saw it first, or took it over from one that is not configured any more';

CREATE TABLE ordersync.order_history (
  order_id   bigint      NOT NULL REFERENCES ordersync.orders (id) ON DELETE CASCADE,
  version    integer     NOT NULL,
  valid_from timestamptz NOT NULL,
  valid_to   timestamptz,
  account    text        NOT NULL,
  vanished   boolean     NOT NULL DEFAULT false,
  changed    jsonb       NOT NULL,
  state      jsonb       NOT NULL,
  PRIMARY KEY (order_id, version)
);
COMMENT ON TABLE ordersync.order_history IS 'One row for every state of an order that the mirror saw, written with the state itself and only when something changed. No personal data';
COMMENT ON COLUMN ordersync.order_history.order_id IS 'The order';
COMMENT ON COLUMN ordersync.order_history.version IS 'Number of the state, counted from 1; the present one is orders._version. The first may be higher: states seen before there was a history are not in it';
COMMENT ON COLUMN ordersync.order_history.valid_from IS 'When the API was asked for what this row holds';
COMMENT ON COLUMN ordersync.order_history.valid_to IS 'valid_from of the next state; NULL for the present one. Equal to valid_from when two states were observed at one moment: the later holds';
COMMENT ON COLUMN ordersync.order_history.account IS 'The configured account that the order belonged to when the mirror saw this state';
COMMENT ON COLUMN ordersync.order_history.vanished IS 'The API did not know the order any more; state is then what it showed last';
COMMENT ON COLUMN ordersync.order_history.changed IS 'What differs from the state before: {"order_status": {"old": 1, "new": 2}, "items[123].refund_fen": {"old": 0, "new": 500}, "items[456]": {"old": null, "new": {...}}, "cargo[0].quantity": ...}; personal data that changed, and what the mirror has no column for, is named without its values: {"receiver": "changed"}, "warehouse_address", "payload"; {"vanished": {"old": false, "new": true}}; {} for the first state';
COMMENT ON COLUMN ordersync.order_history.state IS 'The whole order: {"order": {columns of orders}, "items": [{columns of order_items}, ...] by position, "cargo": [{columns of order_cargo}, ...]}; amounts in fen, times as text in UTC';

-- What changed last; and what the mirror knew early, when it knew little.
CREATE INDEX order_history_valid_from ON ordersync.order_history (valid_from);

-- The orders that are stored already: one row each with their present state.
INSERT INTO ordersync.order_history (order_id, version, valid_from, account, changed, state)
SELECT o.id, o._version, o._observed_at, o._account, '{}', jsonb_build_object(
         'order', jsonb_build_object(
           'id', o.id, 'develop_id', o.develop_id, 'flow', o.flow, 'order_no', o.order_no, 'tb_order_id', o.tb_order_id,
           'discount_fen', o.discount_fen, 'product_amount_fen', o.product_amount_fen,
           'shipping_fee_fen', o.shipping_fee_fen, 'total_amount_fen', o.total_amount_fen,
           'refund_amount_fen', o.refund_amount_fen, 'sub_buyer_login_id', o.sub_buyer_login_id,
           'seller_login_id', o.seller_login_id, 'close_reason', o.close_reason, 'trade_type', o.trade_type,
           'is_invoice', o.is_invoice, 'pay_status', o.pay_status, 'order_status', o.order_status,
           'refund_status', o.refund_status, 'platform_order', o.platform_order, 'user_id', o.user_id,
           'created_at', to_char(o.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
           'tb_created_at', to_char(o.tb_created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
           'submission_success', o.submission_success, 'submission_order_id', o.submission_order_id,
           'submission_post_fee_fen', o.submission_post_fee_fen, 'submission_total_fen', o.submission_total_fen),
         'items', coalesce(i.items, '[]'), 'cargo', coalesce(c.cargo, '[]'))
FROM ordersync.orders AS o
LEFT JOIN (
  SELECT order_id, jsonb_agg(jsonb_build_object(
           'id', id, 'sub_tb_order_id', sub_tb_order_id, 'product_id', product_id, 'name', name, 'quantity', quantity,
           'unit', unit, 'sku_id', sku_id, 'spec_id', spec_id, 'item_amount_fen', item_amount_fen,
           'price_fen', price_fen, 'refund_fen', refund_fen, 'status', status, 'sku_attributes', sku_attributes,
           'image_urls', image_urls, 'snapshot_url', snapshot_url,
           'created_at', to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
           'position', position) ORDER BY position, id) AS items
  FROM ordersync.order_items GROUP BY order_id
) AS i ON i.order_id = o.id
LEFT JOIN (
  SELECT order_id, jsonb_agg(jsonb_build_object(
           'position', position, 'offer_id', offer_id, 'spec_id', spec_id, 'quantity', quantity) ORDER BY position)
         AS cargo
  FROM ordersync.order_cargo GROUP BY order_id
) AS c ON c.order_id = o.id;

CREATE SCHEMA IF NOT EXISTS reporting;
COMMENT ON SCHEMA reporting IS 'The mirrored orders for people and tools: amounts in yuan, no personal data';

CREATE VIEW reporting.order_versions AS
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
       ((h.state #>> '{order,product_amount_fen}')::numeric / 100)::numeric(14,2) AS product_amount,
       ((h.state #>> '{order,shipping_fee_fen}')::numeric / 100)::numeric(14,2) AS shipping_fee,
       ((h.state #>> '{order,discount_fen}')::numeric / 100)::numeric(14,2) AS discount,
       ((h.state #>> '{order,total_amount_fen}')::numeric / 100)::numeric(14,2) AS total_amount,
       ((h.state #>> '{order,refund_amount_fen}')::numeric / 100)::numeric(14,2) AS refund_amount,
       h.state -> 'items' AS items,
       h.changed
FROM ordersync.order_history AS h;
COMMENT ON VIEW reporting.order_versions IS 'Grain: one row an order and state that the mirror saw of it. See orders_at for all orders at one moment';
COMMENT ON COLUMN reporting.order_versions.id IS 'The API''s id of the order';
COMMENT ON COLUMN reporting.order_versions.version IS 'Number of the state';
COMMENT ON COLUMN reporting.order_versions.valid_from IS 'Since when the mirror knew the order so';
COMMENT ON COLUMN reporting.order_versions.valid_to IS 'Until when, exclusive; NULL: it still does';
COMMENT ON COLUMN reporting.order_versions.vanished IS 'The API did not show the order any more; the rest of the row is what it showed last';
COMMENT ON COLUMN reporting.order_versions.account IS 'The configured account that the order belonged to';
COMMENT ON COLUMN reporting.order_versions.order_no IS 'PandaPon''s own number of the order';
COMMENT ON COLUMN reporting.order_versions.tb_order_id IS 'The order''s number at 1688';
COMMENT ON COLUMN reporting.order_versions.created_at IS 'When the order was created at PandaPon';
COMMENT ON COLUMN reporting.order_versions.tb_created_at IS 'When the order was created at 1688';
COMMENT ON COLUMN reporting.order_versions.order_status IS '1 waitbuyerpay, 2 waitsellersend, 3 waitbuyerreceive, 4 confirm_goods, 5 success, 6 cancel, 7 terminated, 8 other';
COMMENT ON COLUMN reporting.order_versions.pay_status IS 'Probably 1 unpaid, 2 paid, 4 refunded, 6 completed, 8 cancelled before payment, 9 in progress';
COMMENT ON COLUMN reporting.order_versions.refund_status IS 'As it came; its values are not documented';
COMMENT ON COLUMN reporting.order_versions.seller_login_id IS 'Login of the seller';
COMMENT ON COLUMN reporting.order_versions.user_id IS 'Who placed the order';
COMMENT ON COLUMN reporting.order_versions.close_reason IS 'Why the order was closed';
COMMENT ON COLUMN reporting.order_versions.product_amount IS 'In yuan';
COMMENT ON COLUMN reporting.order_versions.shipping_fee IS 'In yuan';
COMMENT ON COLUMN reporting.order_versions.discount IS 'In yuan; can be negative';
COMMENT ON COLUMN reporting.order_versions.total_amount IS 'In yuan; the source''s sums do not always add up and are shown as they are';
COMMENT ON COLUMN reporting.order_versions.refund_amount IS 'In yuan';
COMMENT ON COLUMN reporting.order_versions.items IS 'The lines of the order, by position, with the columns of order_items; amounts in fen';
COMMENT ON COLUMN reporting.order_versions.changed IS 'What differs from the state before, with old and new; amounts in fen; see ordersync.order_history.changed';

-- A plain SQL function, so that the planner sees through it: `WHERE id = 17` uses the key.
CREATE FUNCTION reporting.orders_at(at timestamptz) RETURNS SETOF reporting.order_versions
LANGUAGE sql STABLE PARALLEL SAFE ROWS 100000
AS $$
  SELECT v.* FROM reporting.order_versions AS v
  WHERE v.valid_from <= $1 AND (v.valid_to > $1 OR v.valid_to IS NULL)
$$;
COMMENT ON FUNCTION reporting.orders_at(timestamptz) IS 'All orders as the mirror knew them at that moment, one row an order: SELECT * FROM reporting.orders_at(''2024-05-07 09:52:00+08'')';
