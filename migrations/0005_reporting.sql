-- What people and reporting tools query: views in yuan, with names for statuses and without personal data; the indexes
-- that their questions need; and the rights of those who may ask.
--
-- Views name every column, so that a later step can alter the tables beneath them in place. A later step that adds to a
-- view does so at its end (CREATE OR REPLACE VIEW), which keeps its rights.
--
-- A filter finds an index only where the view's column is, to the letter, what the index holds: created_day, the names of
-- the statuses and the texts that are cut are such columns. Texts are the API's and may be of any length, while a B-tree
-- takes no more than 2.7 kB: so an index holds the first 500 characters, and nothing that comes refuses an order.

-- ---------------------------------------------------------------------------------------------------------------------
-- What views need to know of the configuration

CREATE TABLE ordersync.mirror_settings (
  only_row   boolean     PRIMARY KEY DEFAULT true CHECK (only_row),
  sync_start timestamptz NOT NULL,
  grace      interval    NOT NULL,
  told_at    timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE ordersync.mirror_settings IS 'What the views must know of the configuration; written by "ordersync migrate" and by the daemon that leads';
COMMENT ON COLUMN ordersync.mirror_settings.only_row IS 'Always true: there is one row at most';
COMMENT ON COLUMN ordersync.mirror_settings.sync_start IS 'sync.start: from here on everything is to be mirrored';
COMMENT ON COLUMN ordersync.mirror_settings.grace IS 'sync.live.settle and overlap together: the last moments, which are not counted as missing yet';
COMMENT ON COLUMN ordersync.mirror_settings.told_at IS 'When the configuration last said something else than before';

-- A function and no row of a table, because an index is built on it. Whoever replaces it drops that index before and makes
-- it again, in the same transaction: REINDEX would go on with the old function, which sessions remember with the index.
-- ordersync does so when api.time_zone has changed. The same holds for the names of statuses and their index.
CREATE FUNCTION reporting.api_zone() RETURNS interval LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT interval '28800 seconds' $$;
COMMENT ON FUNCTION reporting.api_zone() IS 'How far the API''s clock is east of Greenwich: the setting api.time_zone';

CREATE FUNCTION reporting.api_day(at timestamptz) RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT (at AT TIME ZONE reporting.api_zone())::date $$;
COMMENT ON FUNCTION reporting.api_day(timestamptz) IS 'The calendar day of a moment in the API''s zone';

-- ---------------------------------------------------------------------------------------------------------------------
-- Units and names

-- numeric(14,2) holds less than 10^12 yuan. Anything beyond is no price but a defect of the source; it stays in the table
-- and must not fail every query of the view.
CREATE FUNCTION reporting.yuan(fen numeric) RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT CASE WHEN fen BETWEEN -99999999999999 AND 99999999999999 THEN round(fen / 100, 2) END $$;
COMMENT ON FUNCTION reporting.yuan(numeric) IS 'Fen in yuan; NULL when it is more than numeric(14,2) holds';

CREATE FUNCTION reporting.order_status_name(status integer) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT CASE status WHEN 1 THEN 'awaiting payment' WHEN 2 THEN 'awaiting shipment' WHEN 3 THEN 'awaiting receipt'
     WHEN 4 THEN 'goods confirmed' WHEN 5 THEN 'completed' WHEN 6 THEN 'cancelled' WHEN 7 THEN 'terminated' WHEN 8 THEN 'other'
     ELSE 'unknown (' || status::text || ')' END $$;
COMMENT ON FUNCTION reporting.order_status_name(integer) IS 'English name of an orderStatus, of an order or a line';

CREATE FUNCTION reporting.order_status_1688(status integer) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT CASE status WHEN 1 THEN 'waitbuyerpay' WHEN 2 THEN 'waitsellersend' WHEN 3 THEN 'waitbuyerreceive'
     WHEN 4 THEN 'confirm_goods' WHEN 5 THEN 'success' WHEN 6 THEN 'cancel' WHEN 7 THEN 'terminated' WHEN 8 THEN 'other' END $$;
COMMENT ON FUNCTION reporting.order_status_1688(integer) IS '1688''s own name of an orderStatus; NULL when it is not known';

CREATE FUNCTION reporting.pay_status_name(status integer) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT CASE status WHEN 1 THEN 'unpaid' WHEN 2 THEN 'paid' WHEN 4 THEN 'refunded' WHEN 6 THEN 'completed'
     WHEN 8 THEN 'cancelled before payment' WHEN 9 THEN 'in progress' ELSE 'unknown (' || status::text || ')' END $$;
COMMENT ON FUNCTION reporting.pay_status_name(integer) IS 'English name of a payStatus, as far as it is probable';

CREATE FUNCTION reporting.sku_text(attributes jsonb) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT string_agg(concat_ws(': ', a ->> 'name', a ->> 'value'), '; ' ORDER BY place)
   FROM jsonb_array_elements(CASE jsonb_typeof(attributes) WHEN 'array' THEN attributes ELSE '[]' END) WITH ORDINALITY t(a, place)
   WHERE a ? 'name' OR a ? 'value' $$;
COMMENT ON FUNCTION reporting.sku_text(jsonb) IS 'Attributes of a variant as one line: "colour: red; size: XL"';

-- One entry of order_history.changed: {"old": ..., "new": ...} or a word.
CREATE FUNCTION reporting.change_text(field text, change jsonb) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE
    WHEN jsonb_typeof(change) <> 'object' OR NOT change ?& ARRAY['old', 'new'] THEN field || ' ' || (change #>> '{}')
    WHEN jsonb_typeof(change -> 'new') = 'object' THEN field || ' added'
    WHEN jsonb_typeof(change -> 'old') = 'object' THEN field || ' removed'
    ELSE regexp_replace(field, '_fen$', '') || ': ' || old_text || ' -> ' || new_text END
  FROM (SELECT
    coalesce(CASE
      WHEN jsonb_typeof(change -> 'old') = 'number' AND field ~ '_fen$' THEN reporting.yuan((change ->> 'old')::numeric)::text
      WHEN jsonb_typeof(change -> 'old') = 'number' AND field ~ '(^order_|\.)status$' THEN reporting.order_status_name((change ->> 'old')::integer)
      WHEN jsonb_typeof(change -> 'old') = 'number' AND field = 'pay_status' THEN reporting.pay_status_name((change ->> 'old')::integer)
      ELSE change ->> 'old' END, 'nothing') AS old_text,
    coalesce(CASE
      WHEN jsonb_typeof(change -> 'new') = 'number' AND field ~ '_fen$' THEN reporting.yuan((change ->> 'new')::numeric)::text
      WHEN jsonb_typeof(change -> 'new') = 'number' AND field ~ '(^order_|\.)status$' THEN reporting.order_status_name((change ->> 'new')::integer)
      WHEN jsonb_typeof(change -> 'new') = 'number' AND field = 'pay_status' THEN reporting.pay_status_name((change ->> 'new')::integer)
      ELSE change ->> 'new' END, 'nothing') AS new_text) t $$;
COMMENT ON FUNCTION reporting.change_text(text, jsonb) IS 'One change of an order as words: "order_status: awaiting payment -> awaiting shipment"';

-- ---------------------------------------------------------------------------------------------------------------------
-- Indexes. Measured on a million orders in docs/benchmarks.md and held to their plans by tests/reporting.

CREATE INDEX orders_api_day ON ordersync.orders (reporting.api_day(created_at));
CREATE INDEX orders_seller ON ordersync.orders (left(seller_login_id, 500));
CREATE INDEX orders_status_name ON ordersync.orders (reporting.order_status_name(order_status));
CREATE INDEX orders_order_no ON ordersync.orders (left(order_no, 500));
CREATE INDEX orders_tb_order_id ON ordersync.orders (left(tb_order_id, 500));
CREATE INDEX orders_refunded ON ordersync.orders (created_at) WHERE refund_amount_fen <> 0 OR pay_status = 4;
CREATE INDEX order_items_product ON ordersync.order_items (left(product_id, 500));

-- ---------------------------------------------------------------------------------------------------------------------
-- Views

CREATE VIEW reporting.orders AS
SELECT o.id AS order_id, o._account AS account, left(o.order_no, 500) AS order_no, left(o.tb_order_id, 500) AS tb_order_id,
  o.created_at, reporting.api_day(o.created_at) AS created_day, o.tb_created_at,
  reporting.order_status_name(o.order_status) AS order_status, reporting.order_status_1688(o.order_status) AS order_status_1688,
  o.order_status AS order_status_code, reporting.pay_status_name(o.pay_status) AS pay_status, o.pay_status AS pay_status_code,
  o.refund_status AS refund_status_code,
  reporting.yuan(o.total_amount_fen)::numeric(14,2) AS total_amount,
  reporting.yuan(o.product_amount_fen)::numeric(14,2) AS product_amount,
  (SELECT reporting.yuan(sum(i.item_amount_fen)) FROM ordersync.order_items i WHERE i.order_id = o.id)::numeric(14,2) AS items_amount,
  reporting.yuan(o.shipping_fee_fen)::numeric(14,2) AS shipping_fee,
  reporting.yuan(o.discount_fen)::numeric(14,2) AS discount,
  reporting.yuan(o.refund_amount_fen)::numeric(14,2) AS refund_amount,
  (SELECT CASE WHEN count(i.item_amount_fen) = count(*) THEN sum(i.item_amount_fen) + o.shipping_fee_fen = o.total_amount_fen END
   FROM ordersync.order_items i WHERE i.order_id = o.id) AS amounts_add_up,
  (SELECT CASE
     WHEN o.total_amount_fen IS NULL OR o.shipping_fee_fen IS NULL OR count(i.item_amount_fen) < count(*) OR count(*) = 0
       THEN 'an amount is missing'
     WHEN greatest(abs(o.total_amount_fen::numeric), abs(o.product_amount_fen::numeric), abs(o.shipping_fee_fen::numeric),
                   abs(o.discount_fen::numeric), abs(o.refund_amount_fen::numeric), max(abs(i.item_amount_fen::numeric))) > 99999999999999
       THEN 'an amount is too large to be one'
     WHEN sum(i.item_amount_fen) + o.shipping_fee_fen <> o.total_amount_fen
       THEN 'the total differs from lines and shipping by ' ||
            round((o.total_amount_fen - sum(i.item_amount_fen) - o.shipping_fee_fen) / 100, 2)::text
   END FROM ordersync.order_items i WHERE i.order_id = o.id) AS amounts_note,
  (SELECT count(*) FROM ordersync.order_items i WHERE i.order_id = o.id) AS lines,
  left(o.seller_login_id, 500) AS seller_login_id, o.sub_buyer_login_id AS buyer_login_id, o.user_id, o.trade_type, o.close_reason,
  o.flow, o.is_invoice AS is_invoice_code, o.platform_order AS platform_order_code,
  o.submission_success, o.submission_order_id,
  reporting.yuan(o.submission_post_fee_fen)::numeric(14,2) AS submission_post_fee,
  reporting.yuan(o.submission_total_fen)::numeric(14,2) AS submission_total,
  o._vanished_at IS NOT NULL AS vanished, o._vanished_at AS vanished_at,
  o._first_seen_at AS first_seen_at, o._changed_at AS changed_at, o._version AS version
FROM ordersync.orders o;
COMMENT ON VIEW reporting.orders IS 'Grain: one row an order, as the API last showed it. Indexed: order_id, order_no, tb_order_id, created_at, created_day, order_status, seller_login_id';
COMMENT ON COLUMN reporting.orders.order_id IS 'The API''s id of the order';
COMMENT ON COLUMN reporting.orders.account IS 'The configured account that the order belongs to';
COMMENT ON COLUMN reporting.orders.order_no IS 'PandaPon''s own number of the order; its first 500 characters';
COMMENT ON COLUMN reporting.orders.tb_order_id IS 'The order''s number at 1688; its first 500 characters';
COMMENT ON COLUMN reporting.orders.created_at IS 'When the order was created at PandaPon';
COMMENT ON COLUMN reporting.orders.created_day IS 'The calendar day of created_at in the API''s zone (api.time_zone)';
COMMENT ON COLUMN reporting.orders.tb_created_at IS 'When the order was created at 1688; can differ from created_at by seconds';
COMMENT ON COLUMN reporting.orders.order_status IS 'awaiting payment, awaiting shipment, awaiting receipt, goods confirmed, completed, cancelled, terminated, other, or unknown (N); filter by this one';
COMMENT ON COLUMN reporting.orders.order_status_1688 IS '1688''s own name: waitbuyerpay, waitsellersend, waitbuyerreceive, confirm_goods, success, cancel, terminated, other; NULL when it is not known';
COMMENT ON COLUMN reporting.orders.order_status_code IS 'orderStatus as it came, 1 to 8';
COMMENT ON COLUMN reporting.orders.pay_status IS 'unpaid, paid, refunded, completed, cancelled before payment, in progress, or unknown (N); the meanings are probable, not documented';
COMMENT ON COLUMN reporting.orders.pay_status_code IS 'payStatus as it came';
COMMENT ON COLUMN reporting.orders.refund_status_code IS 'refundStatus as it came; its meanings are not documented';
COMMENT ON COLUMN reporting.orders.total_amount IS 'totalAmount in yuan, as it came';
COMMENT ON COLUMN reporting.orders.product_amount IS 'productAmount in yuan, as it came';
COMMENT ON COLUMN reporting.orders.items_amount IS 'Sum of the lines'' amounts in yuan; NULL without a line that has one';
COMMENT ON COLUMN reporting.orders.shipping_fee IS 'shippingFee in yuan, as it came';
COMMENT ON COLUMN reporting.orders.discount IS 'discount in yuan, as it came; can be negative';
COMMENT ON COLUMN reporting.orders.refund_amount IS 'refundAmount in yuan, as it came';
COMMENT ON COLUMN reporting.orders.amounts_add_up IS 'Whether total_amount = items_amount + shipping_fee; NULL when an amount is missing. Nothing is corrected';
COMMENT ON COLUMN reporting.orders.amounts_note IS 'What is wrong with the amounts, in words; NULL when nothing is. An amount too large for numeric(14,2) is shown as NULL';
COMMENT ON COLUMN reporting.orders.lines IS 'How many lines the order has';
COMMENT ON COLUMN reporting.orders.seller_login_id IS 'Login of the seller at 1688; its first 500 characters';
COMMENT ON COLUMN reporting.orders.buyer_login_id IS 'Login of the buyer''s sub-account';
COMMENT ON COLUMN reporting.orders.user_id IS 'Who placed the order: a PandaPon user';
COMMENT ON COLUMN reporting.orders.trade_type IS 'Manner of trade, in Chinese';
COMMENT ON COLUMN reporting.orders.close_reason IS 'Why the order was closed';
COMMENT ON COLUMN reporting.orders.flow IS 'Kind of purchase, such as "general"';
COMMENT ON COLUMN reporting.orders.is_invoice_code IS 'isInvoice as it came; its meanings are not documented';
COMMENT ON COLUMN reporting.orders.platform_order_code IS 'platformOrder as it came; its meanings are not documented';
COMMENT ON COLUMN reporting.orders.submission_success IS 'Whether the order was placed at 1688';
COMMENT ON COLUMN reporting.orders.submission_order_id IS 'The number that 1688 gave it when it was placed';
COMMENT ON COLUMN reporting.orders.submission_post_fee IS 'Postage told when it was placed, in yuan';
COMMENT ON COLUMN reporting.orders.submission_total IS 'Total told when it was placed, in yuan';
COMMENT ON COLUMN reporting.orders.vanished IS 'The API says that the order is gone; it is kept here as it was last';
COMMENT ON COLUMN reporting.orders.vanished_at IS 'When the API said so; NULL while the order is there';
COMMENT ON COLUMN reporting.orders.first_seen_at IS 'When the mirror first saw the order';
COMMENT ON COLUMN reporting.orders.changed_at IS 'When the mirror first saw what this row shows';
COMMENT ON COLUMN reporting.orders.version IS 'How many states of the order the mirror has seen, this one included';

-- The left join is no weaker than another, for every line has its order; but it is left out of a plan that needs no order.
CREATE VIEW reporting.order_items AS
SELECT i.order_id, i.id AS item_id, i.position, o._account AS account, reporting.api_day(o.created_at) AS created_day,
  left(i.product_id, 500) AS product_id, i.name, i.sku_id, i.spec_id, reporting.sku_text(i.sku_attributes) AS sku, i.sku_attributes,
  i.quantity, i.unit, reporting.yuan(i.price_fen)::numeric(14,2) AS price,
  reporting.yuan(i.item_amount_fen)::numeric(14,2) AS item_amount, reporting.yuan(i.refund_fen)::numeric(14,2) AS refund_amount,
  reporting.order_status_name(i.status) AS item_status, reporting.order_status_1688(i.status) AS item_status_1688, i.status AS item_status_code,
  reporting.order_status_name(o.order_status) AS order_status, left(o.seller_login_id, 500) AS seller_login_id,
  i.created_at, i.sub_tb_order_id, i.image_urls, i.snapshot_url, o._vanished_at IS NOT NULL AS vanished
FROM ordersync.order_items i LEFT JOIN ordersync.orders o ON o.id = i.order_id;
COMMENT ON VIEW reporting.order_items IS 'Grain: one row a line of an order. Indexed: order_id, product_id, and through the order created_day, order_status, seller_login_id';
COMMENT ON COLUMN reporting.order_items.order_id IS 'The order that the line belongs to';
COMMENT ON COLUMN reporting.order_items.item_id IS 'The API''s id of the line';
COMMENT ON COLUMN reporting.order_items.position IS 'Place among the lines of the order, counted from 0';
COMMENT ON COLUMN reporting.order_items.account IS 'The configured account that the order belongs to';
COMMENT ON COLUMN reporting.order_items.created_day IS 'The calendar day on which the order was created, in the API''s zone';
COMMENT ON COLUMN reporting.order_items.product_id IS 'The offer at 1688; its first 500 characters';
COMMENT ON COLUMN reporting.order_items.name IS 'Name of the product';
COMMENT ON COLUMN reporting.order_items.sku_id IS 'The variant of the product';
COMMENT ON COLUMN reporting.order_items.spec_id IS 'The variant''s specification';
COMMENT ON COLUMN reporting.order_items.sku IS 'The variant''s attributes to read: "name: value; name: value"';
COMMENT ON COLUMN reporting.order_items.sku_attributes IS 'The same to filter by: sku_attributes @> ''[{"name": "...", "value": "..."}]''';
COMMENT ON COLUMN reporting.order_items.quantity IS 'How much was ordered, in the line''s unit; can be decimal';
COMMENT ON COLUMN reporting.order_items.unit IS 'Unit of the quantity, in Chinese';
COMMENT ON COLUMN reporting.order_items.price IS 'What one unit costs, in yuan';
COMMENT ON COLUMN reporting.order_items.item_amount IS 'What the line costs, in yuan';
COMMENT ON COLUMN reporting.order_items.refund_amount IS 'What was refunded of the line, in yuan';
COMMENT ON COLUMN reporting.order_items.item_status IS 'The line''s status, named as orders.order_status; can differ from its order''s';
COMMENT ON COLUMN reporting.order_items.item_status_1688 IS '1688''s own name of it';
COMMENT ON COLUMN reporting.order_items.item_status_code IS 'The line''s status as it came, 1 to 8';
COMMENT ON COLUMN reporting.order_items.order_status IS 'The order''s status';
COMMENT ON COLUMN reporting.order_items.seller_login_id IS 'Login of the seller at 1688; its first 500 characters';
COMMENT ON COLUMN reporting.order_items.created_at IS 'When the line was created';
COMMENT ON COLUMN reporting.order_items.sub_tb_order_id IS 'The line''s number at 1688';
COMMENT ON COLUMN reporting.order_items.image_urls IS 'Addresses of pictures, in the API''s order';
COMMENT ON COLUMN reporting.order_items.snapshot_url IS 'The offer as it was when bought';
COMMENT ON COLUMN reporting.order_items.vanished IS 'The API says that the order is gone';

CREATE VIEW reporting.order_timeline AS
SELECT h.order_id, h.version, h.valid_from AS at, h.valid_to AS until, h.account,
  CASE WHEN h.changed = '{}' THEN
    concat_ws(', ', 'first seen: ' || coalesce(reporting.order_status_name((h.state #>> '{order,order_status}')::integer), 'no status'),
              reporting.yuan((h.state #>> '{order,total_amount_fen}')::numeric)::text || ' yuan')
  ELSE (SELECT string_agg(reporting.change_text(c.key, c.value), '; ' ORDER BY c.key NOT LIKE '%status', c.key) FROM jsonb_each(h.changed) c)
  END AS what,
  reporting.order_status_name((h.state #>> '{order,order_status}')::integer) AS order_status,
  reporting.order_status_1688((h.state #>> '{order,order_status}')::integer) AS order_status_1688,
  (h.changed #>> '{order_status,old}')::integer IS DISTINCT FROM (h.changed #>> '{order_status,new}')::integer AS status_changed,
  h.vanished
FROM ordersync.order_history h;
COMMENT ON VIEW reporting.order_timeline IS 'Grain: one row a state of an order that the mirror saw, with what had changed as one line. Indexed: order_id, at';
COMMENT ON COLUMN reporting.order_timeline.order_id IS 'The order';
COMMENT ON COLUMN reporting.order_timeline.version IS 'Number of the state, counted from 1';
COMMENT ON COLUMN reporting.order_timeline.at IS 'When the mirror first saw the state; it happened after the reading before';
COMMENT ON COLUMN reporting.order_timeline.until IS 'When the mirror saw the next state; NULL for the present one';
COMMENT ON COLUMN reporting.order_timeline.account IS 'The configured account that the order belonged to then';
COMMENT ON COLUMN reporting.order_timeline.what IS 'What had changed, for people, such as "order_status: awaiting payment -> awaiting shipment"; amounts in yuan';
COMMENT ON COLUMN reporting.order_timeline.order_status IS 'The order''s status in this state';
COMMENT ON COLUMN reporting.order_timeline.order_status_1688 IS '1688''s own name of it';
COMMENT ON COLUMN reporting.order_timeline.status_changed IS 'Whether the order''s status was another before';
COMMENT ON COLUMN reporting.order_timeline.vanished IS 'The API said that the order is gone';

CREATE VIEW reporting.daily_orders AS
SELECT o.account, o.created_day AS day, count(*) AS orders, sum(o.total_amount)::numeric(14,2) AS amount,
  sum(o.product_amount)::numeric(14,2) AS product_amount, sum(o.shipping_fee)::numeric(14,2) AS shipping,
  sum(o.discount)::numeric(14,2) AS discount, sum(o.refund_amount)::numeric(14,2) AS refunds,
  count(*) FILTER (WHERE o.refund_amount <> 0) AS refunded_orders,
  count(*) FILTER (WHERE o.order_status_code IN (6, 7)) AS cancelled,
  sum(o.total_amount) FILTER (WHERE o.order_status_code IN (6, 7))::numeric(14,2) AS cancelled_amount,
  count(*) FILTER (WHERE o.vanished) AS vanished,
  count(*) FILTER (WHERE o.amounts_add_up IS NOT TRUE) AS not_adding_up
FROM reporting.orders o GROUP BY o.account, o.created_day;
COMMENT ON VIEW reporting.daily_orders IS 'Grain: one row an account and calendar day (API''s zone) on which orders were created. All orders count, cancelled and vanished ones too. Indexed: day';
COMMENT ON COLUMN reporting.daily_orders.account IS 'The configured account';
COMMENT ON COLUMN reporting.daily_orders.day IS 'The calendar day in the API''s zone; NULL for orders without a time of creation';
COMMENT ON COLUMN reporting.daily_orders.orders IS 'Orders created on that day';
COMMENT ON COLUMN reporting.daily_orders.amount IS 'Sum of their total_amount, in yuan';
COMMENT ON COLUMN reporting.daily_orders.product_amount IS 'Sum of their product_amount, in yuan';
COMMENT ON COLUMN reporting.daily_orders.shipping IS 'Sum of their shipping fees, in yuan';
COMMENT ON COLUMN reporting.daily_orders.discount IS 'Sum of their discounts, in yuan';
COMMENT ON COLUMN reporting.daily_orders.refunds IS 'Sum of what has been refunded of them until now, in yuan';
COMMENT ON COLUMN reporting.daily_orders.refunded_orders IS 'How many of them had something refunded';
COMMENT ON COLUMN reporting.daily_orders.cancelled IS 'How many of them are cancelled or terminated by now';
COMMENT ON COLUMN reporting.daily_orders.cancelled_amount IS 'Sum of their total_amount, in yuan; NULL when there are none';
COMMENT ON COLUMN reporting.daily_orders.vanished IS 'How many of them the API says are gone';
COMMENT ON COLUMN reporting.daily_orders.not_adding_up IS 'How many of them have amounts that do not add up or are missing; see orders.amounts_note';

-- When an order was paid, shipped and finished: what the mirror saw come about. An aggregate without a group is looked up
-- order by order; a join would read the whole history for a single seller.
CREATE VIEW reporting.seller_performance AS
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
  SELECT min(h.valid_from) FILTER (WHERE h.status IN (2, 3, 4, 5)) AS paid_at,
    min(h.valid_from) FILTER (WHERE h.status IN (3, 4, 5)) AS shipped_at,
    min(h.valid_from) FILTER (WHERE h.status = 5) AS finished_at
  FROM (SELECT s.valid_from, (s.changed #>> '{order_status,new}')::integer AS status
        FROM ordersync.order_history s WHERE s.order_id = o.id AND s.changed ? 'order_status') h) m ON true
GROUP BY 1, 2, 3;
COMMENT ON VIEW reporting.seller_performance IS 'Grain: one row an account, seller and month (API''s zone) in which orders were created. All orders count, cancelled and vanished ones too. Indexed: seller_login_id';
COMMENT ON COLUMN reporting.seller_performance.account IS 'The configured account';
COMMENT ON COLUMN reporting.seller_performance.seller_login_id IS 'Login of the seller at 1688; its first 500 characters';
COMMENT ON COLUMN reporting.seller_performance.month IS 'First day of the month in which the orders were created, in the API''s zone';
COMMENT ON COLUMN reporting.seller_performance.orders IS 'How many orders';
COMMENT ON COLUMN reporting.seller_performance.amount IS 'Sum of their total_amount, in yuan';
COMMENT ON COLUMN reporting.seller_performance.shipped_seen IS 'How many of them the mirror saw becoming shipped: what hours_to_ship is the mean of';
COMMENT ON COLUMN reporting.seller_performance.hours_to_ship IS 'Mean hours from payment until shipment, both when the mirror saw them; from the creation of an order that was paid when first seen. As exact as orders are read often';
COMMENT ON COLUMN reporting.seller_performance.finished_seen IS 'How many of them the mirror saw becoming completed: what hours_to_finish is the mean of';
COMMENT ON COLUMN reporting.seller_performance.hours_to_finish IS 'Mean hours from the creation of an order until the mirror saw it completed';
COMMENT ON COLUMN reporting.seller_performance.refunded IS 'How many of them had something refunded';
COMMENT ON COLUMN reporting.seller_performance.refund_rate IS 'The same as a share of orders, 0 to 1';
COMMENT ON COLUMN reporting.seller_performance.refunds IS 'What was refunded, in yuan';
COMMENT ON COLUMN reporting.seller_performance.cancelled IS 'How many of them are cancelled or terminated';
COMMENT ON COLUMN reporting.seller_performance.cancel_rate IS 'The same as a share of orders, 0 to 1';
COMMENT ON COLUMN reporting.seller_performance.vanished IS 'How many of them the API says are gone';

CREATE VIEW reporting.product_sales AS
SELECT i.account, i.product_id, i.unit, i.created_day AS day, max(i.name) AS name, count(DISTINCT i.order_id) AS orders, count(*) AS lines,
  sum(i.quantity) AS quantity, sum(i.item_amount)::numeric(14,2) AS amount, sum(i.refund_amount)::numeric(14,2) AS refunds,
  count(*) FILTER (WHERE i.item_status_code IN (6, 7)) AS cancelled_lines,
  sum(i.quantity) FILTER (WHERE i.item_status_code IN (6, 7)) AS cancelled_quantity,
  sum(i.item_amount) FILTER (WHERE i.item_status_code IN (6, 7))::numeric(14,2) AS cancelled_amount,
  count(*) FILTER (WHERE i.vanished) AS vanished_lines
FROM reporting.order_items i GROUP BY i.account, i.product_id, i.unit, i.created_day;
COMMENT ON VIEW reporting.product_sales IS 'Grain: one row an account, product, unit and calendar day (API''s zone) on which orders were created. All lines count, cancelled ones too. Indexed: product_id, day';
COMMENT ON COLUMN reporting.product_sales.account IS 'The configured account';
COMMENT ON COLUMN reporting.product_sales.product_id IS 'The offer at 1688; its first 500 characters';
COMMENT ON COLUMN reporting.product_sales.unit IS 'Unit of the quantities, in Chinese; quantities of different units are never added';
COMMENT ON COLUMN reporting.product_sales.day IS 'The calendar day in the API''s zone';
COMMENT ON COLUMN reporting.product_sales.name IS 'A name of the product; the last by alphabet when it had several on the day';
COMMENT ON COLUMN reporting.product_sales.orders IS 'How many orders have the product';
COMMENT ON COLUMN reporting.product_sales.lines IS 'In how many lines';
COMMENT ON COLUMN reporting.product_sales.quantity IS 'How much was ordered';
COMMENT ON COLUMN reporting.product_sales.amount IS 'Sum of the lines'' amounts, in yuan';
COMMENT ON COLUMN reporting.product_sales.refunds IS 'What was refunded of the lines, in yuan';
COMMENT ON COLUMN reporting.product_sales.cancelled_lines IS 'How many of the lines are cancelled or terminated';
COMMENT ON COLUMN reporting.product_sales.cancelled_quantity IS 'Quantity of those lines; NULL when there are none';
COMMENT ON COLUMN reporting.product_sales.cancelled_amount IS 'Amount of those lines, in yuan; NULL when there are none';
COMMENT ON COLUMN reporting.product_sales.vanished_lines IS 'How many of the lines belong to orders that the API says are gone';

CREATE VIEW reporting.open_orders AS
SELECT o.id AS order_id, o._account AS account, left(o.order_no, 500) AS order_no, left(o.tb_order_id, 500) AS tb_order_id,
  o.created_at, reporting.api_day(o.created_at) AS created_day, left(o.seller_login_id, 500) AS seller_login_id,
  reporting.order_status_name(o.order_status) AS order_status, reporting.order_status_1688(o.order_status) AS order_status_1688,
  reporting.pay_status_name(o.pay_status) AS pay_status, reporting.yuan(o.total_amount_fen)::numeric(14,2) AS total_amount,
  round((extract(epoch FROM now() - o.created_at) / 86400), 1) AS age_days, coalesce(h.since, o.created_at) AS status_since,
  h.since IS NOT NULL AS status_change_seen,
  round((extract(epoch FROM now() - coalesce(h.since, o.created_at)) / 86400), 1) AS days_in_status,
  o._vanished_at IS NOT NULL AS vanished
FROM ordersync.orders o LEFT JOIN LATERAL (
  SELECT max(s.valid_from) AS since FROM ordersync.order_history s WHERE s.order_id = o.id AND s.changed ? 'order_status') h ON true
WHERE reporting.order_status_name(o.order_status) IN ('awaiting payment', 'awaiting shipment', 'awaiting receipt', 'goods confirmed');
COMMENT ON VIEW reporting.open_orders IS 'Grain: one row an order that is awaiting payment, shipment or receipt, or whose goods are confirmed. Indexed: order_id, order_status, created_day, seller_login_id';
COMMENT ON COLUMN reporting.open_orders.order_id IS 'The API''s id of the order';
COMMENT ON COLUMN reporting.open_orders.account IS 'The configured account';
COMMENT ON COLUMN reporting.open_orders.order_no IS 'PandaPon''s own number of the order';
COMMENT ON COLUMN reporting.open_orders.tb_order_id IS 'The order''s number at 1688';
COMMENT ON COLUMN reporting.open_orders.created_at IS 'When the order was created';
COMMENT ON COLUMN reporting.open_orders.created_day IS 'The calendar day of that in the API''s zone';
COMMENT ON COLUMN reporting.open_orders.seller_login_id IS 'Login of the seller at 1688';
COMMENT ON COLUMN reporting.open_orders.order_status IS 'Its present status, see orders.order_status';
COMMENT ON COLUMN reporting.open_orders.order_status_1688 IS '1688''s own name of it';
COMMENT ON COLUMN reporting.open_orders.pay_status IS 'See orders.pay_status';
COMMENT ON COLUMN reporting.open_orders.total_amount IS 'totalAmount in yuan, as it came';
COMMENT ON COLUMN reporting.open_orders.age_days IS 'Days since the order was created, until now';
COMMENT ON COLUMN reporting.open_orders.status_since IS 'Since when it has had its present status: when the mirror saw it come about, or else the order''s creation';
COMMENT ON COLUMN reporting.open_orders.status_change_seen IS 'Whether the mirror saw it come about; when not, the order may have had another status before it was first seen';
COMMENT ON COLUMN reporting.open_orders.days_in_status IS 'Days since status_since, until now';
COMMENT ON COLUMN reporting.open_orders.vanished IS 'The API says that the order is gone; it will not go on';

CREATE VIEW reporting.refunds AS
SELECT o.id AS order_id, o._account AS account, left(o.tb_order_id, 500) AS tb_order_id, o.created_at,
  reporting.api_day(o.created_at) AS created_day, left(o.seller_login_id, 500) AS seller_login_id,
  reporting.order_status_name(o.order_status) AS order_status, reporting.order_status_1688(o.order_status) AS order_status_1688,
  reporting.pay_status_name(o.pay_status) AS pay_status, o.refund_status AS refund_status_code,
  reporting.yuan(o.total_amount_fen)::numeric(14,2) AS total_amount, reporting.yuan(o.refund_amount_fen)::numeric(14,2) AS refund_amount,
  CASE WHEN o.total_amount_fen > 0 THEN round(o.refund_amount_fen::numeric / o.total_amount_fen, 4) END AS refund_share,
  i.refund::numeric(14,2) AS items_refund, i.lines AS items_refunded,
  i.refund = reporting.yuan(o.refund_amount_fen) AS amounts_add_up,
  (SELECT min(s.valid_from) FROM ordersync.order_history s
   WHERE s.order_id = o.id AND (s.changed ? 'refund_amount_fen' OR s.changed @> '{"pay_status": {"new": 4}}')) AS first_refund_seen_at,
  o._vanished_at IS NOT NULL AS vanished
FROM ordersync.orders o LEFT JOIN LATERAL (
  SELECT reporting.yuan(sum(l.refund_fen)) AS refund, count(*) FILTER (WHERE l.refund_fen <> 0) AS lines
  FROM ordersync.order_items l WHERE l.order_id = o.id) i ON true
WHERE o.refund_amount_fen <> 0 OR o.pay_status = 4;
COMMENT ON VIEW reporting.refunds IS 'Grain: one row an order of which something was refunded: its refund amount is not 0, or its payment is refunded. Indexed: order_id, created_at';
COMMENT ON COLUMN reporting.refunds.order_id IS 'The order';
COMMENT ON COLUMN reporting.refunds.account IS 'The configured account';
COMMENT ON COLUMN reporting.refunds.tb_order_id IS 'The order''s number at 1688';
COMMENT ON COLUMN reporting.refunds.created_at IS 'When the order was created';
COMMENT ON COLUMN reporting.refunds.created_day IS 'The calendar day of that in the API''s zone';
COMMENT ON COLUMN reporting.refunds.seller_login_id IS 'Login of the seller at 1688';
COMMENT ON COLUMN reporting.refunds.order_status IS 'The order''s status';
COMMENT ON COLUMN reporting.refunds.order_status_1688 IS '1688''s own name of it';
COMMENT ON COLUMN reporting.refunds.pay_status IS 'See orders.pay_status';
COMMENT ON COLUMN reporting.refunds.refund_status_code IS 'refundStatus as it came; its meanings are not documented';
COMMENT ON COLUMN reporting.refunds.total_amount IS 'totalAmount in yuan, as it came';
COMMENT ON COLUMN reporting.refunds.refund_amount IS 'refundAmount in yuan, as it came';
COMMENT ON COLUMN reporting.refunds.refund_share IS 'refund_amount as a share of total_amount';
COMMENT ON COLUMN reporting.refunds.items_refund IS 'Sum of what the lines say was refunded, in yuan';
COMMENT ON COLUMN reporting.refunds.items_refunded IS 'How many lines say that something was refunded';
COMMENT ON COLUMN reporting.refunds.amounts_add_up IS 'Whether items_refund = refund_amount; NULL when an amount is missing';
COMMENT ON COLUMN reporting.refunds.first_refund_seen_at IS 'When the mirror first saw a refund come about; NULL when the order had one when first seen';
COMMENT ON COLUMN reporting.refunds.vanished IS 'The API says that the order is gone';

-- Without a word of the configuration, what is expected begins where the proof does.
CREATE VIEW ordersync.expected_coverage AS
SELECT c.account, c.scope, c.proven, e.expected, tstzmultirange(e.expected) - c.proven AS missing
FROM ordersync.coverage c LEFT JOIN ordersync.mirror_settings m ON true CROSS JOIN LATERAL (
  SELECT tstzrange(start, greatest(start, date_trunc('second', now()) - coalesce(m.grace, interval '0'))) AS expected
  FROM coalesce(m.sync_start, lower(c.proven), now()) AS start) e;
COMMENT ON VIEW ordersync.expected_coverage IS 'What should be proven of each account by now, and what of it is not; for the views of schema reporting';
COMMENT ON COLUMN ordersync.expected_coverage.account IS 'The configured account';
COMMENT ON COLUMN ordersync.expected_coverage.scope IS 'As coverage.scope';
COMMENT ON COLUMN ordersync.expected_coverage.proven IS 'As coverage.proven';
COMMENT ON COLUMN ordersync.expected_coverage.expected IS 'From sync.start to now, less the last moments (mirror_settings.grace)';
COMMENT ON COLUMN ordersync.expected_coverage.missing IS 'The part of it that is not proven';

CREATE VIEW reporting.freshness AS
SELECT e.account, through.at AS complete_through, now() - through.at AS behind,
  s.finished_at AS last_success_at, s.kind AS last_success_kind,
  (SELECT count(*) FROM unnest(e.missing)) AS gaps,
  (SELECT sum(upper(gap) - lower(gap)) FROM unnest(e.missing) AS gap) AS gap_time,
  (SELECT count(*) FROM ordersync.quarantine q WHERE q.account = e.account AND q.resolved_at IS NULL) AS quarantine,
  t.oldest_revisit_at, coalesce(t.behind, false) AS revisits_behind
FROM ordersync.expected_coverage e
LEFT JOIN LATERAL (SELECT upper(part) AS at FROM unnest(e.proven) AS part WHERE part @> lower(e.expected)) through ON true
LEFT JOIN LATERAL (SELECT w.finished_at, w.kind FROM ordersync.sweeps w
                   WHERE w.account = e.account AND w.scope = e.scope AND w.outcome = 'proven' ORDER BY w.finished_at DESC LIMIT 1) s ON true
LEFT JOIN LATERAL (SELECT min(coalesce(r.oldest_read_at, '-infinity')) AS oldest_revisit_at, bool_or(r.behind) AS behind
                   FROM ordersync.revisit_tiers r WHERE r.account = e.account) t ON true;
COMMENT ON VIEW reporting.freshness IS 'Grain: one row an account that was ever mirrored. How current and how complete the other views are';
COMMENT ON COLUMN reporting.freshness.account IS 'The configured account';
COMMENT ON COLUMN reporting.freshness.complete_through IS 'Every order created from sync.start up to here is in the mirror, by the API''s own count; NULL when not even the beginning is proven';
COMMENT ON COLUMN reporting.freshness.behind IS 'How long ago that is';
COMMENT ON COLUMN reporting.freshness.last_success_at IS 'When the last window that was proven had been read';
COMMENT ON COLUMN reporting.freshness.last_success_kind IS 'Why it was read: live, revisit, backfill or verify';
COMMENT ON COLUMN reporting.freshness.gaps IS 'How many ranges of creation time are not proven; see coverage_gaps';
COMMENT ON COLUMN reporting.freshness.gap_time IS 'How long they are together; NULL when there are none';
COMMENT ON COLUMN reporting.freshness.quarantine IS 'How many values could not be stored as they came, and still cannot';
COMMENT ON COLUMN reporting.freshness.oldest_revisit_at IS 'What a row shows may be as old as this, if its order is of an age that is read again at all (sync.revisit); -infinity: a part was never read again; NULL: nothing is';
COMMENT ON COLUMN reporting.freshness.revisits_behind IS 'Orders are not read again as often as sync.revisit asks';

CREATE VIEW reporting.coverage_gaps AS
SELECT e.account, lower(gap) AS gap_from, upper(gap) AS gap_to, upper(gap) - lower(gap) AS length,
  s.reason, s.finished_at AS last_read_at, s.total_reported, s.orders_seen
FROM ordersync.expected_coverage e CROSS JOIN LATERAL unnest(e.missing) AS gap
LEFT JOIN LATERAL (SELECT w.reason, w.finished_at, w.total_reported, w.orders_seen FROM ordersync.sweeps w
                   WHERE w.account = e.account AND w.scope = e.scope AND w.outcome IN ('unproven', 'failed') AND w.range && gap
                   ORDER BY w.finished_at DESC LIMIT 1) s ON true;
COMMENT ON VIEW reporting.coverage_gaps IS 'Grain: one row an account and range of creation time since sync.start for which the mirror is not proven complete. No rows: nothing is missing';
COMMENT ON COLUMN reporting.coverage_gaps.account IS 'The configured account';
COMMENT ON COLUMN reporting.coverage_gaps.gap_from IS 'Where the range begins';
COMMENT ON COLUMN reporting.coverage_gaps.gap_to IS 'Where it ends, exclusive';
COMMENT ON COLUMN reporting.coverage_gaps.length IS 'How long it is';
COMMENT ON COLUMN reporting.coverage_gaps.reason IS 'Why the last reading of a part of it failed to prove it; NULL when it was never read';
COMMENT ON COLUMN reporting.coverage_gaps.last_read_at IS 'When that reading ended';
COMMENT ON COLUMN reporting.coverage_gaps.total_reported IS 'How many orders the API counted in what was read then; NULL when it did not say';
COMMENT ON COLUMN reporting.coverage_gaps.orders_seen IS 'How many orders it showed then';

-- ---------------------------------------------------------------------------------------------------------------------
-- Rights

-- Roles belong to the whole cluster: another database may have made them, and the role that migrates may not be allowed
-- to. "ordersync migrate" and each daemon that takes the lead call this after the migrations, so that rights follow the
-- roles whenever an administrator makes them, and reach the views of later steps.
CREATE FUNCTION ordersync.grant_reading() RETURNS text[] LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
  reader  text;
  readers text[] := '{}';
  missing text[] := '{}';
  thing   record;
BEGIN
  -- "ordersym", the lock of migrations: two that grant at once would meet on the same rows of the catalogue.
  PERFORM pg_advisory_xact_lock(8030591472429660525);
  FOREACH reader IN ARRAY ARRAY['ordersync_reader', 'ordersync_pii_reader'] LOOP
    IF to_regrole(reader) IS NULL AND (SELECT rolcreaterole OR rolsuper FROM pg_roles WHERE rolname = current_user) THEN
      BEGIN
        EXECUTE format('CREATE ROLE %I NOLOGIN', reader);
      EXCEPTION WHEN duplicate_object OR unique_violation THEN
        NULL;  -- another database was quicker
      END;
    END IF;
    IF to_regrole(reader) IS NULL THEN
      missing := missing || reader;
    ELSE
      readers := readers || reader;
      EXECUTE format('GRANT USAGE ON SCHEMA reporting TO %I', reader);
    END IF;
  END LOOP;
  REVOKE ALL ON SCHEMA ordersync, reporting FROM PUBLIC;
  -- Only what is ours: an administrator may have put views of their own beside them.
  FOR thing IN
    SELECT n.nspname, format('%s %I.%I', CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, n.nspname, c.relname) AS name, 'SELECT' AS verb
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname IN ('ordersync', 'reporting') AND c.relkind IN ('r', 'p', 'v', 'm', 'S') AND pg_has_role(c.relowner, 'USAGE')
    UNION ALL
    SELECT n.nspname, format('ROUTINE %s', p.oid::regprocedure), 'EXECUTE'
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE n.nspname IN ('ordersync', 'reporting') AND pg_has_role(p.proowner, 'USAGE')
  LOOP
    EXECUTE format('REVOKE ALL ON %s FROM PUBLIC', thing.name);
    IF thing.nspname = 'reporting' THEN
      FOREACH reader IN ARRAY readers LOOP
        EXECUTE format('GRANT %s ON %s TO %I', thing.verb, thing.name, reader);
      END LOOP;
    END IF;
  END LOOP;
  IF 'ordersync_pii_reader' = ANY (readers) THEN
    GRANT USAGE ON SCHEMA ordersync TO ordersync_pii_reader;
    GRANT SELECT ON ordersync.order_receivers, ordersync.order_warehouse_addresses TO ordersync_pii_reader;
  END IF;
  RETURN missing;
END $$;
COMMENT ON FUNCTION ordersync.grant_reading() IS 'Makes the roles that may read, where that is allowed, and gives them their rights; the roles that an administrator has to make';
SELECT ordersync.grant_reading();

-- The planner knows nothing of what an index on an expression holds before the table is looked over.
ANALYZE ordersync.orders, ordersync.order_items, ordersync.order_history;
