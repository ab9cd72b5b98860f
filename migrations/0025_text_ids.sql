-- Ids become text in what people and tools query: a bigint of 19 digits is rounded by JavaScript and by spreadsheets. Each
-- view keeps the number as order_key, for joins. Orders show when they were paid, shipped, received, finished and cancelled,
-- and there are views of payments, parcels, refunds, prices and spend.
--
-- A column's type cannot be changed in place: the views are made anew, with the rights that were given on them, and so are
-- the views of others that read them. What cannot be made anew is named before anything is changed.

DO $$
DECLARE
  ours    oid[] := ARRAY['reporting.orders', 'reporting.order_items', 'reporting.order_timeline', 'reporting.order_versions',
                         'reporting.daily_orders', 'reporting.product_sales', 'reporting.open_orders', 'reporting.refunds']::regclass[]::oid[];
  made    name[] := ARRAY['payments', 'daily_payments', 'shipments', 'shipments_under_way', 'unpaid_expiring', 'refund_requests',
                          'cargo', 'buyers', 'price_history', 'monthly_spend', 'deliveries'];
  blocked text;
  one     record;
BEGIN
  CREATE TEMPORARY TABLE views_above ON COMMIT DROP AS
  WITH RECURSIVE above AS (
    SELECT r.ev_class AS oid, 1 AS depth
    FROM pg_depend d JOIN pg_rewrite r ON r.oid = d.objid
    WHERE d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjid = ANY (ours)
      AND NOT r.ev_class = ANY (ours)
    UNION
    SELECT r.ev_class, a.depth + 1
    FROM above a JOIN pg_depend d ON d.refobjid = a.oid JOIN pg_rewrite r ON r.oid = d.objid
    WHERE d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_class'::regclass AND r.ev_class <> a.oid)
  SELECT c.oid, max(a.depth) AS depth, format('%I.%I', (SELECT nspname FROM pg_namespace WHERE oid = c.relnamespace), c.relname) AS name, c.relkind AS kind, c.relowner AS owner,
    c.reloptions AS options, c.relacl AS rights, pg_get_viewdef(c.oid) AS definition, obj_description(c.oid, 'pg_class') AS comment,
    (SELECT array_agg(a.attname ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0) AS columns,
    (SELECT jsonb_object_agg(a.attname, col_description(c.oid, a.attnum)) FROM pg_attribute a
     WHERE a.attrelid = c.oid AND a.attnum > 0 AND col_description(c.oid, a.attnum) IS NOT NULL) AS column_comments
  FROM above a JOIN pg_class c ON c.oid = a.oid GROUP BY c.oid;

  -- What reads one of all these, and is no view that this role may make anew.
  SELECT string_agg(DISTINCT what, ', ') INTO blocked FROM (
    SELECT format('%s %s of role %s', CASE kind WHEN 'm' THEN 'materialized view' WHEN 'v' THEN 'view' ELSE 'table with a rule' END, name,
      owner::regrole) AS what
    FROM views_above WHERE kind <> 'v' OR NOT pg_has_role(owner, 'USAGE')
    UNION ALL
    SELECT format('function %s of role %s', p.oid::regprocedure, p.proowner::regrole)
    FROM pg_depend d JOIN pg_proc p ON p.oid = d.objid
    WHERE d.classid = 'pg_proc'::regclass AND p.oid IS DISTINCT FROM to_regprocedure('reporting.orders_at(timestamptz)')
      AND (d.refclassid = 'pg_class'::regclass AND (d.refobjid = ANY (ours) OR d.refobjid IN (SELECT oid FROM views_above))
        OR d.refclassid = 'pg_type'::regclass AND d.refobjid IN (SELECT t.oid FROM pg_type t
          WHERE t.typrelid = ANY (ours) OR t.typrelid IN (SELECT oid FROM views_above)))
    UNION ALL
    SELECT format('%s %s of role %s', CASE c.relkind WHEN 'v' THEN 'view' ELSE 'object' END, c.oid::regclass, c.relowner::regrole)
    FROM pg_depend d JOIN pg_rewrite r ON r.oid = d.objid JOIN pg_class c ON c.oid = r.ev_class
    WHERE d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_proc'::regclass
      AND d.refobjid = to_regprocedure('reporting.orders_at(timestamptz)')
    UNION ALL
    SELECT format('reporting.%s of role %s, whose name a view of this step needs', c.relname, c.relowner::regrole)
    FROM pg_class c WHERE c.relnamespace = 'reporting'::regnamespace AND c.relname = ANY (made)) AS each;
  IF blocked IS NOT NULL THEN
    RAISE 'ids in schema reporting become text, and this cannot be adapted by itself: %; drop it, run "ordersync migrate", and create it again', blocked
      USING ERRCODE = 'dependent_objects_still_exist';
  END IF;

  CREATE TEMPORARY TABLE rights_given ON COMMIT DROP AS
  SELECT format('%I.%I', (SELECT nspname FROM pg_namespace WHERE oid = c.relnamespace), c.relname) AS name, a.grantee, a.privilege_type AS what, a.is_grantable
  FROM pg_class c CROSS JOIN LATERAL aclexplode(c.relacl) a
  WHERE (c.oid = ANY (ours) OR c.oid IN (SELECT oid FROM views_above)) AND a.grantee <> c.relowner
  UNION ALL
  SELECT 'reporting.orders_at(timestamptz)', a.grantee, a.privilege_type, a.is_grantable
  FROM pg_proc p CROSS JOIN LATERAL aclexplode(p.proacl) a
  WHERE p.oid = to_regprocedure('reporting.orders_at(timestamptz)') AND a.grantee <> p.proowner;

  FOR one IN SELECT name FROM views_above ORDER BY depth DESC, name LOOP
    EXECUTE format('DROP VIEW %s', one.name);
  END LOOP;
END $$;

DROP VIEW reporting.daily_orders, reporting.product_sales, reporting.order_timeline, reporting.open_orders, reporting.refunds;
DROP FUNCTION reporting.orders_at(timestamptz);
DROP VIEW reporting.order_versions, reporting.order_items, reporting.orders;

-- An order is found by its id as text, too.
CREATE INDEX orders_id_text ON ordersync.orders ((id::text));
-- Orders lie about as they were created, so that little has to be read for a month; and it costs writers nothing.
CREATE INDEX orders_api_month ON ordersync.orders USING brin ((date_trunc('month', reporting.api_day(created_at)::timestamp)::date))
  WITH (pages_per_range = 32, autosummarize = on);
-- Which order a line of the bank belongs to.
CREATE INDEX order_details_alipay ON ordersync.order_details (left(alipay_trade_id, 500));

CREATE FUNCTION reporting.text_ids(document jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN regexp_replace(document::text, '"(id|order_id|sku_id|offer_id|item_id)": (-?[0-9]+)(?=[,}])', '"\1": "\2"', 'g')::jsonb;
COMMENT ON FUNCTION reporting.text_ids(jsonb) IS 'The same JSON with ids as text';

-- The source shows parts of addresses in the wrong fields. What ends as regions do is one.
CREATE FUNCTION reporting.region(written text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN length(written) BETWEEN 2 AND 15 AND written !~ '[0-9０-９]' AND written ~ '(省|市|区|县|旗|州|盟|镇|乡|街道)$' THEN written END;
COMMENT ON FUNCTION reporting.region(text) IS 'A province, city, district or town; NULL for anything else';

CREATE FUNCTION reporting.days_since(at timestamptz) RETURNS numeric LANGUAGE sql STABLE PARALLEL SAFE
RETURN round(extract(epoch FROM now() - at) / 86400, 1);
COMMENT ON FUNCTION reporting.days_since(timestamptz) IS 'Days from then until now';

-- ---------------------------------------------------------------------------------------------------------------------
-- Orders and lines

-- What the mirror saw come about: a status that another followed. An aggregate without a group is looked up order by order,
-- and left out of a plan that needs none of it.
CREATE VIEW reporting.orders AS
SELECT o.id::text AS order_id, o._account AS account, left(o.order_no, 500) AS order_no, left(o.tb_order_id, 500) AS tb_order_id,
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
  o._first_seen_at AS first_seen_at, o._changed_at AS changed_at, o._version AS version,
  o.id AS order_key,
  t.paid_at, t.shipped_at, t.received_at, t.finished_at, t.cancelled_at,
  nullif(concat_ws(' and ',
    CASE WHEN coalesce(d.paid_at, d.all_shipped_at, d.received_at, d.confirmed_at, d.completed_at) IS NOT NULL THEN 'detail' END,
    CASE WHEN t.paid_at <> d.paid_at IS NOT FALSE AND t.paid_at IS NOT NULL
           OR t.shipped_at <> d.all_shipped_at IS NOT FALSE AND t.shipped_at IS NOT NULL
           OR t.received_at <> coalesce(d.received_at, d.confirmed_at) IS NOT FALSE AND t.received_at IS NOT NULL
           OR coalesce(t.finished_at, t.cancelled_at) <> d.completed_at IS NOT FALSE AND coalesce(t.finished_at, t.cancelled_at) IS NOT NULL
      THEN 'seen' END), '') AS milestones_from,
  reporting.api_day(t.paid_at) AS paid_day,
  round(extract(epoch FROM t.shipped_at - t.paid_at) / 3600, 1) AS hours_to_ship,
  round(extract(epoch FROM t.finished_at - o.created_at) / 3600, 1) AS hours_to_finish,
  now() - o.created_at AS age,
  t.status_since, reporting.days_since(t.status_since) AS days_in_status,
  d.pay_deadline, left(d.alipay_trade_id, 500) AS alipay_trade_id, d.buyer_memo
FROM ordersync.orders o LEFT JOIN ordersync.order_details d ON d.order_id = o.id
LEFT JOIN LATERAL (
  SELECT min(c.at) FILTER (WHERE c.old = 1 AND c.new IN (2, 3, 4, 5)) AS paid_at,
    min(c.at) FILTER (WHERE c.old IN (1, 2) AND c.new IN (3, 4, 5)) AS shipped_at,
    min(c.at) FILTER (WHERE c.old IN (1, 2, 3) AND c.new IN (4, 5)) AS received_at,
    min(c.at) FILTER (WHERE c.old IS NOT NULL AND c.new = 5) AS finished_at,
    min(c.at) FILTER (WHERE c.old IS NOT NULL AND c.new IN (6, 7)) AS cancelled_at,
    max(c.at) AS status_since
  FROM (SELECT s.valid_from AS at, (s.changed #>> '{order_status,old}')::integer AS old, (s.changed #>> '{order_status,new}')::integer AS new
        FROM ordersync.order_history s WHERE s.order_id = o.id AND s.changed ? 'order_status') c) h ON true
CROSS JOIN LATERAL (
  SELECT CASE WHEN o._changed ? 'order_status' THEN (o._changed #>> '{order_status,old}')::integer END AS old,
    CASE WHEN o._changed ? 'order_status' THEN (o._changed #>> '{order_status,new}')::integer END AS new,
    CASE WHEN o._changed ? 'order_status' THEN o._changed_at END AS at) n
CROSS JOIN LATERAL (
  SELECT coalesce(d.paid_at, h.paid_at, CASE WHEN n.old = 1 AND n.new IN (2, 3, 4, 5) THEN n.at END) AS paid_at,
    coalesce(d.all_shipped_at, h.shipped_at, CASE WHEN n.old IN (1, 2) AND n.new IN (3, 4, 5) THEN n.at END) AS shipped_at,
    coalesce(d.received_at, d.confirmed_at, h.received_at, CASE WHEN n.old IN (1, 2, 3) AND n.new IN (4, 5) THEN n.at END) AS received_at,
    coalesce(CASE WHEN coalesce(d.status, '') NOT IN ('cancel', 'terminated') THEN d.completed_at END, h.finished_at,
             CASE WHEN n.old IS NOT NULL AND n.new = 5 THEN n.at END) AS finished_at,
    coalesce(CASE WHEN d.status IN ('cancel', 'terminated') THEN d.completed_at END, h.cancelled_at,
             CASE WHEN n.old IS NOT NULL AND n.new IN (6, 7) THEN n.at END) AS cancelled_at,
    coalesce(CASE o.order_status WHEN 2 THEN d.paid_at WHEN 3 THEN d.all_shipped_at WHEN 4 THEN coalesce(d.confirmed_at, d.received_at)
               WHEN 5 THEN d.completed_at WHEN 6 THEN d.completed_at WHEN 7 THEN d.completed_at END,
             n.at, h.status_since, CASE WHEN o.order_status = 1 THEN o.created_at END) AS status_since) t;
COMMENT ON VIEW reporting.orders IS 'Grain: one row an order, as the API last showed it. Indexed: order_id, order_key, order_no, tb_order_id, created_at, created_day, order_status, seller_login_id';
COMMENT ON COLUMN reporting.orders.order_id IS 'The API''s id of the order';
COMMENT ON COLUMN reporting.orders.account IS 'The configured account that the order belongs to';
COMMENT ON COLUMN reporting.orders.order_no IS 'PandaPon''s own number of the order; its first 500 characters';
COMMENT ON COLUMN reporting.orders.tb_order_id IS 'The order''s number at 1688; its first 500 characters';
COMMENT ON COLUMN reporting.orders.created_at IS 'When the order was created at PandaPon';
COMMENT ON COLUMN reporting.orders.created_day IS 'The calendar day of created_at in the API''s zone (api.time_zone)';
COMMENT ON COLUMN reporting.orders.tb_created_at IS 'When the order was created at 1688; can differ from created_at by seconds';
COMMENT ON COLUMN reporting.orders.order_status IS 'awaiting payment, awaiting shipment, awaiting receipt, goods confirmed, completed, cancelled, terminated, other, or unknown (N); filter by this one';
COMMENT ON COLUMN reporting.orders.order_status_1688 IS '1688''s own name: waitbuyerpay, waitsellersend, waitbuyerreceive, confirm_goods, success, cancel, terminated, other; NULL when it is not known';
COMMENT ON COLUMN reporting.orders.order_status_code IS 'orderStatus as the API sent it, 1 to 8';
COMMENT ON COLUMN reporting.orders.pay_status IS 'unpaid, paid, refunded, completed, cancelled before payment, in progress, or unknown (N); the meanings are probable, not documented';
COMMENT ON COLUMN reporting.orders.pay_status_code IS 'payStatus as the API sent it';
COMMENT ON COLUMN reporting.orders.refund_status_code IS 'refundStatus as the API sent it; its meanings are not documented';
COMMENT ON COLUMN reporting.orders.total_amount IS 'totalAmount in yuan, as the API sent it';
COMMENT ON COLUMN reporting.orders.product_amount IS 'productAmount in yuan, as the API sent it';
COMMENT ON COLUMN reporting.orders.items_amount IS 'Sum of the lines'' amounts in yuan; NULL without a line that has one';
COMMENT ON COLUMN reporting.orders.shipping_fee IS 'shippingFee in yuan, as the API sent it';
COMMENT ON COLUMN reporting.orders.discount IS 'discount in yuan, as the API sent it; can be negative';
COMMENT ON COLUMN reporting.orders.refund_amount IS 'refundAmount in yuan, as the API sent it';
COMMENT ON COLUMN reporting.orders.amounts_add_up IS 'Whether total_amount = items_amount + shipping_fee; NULL when an amount is missing. Nothing is corrected';
COMMENT ON COLUMN reporting.orders.amounts_note IS 'What is wrong with the amounts, in words; NULL when nothing is. An amount too large for numeric(14,2) is shown as NULL';
COMMENT ON COLUMN reporting.orders.lines IS 'How many lines the order has';
COMMENT ON COLUMN reporting.orders.seller_login_id IS 'Login of the seller at 1688; its first 500 characters';
COMMENT ON COLUMN reporting.orders.buyer_login_id IS 'Login of the buyer''s sub-account';
COMMENT ON COLUMN reporting.orders.user_id IS 'Who placed the order: a PandaPon user';
COMMENT ON COLUMN reporting.orders.trade_type IS 'Manner of trade, in Chinese';
COMMENT ON COLUMN reporting.orders.close_reason IS 'Why the order was closed';
COMMENT ON COLUMN reporting.orders.flow IS 'Kind of purchase, such as "general"';
COMMENT ON COLUMN reporting.orders.is_invoice_code IS 'isInvoice as the API sent it; its meanings are not documented';
COMMENT ON COLUMN reporting.orders.platform_order_code IS 'platformOrder as the API sent it; its meanings are not documented';
COMMENT ON COLUMN reporting.orders.submission_success IS 'Whether the order was placed at 1688';
COMMENT ON COLUMN reporting.orders.submission_order_id IS 'The number that 1688 gave it when it was placed';
COMMENT ON COLUMN reporting.orders.submission_post_fee IS 'Postage quoted when the order was placed, in yuan';
COMMENT ON COLUMN reporting.orders.submission_total IS 'Total quoted when the order was placed, in yuan';
COMMENT ON COLUMN reporting.orders.vanished IS 'The API says that the order is gone; it is kept here as it was last';
COMMENT ON COLUMN reporting.orders.vanished_at IS 'When the API said so; NULL while the order is there';
COMMENT ON COLUMN reporting.orders.first_seen_at IS 'When the mirror first saw the order';
COMMENT ON COLUMN reporting.orders.changed_at IS 'When the mirror first saw what this row shows';
COMMENT ON COLUMN reporting.orders.version IS 'How many states of the order the mirror has seen, this one included';
COMMENT ON COLUMN reporting.orders.order_key IS 'order_id as a number, for joins';
COMMENT ON COLUMN reporting.orders.paid_at IS 'When it was paid; see milestones_from. NULL: not paid, or nobody knows when';
COMMENT ON COLUMN reporting.orders.shipped_at IS 'When the last of its parcels was shipped; NULL: not shipped, or nobody knows when';
COMMENT ON COLUMN reporting.orders.received_at IS 'When the goods were received or confirmed; NULL: not yet, or nobody knows when';
COMMENT ON COLUMN reporting.orders.finished_at IS 'When it was completed; NULL: not yet, or nobody knows when';
COMMENT ON COLUMN reporting.orders.cancelled_at IS 'When it was cancelled or terminated; NULL: it was not, or nobody knows when';
COMMENT ON COLUMN reporting.orders.milestones_from IS 'Where these times come from: detail (as 1688 says), seen (when the mirror first saw the status, a reading later than it happened), or both. NULL: there are none, as of an order that was backfilled without its detail';
COMMENT ON COLUMN reporting.orders.paid_day IS 'The calendar day of paid_at in the API''s zone';
COMMENT ON COLUMN reporting.orders.hours_to_ship IS 'From paid_at to shipped_at; NULL where one of them is not known';
COMMENT ON COLUMN reporting.orders.hours_to_finish IS 'From created_at to finished_at; NULL where that is not known';
COMMENT ON COLUMN reporting.orders.age IS 'How long ago the order was created';
COMMENT ON COLUMN reporting.orders.status_since IS 'Since when it has had its present status; NULL where nobody knows, as of an order that had it when first seen';
COMMENT ON COLUMN reporting.orders.days_in_status IS 'Days since status_since, until now';
COMMENT ON COLUMN reporting.orders.pay_deadline IS 'Until when it can be paid; from its detail';
COMMENT ON COLUMN reporting.orders.alipay_trade_id IS 'The payment''s number at Alipay, as the bank shows it; its first 500 characters; from its detail. Find orders by it in payments';
COMMENT ON COLUMN reporting.orders.buyer_memo IS 'The buyer''s own note; from its detail';

-- The left join is no weaker than another, for every line has its order; but it is left out of a plan that needs no order.
CREATE VIEW reporting.order_items AS
SELECT o.id::text AS order_id, i.id::text AS item_id, i.position, o._account AS account, reporting.api_day(o.created_at) AS created_day,
  left(i.product_id, 500) AS product_id, i.name, i.sku_id::text AS sku_id, i.spec_id, reporting.sku_text(i.sku_attributes) AS sku, i.sku_attributes,
  i.quantity, i.unit, reporting.yuan(i.price_fen)::numeric(14,2) AS price,
  reporting.yuan(i.item_amount_fen)::numeric(14,2) AS item_amount, reporting.yuan(i.refund_fen)::numeric(14,2) AS refund_amount,
  reporting.order_status_name(i.status) AS item_status, reporting.order_status_1688(i.status) AS item_status_1688, i.status AS item_status_code,
  reporting.order_status_name(o.order_status) AS order_status, left(o.seller_login_id, 500) AS seller_login_id,
  i.created_at, i.sub_tb_order_id, i.image_urls, i.snapshot_url, o._vanished_at IS NOT NULL AS vanished,
  i.order_id AS order_key, i.id AS item_key
FROM ordersync.order_items i LEFT JOIN ordersync.orders o ON o.id = i.order_id;
COMMENT ON VIEW reporting.order_items IS 'Grain: one row a line of an order. Indexed: order_id, order_key, product_id, and through the order created_day, order_status, seller_login_id';
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
COMMENT ON COLUMN reporting.order_items.item_status_code IS 'The line''s status as the API sent it, 1 to 8';
COMMENT ON COLUMN reporting.order_items.order_status IS 'The order''s status';
COMMENT ON COLUMN reporting.order_items.seller_login_id IS 'Login of the seller at 1688; its first 500 characters';
COMMENT ON COLUMN reporting.order_items.created_at IS 'When the line was created';
COMMENT ON COLUMN reporting.order_items.sub_tb_order_id IS 'The line''s number at 1688';
COMMENT ON COLUMN reporting.order_items.image_urls IS 'Addresses of pictures, in the API''s order';
COMMENT ON COLUMN reporting.order_items.snapshot_url IS 'The offer as it was when bought';
COMMENT ON COLUMN reporting.order_items.vanished IS 'The API says that the order is gone';
COMMENT ON COLUMN reporting.order_items.order_key IS 'order_id as a number, for joins';
COMMENT ON COLUMN reporting.order_items.item_key IS 'item_id as a number, for joins';

CREATE VIEW reporting.order_versions AS
SELECT o.id::text AS id, h.version, h.valid_from, h.valid_to, h.vanished, h.account,
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
       reporting.text_ids(h.state -> 'items') AS items,
       reporting.text_ids(h.changed) AS changed,
       h.order_id AS order_key
FROM ordersync.order_history AS h LEFT JOIN ordersync.orders AS o ON o.id = h.order_id WHERE h.valid_to IS NOT NULL
UNION ALL
SELECT o.id::text, o._version, o._changed_at, NULL::timestamptz, o._vanished_at IS NOT NULL, o._account,
       o.order_no, o.tb_order_id, o.created_at, o.tb_created_at, o.order_status, o.pay_status, o.refund_status,
       o.seller_login_id, o.user_id, o.close_reason,
       reporting.yuan(o.product_amount_fen)::numeric(14,2), reporting.yuan(o.shipping_fee_fen)::numeric(14,2),
       reporting.yuan(o.discount_fen)::numeric(14,2), reporting.yuan(o.total_amount_fen)::numeric(14,2),
       reporting.yuan(o.refund_amount_fen)::numeric(14,2),
       (SELECT coalesce(jsonb_agg(jsonb_build_object(
          'id', i.id::text, 'sub_tb_order_id', i.sub_tb_order_id, 'product_id', i.product_id, 'name', i.name,
          'quantity', i.quantity, 'unit', i.unit, 'sku_id', i.sku_id::text, 'spec_id', i.spec_id,
          'item_amount_fen', i.item_amount_fen, 'price_fen', i.price_fen, 'refund_fen', i.refund_fen,
          'status', i.status, 'sku_attributes', i.sku_attributes, 'image_urls', i.image_urls,
          'snapshot_url', i.snapshot_url,
          'created_at', to_char(i.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
          'position', i.position) ORDER BY i.position, i.id), '[]')
        FROM ordersync.order_items AS i WHERE i.order_id = o.id),
       CASE WHEN o._version = 1 THEN '{}' ELSE reporting.text_ids(coalesce(o._changed, (
         SELECT old.changed FROM ordersync.order_history AS old WHERE old.order_id = o.id AND old.version = o._version), '{}')) END,
       o.id
FROM ordersync.orders AS o;
COMMENT ON VIEW reporting.order_versions IS 'Grain: one row per order and state that the mirror saw of it. See orders_at for all orders at one moment';
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
COMMENT ON COLUMN reporting.order_versions.refund_status IS 'As the API sent it; its values are not documented';
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
COMMENT ON COLUMN reporting.order_versions.order_key IS 'id as a number, for joins';

-- A plain SQL function, so that the planner sees through it: `WHERE order_key = 17` uses the key. A cluster cannot see
-- through one with parameters.
CREATE FUNCTION reporting.orders_at(at timestamptz) RETURNS SETOF reporting.order_versions
LANGUAGE sql STABLE PARALLEL SAFE ROWS 100000
BEGIN ATOMIC
  SELECT v.* FROM reporting.order_versions AS v
  WHERE v.valid_from <= $1 AND (v.valid_to > $1 OR v.valid_to IS NULL);
END;
COMMENT ON FUNCTION reporting.orders_at(timestamptz) IS 'All orders as the mirror knew them at that moment, one row an order: SELECT * FROM reporting.orders_at(''2024-05-07 09:52:00+08'')';
DO $$
BEGIN
  IF NOT ordersync.is_distributed() THEN RETURN; END IF;
  CREATE OR REPLACE FUNCTION reporting.orders_at(at timestamptz) RETURNS SETOF reporting.order_versions
  LANGUAGE plpgsql STABLE ROWS 100000 SET search_path = pg_catalog AS $body$ BEGIN
    RETURN QUERY SELECT v.* FROM reporting.order_versions AS v WHERE v.valid_from <= at AND (v.valid_to > at OR v.valid_to IS NULL);
  END $body$;
END $$;

CREATE VIEW reporting.order_timeline AS
SELECT v.id AS order_id, v.version, v.valid_from AS at, v.valid_to AS until, v.account,
  CASE WHEN v.changed = '{}' THEN
    concat_ws(', ', 'first seen: ' || coalesce(reporting.order_status_name(v.order_status), 'no status'),
              v.total_amount::text || ' yuan')
  ELSE (SELECT string_agg(reporting.change_text(c.key, c.value), '; ' ORDER BY c.key NOT LIKE '%status', c.key) FROM jsonb_each(v.changed) c)
  END AS what,
  reporting.order_status_name(v.order_status) AS order_status,
  reporting.order_status_1688(v.order_status) AS order_status_1688,
  (v.changed #>> '{order_status,old}')::integer IS DISTINCT FROM (v.changed #>> '{order_status,new}')::integer AS status_changed,
  v.vanished, v.order_key, reporting.api_day(v.valid_from) AS day
FROM reporting.order_versions AS v;
COMMENT ON VIEW reporting.order_timeline IS 'Grain: one row a state of an order that the mirror saw, with what had changed as one line. Indexed: order_id, order_key, at';
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
COMMENT ON COLUMN reporting.order_timeline.order_key IS 'order_id as a number, for joins';
COMMENT ON COLUMN reporting.order_timeline.day IS 'The calendar day of at in the API''s zone';

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
COMMENT ON VIEW reporting.daily_orders IS 'Grain: one row per account and calendar day (API''s zone) on which orders were created. All orders count, cancelled and vanished ones too. Indexed: day';
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

CREATE VIEW reporting.product_sales AS
SELECT i.account, i.product_id, i.unit, i.created_day AS day, max(i.name) AS name, count(DISTINCT i.order_key) AS orders, count(*) AS lines,
  sum(i.quantity) AS quantity, sum(i.item_amount)::numeric(14,2) AS amount, sum(i.refund_amount)::numeric(14,2) AS refunds,
  count(*) FILTER (WHERE i.item_status_code IN (6, 7)) AS cancelled_lines,
  sum(i.quantity) FILTER (WHERE i.item_status_code IN (6, 7)) AS cancelled_quantity,
  sum(i.item_amount) FILTER (WHERE i.item_status_code IN (6, 7))::numeric(14,2) AS cancelled_amount,
  count(*) FILTER (WHERE i.vanished) AS vanished_lines
FROM reporting.order_items i GROUP BY i.account, i.product_id, i.unit, i.created_day;
COMMENT ON VIEW reporting.product_sales IS 'Grain: one row per account, product, unit and calendar day (API''s zone) on which orders were created. All lines count, cancelled ones too. Indexed: product_id, day';
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

-- An order is open until its status says that it ended; one whose status nobody knows is not hidden.
CREATE VIEW reporting.open_orders AS
SELECT o.id::text AS order_id, o._account AS account, left(o.order_no, 500) AS order_no, left(o.tb_order_id, 500) AS tb_order_id,
  o.created_at, reporting.api_day(o.created_at) AS created_day, left(o.seller_login_id, 500) AS seller_login_id,
  coalesce(reporting.order_status_name(o.order_status), 'unknown') AS order_status,
  reporting.order_status_1688(o.order_status) AS order_status_1688,
  reporting.pay_status_name(o.pay_status) AS pay_status, reporting.yuan(o.total_amount_fen)::numeric(14,2) AS total_amount,
  reporting.days_since(o.created_at) AS age_days, t.since AS status_since,
  coalesce(o._changed ? 'order_status', false) OR h.since IS NOT NULL AS status_change_seen,
  reporting.days_since(t.since) AS days_in_status,
  o._vanished_at IS NOT NULL AS vanished, o.id AS order_key
FROM ordersync.orders o LEFT JOIN ordersync.order_details d ON d.order_id = o.id
LEFT JOIN LATERAL (
  SELECT s.valid_from AS since FROM ordersync.order_history s
  WHERE s.order_id = o.id AND s.changed ? 'order_status' ORDER BY s.version DESC LIMIT 1) h ON true
CROSS JOIN LATERAL (
  SELECT coalesce(CASE o.order_status WHEN 2 THEN d.paid_at WHEN 3 THEN d.all_shipped_at WHEN 4 THEN coalesce(d.confirmed_at, d.received_at) END,
    CASE WHEN o._changed ? 'order_status' THEN o._changed_at END, h.since, CASE WHEN o.order_status = 1 THEN o.created_at END) AS since) t
WHERE o.order_status IS NULL OR o.order_status NOT IN (5, 6, 7);
COMMENT ON VIEW reporting.open_orders IS 'Grain: one row per order that is not completed, cancelled or terminated, as far as its status says; an unknown status counts as open. Indexed: order_id, order_key, order_status, created_day, seller_login_id';
COMMENT ON COLUMN reporting.open_orders.order_id IS 'The API''s id of the order';
COMMENT ON COLUMN reporting.open_orders.account IS 'The configured account';
COMMENT ON COLUMN reporting.open_orders.order_no IS 'PandaPon''s own number of the order';
COMMENT ON COLUMN reporting.open_orders.tb_order_id IS 'The order''s number at 1688';
COMMENT ON COLUMN reporting.open_orders.created_at IS 'When the order was created';
COMMENT ON COLUMN reporting.open_orders.created_day IS 'The calendar day of that in the API''s zone';
COMMENT ON COLUMN reporting.open_orders.seller_login_id IS 'Login of the seller at 1688';
COMMENT ON COLUMN reporting.open_orders.order_status IS 'English name of its status; "unknown (77)" for a number that is not known, "unknown" where the API shows none';
COMMENT ON COLUMN reporting.open_orders.order_status_1688 IS '1688''s own name of it';
COMMENT ON COLUMN reporting.open_orders.pay_status IS 'See orders.pay_status';
COMMENT ON COLUMN reporting.open_orders.total_amount IS 'totalAmount in yuan, as the API sent it';
COMMENT ON COLUMN reporting.open_orders.age_days IS 'Days since the order was created, until now';
COMMENT ON COLUMN reporting.open_orders.status_since IS 'Since when it has had its present status: as its detail says, when the mirror saw it come about, or the creation of one that awaits payment; NULL where nobody knows';
COMMENT ON COLUMN reporting.open_orders.status_change_seen IS 'Whether the mirror saw it come about';
COMMENT ON COLUMN reporting.open_orders.days_in_status IS 'Days since status_since, until now; NULL where that is not known: at most age_days';
COMMENT ON COLUMN reporting.open_orders.vanished IS 'The API says that the order is gone; it will not go on';
COMMENT ON COLUMN reporting.open_orders.order_key IS 'order_id as a number, for joins';

CREATE VIEW reporting.refunds AS
SELECT o.id::text AS order_id, o._account AS account, left(o.tb_order_id, 500) AS tb_order_id, o.created_at,
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
  o._vanished_at IS NOT NULL AS vanished, o.id AS order_key,
  (SELECT count(*) FROM ordersync.order_refunds r WHERE r.order_id = o.id) AS requests
FROM ordersync.orders o LEFT JOIN LATERAL (
  SELECT reporting.yuan(sum(l.refund_fen)) AS refund, count(*) FILTER (WHERE l.refund_fen <> 0) AS lines
  FROM ordersync.order_items l WHERE l.order_id = o.id) i ON true
WHERE o.refund_amount_fen <> 0 OR o.pay_status = 4;
COMMENT ON VIEW reporting.refunds IS 'Grain: one row per order of which something was refunded: its refund amount is not 0, or its payment is refunded. Indexed: order_id, order_key, created_at';
COMMENT ON COLUMN reporting.refunds.order_id IS 'The order';
COMMENT ON COLUMN reporting.refunds.account IS 'The configured account';
COMMENT ON COLUMN reporting.refunds.tb_order_id IS 'The order''s number at 1688';
COMMENT ON COLUMN reporting.refunds.created_at IS 'When the order was created';
COMMENT ON COLUMN reporting.refunds.created_day IS 'The calendar day of that in the API''s zone';
COMMENT ON COLUMN reporting.refunds.seller_login_id IS 'Login of the seller at 1688';
COMMENT ON COLUMN reporting.refunds.order_status IS 'The order''s status';
COMMENT ON COLUMN reporting.refunds.order_status_1688 IS '1688''s own name of it';
COMMENT ON COLUMN reporting.refunds.pay_status IS 'See orders.pay_status';
COMMENT ON COLUMN reporting.refunds.refund_status_code IS 'refundStatus as the API sent it; its meanings are not documented';
COMMENT ON COLUMN reporting.refunds.total_amount IS 'totalAmount in yuan, as the API sent it';
COMMENT ON COLUMN reporting.refunds.refund_amount IS 'refundAmount in yuan, as the API sent it';
COMMENT ON COLUMN reporting.refunds.refund_share IS 'refund_amount as a share of total_amount';
COMMENT ON COLUMN reporting.refunds.items_refund IS 'Sum of what the lines say was refunded, in yuan';
COMMENT ON COLUMN reporting.refunds.items_refunded IS 'How many lines say that something was refunded';
COMMENT ON COLUMN reporting.refunds.amounts_add_up IS 'Whether items_refund = refund_amount; NULL when an amount is missing';
COMMENT ON COLUMN reporting.refunds.first_refund_seen_at IS 'When the mirror first saw a refund come about; NULL when the order had one when first seen';
COMMENT ON COLUMN reporting.refunds.vanished IS 'The API says that the order is gone';
COMMENT ON COLUMN reporting.refunds.order_key IS 'order_id as a number, for joins';
COMMENT ON COLUMN reporting.refunds.requests IS 'How many requests for a refund its detail names; see refund_requests';

-- ---------------------------------------------------------------------------------------------------------------------
-- What could not be asked before

-- What the detail says, and of orders without one the moment in which the mirror saw them paid.
CREATE VIEW reporting.payments AS
SELECT o.id::text AS order_id, o._account AS account, left(o.tb_order_id, 500) AS tb_order_id, left(o.seller_login_id, 500) AS seller_login_id,
  p.paid_at, reporting.api_day(p.paid_at) AS day, reporting.yuan(p.amount_fen)::numeric(14,2) AS amount, p.pay_way, p.alipay_trade_id,
  p.phase, p.source, o._vanished_at IS NOT NULL AS vanished, o.id AS order_key
FROM (
  SELECT t.order_id, t.paid_at, t.amount_fen, t.pay_way_name AS pay_way, left(d.alipay_trade_id, 500) AS alipay_trade_id, t.phase, 'detail' AS source
  FROM ordersync.order_payments t LEFT JOIN ordersync.order_details d ON d.order_id = t.order_id WHERE t.paid_at IS NOT NULL
  UNION ALL
  SELECT d.order_id, d.paid_at, d.total_amount_fen, NULL, left(d.alipay_trade_id, 500), NULL, 'detail'
  FROM ordersync.order_details d
  WHERE d.paid_at IS NOT NULL
    AND NOT EXISTS (SELECT FROM ordersync.order_payments t WHERE t.order_id = d.order_id AND t.paid_at IS NOT NULL)
  UNION ALL
  SELECT s.order_id, s.valid_from, (SELECT h.total_amount_fen FROM ordersync.orders h WHERE h.id = s.order_id), NULL, NULL, NULL, 'seen'
  FROM ordersync.order_history s
  WHERE s.changed @> '{"order_status": {"old": 1}}' AND (s.changed #>> '{order_status,new}')::integer IN (2, 3, 4, 5)
    AND NOT EXISTS (SELECT FROM ordersync.order_details d WHERE d.order_id = s.order_id AND d.paid_at IS NOT NULL)
  UNION ALL
  SELECT n.id, n._changed_at, n.total_amount_fen, NULL, NULL, NULL, 'seen'
  FROM ordersync.orders n
  WHERE n._changed @> '{"order_status": {"old": 1}}' AND (n._changed #>> '{order_status,new}')::integer IN (2, 3, 4, 5)
    AND NOT EXISTS (SELECT FROM ordersync.order_details d WHERE d.order_id = n.id AND d.paid_at IS NOT NULL)) p
JOIN ordersync.orders o ON o.id = p.order_id;
COMMENT ON VIEW reporting.payments IS 'Grain: one row a payment: each paid term of an order whose detail was read; of other orders the moment in which the mirror saw them paid. Indexed: order_id, order_key';
COMMENT ON COLUMN reporting.payments.order_id IS 'The order';
COMMENT ON COLUMN reporting.payments.account IS 'The configured account';
COMMENT ON COLUMN reporting.payments.tb_order_id IS 'The order''s number at 1688';
COMMENT ON COLUMN reporting.payments.seller_login_id IS 'Login of the seller at 1688';
COMMENT ON COLUMN reporting.payments.paid_at IS 'When it was paid, or with source seen when the mirror saw it';
COMMENT ON COLUMN reporting.payments.day IS 'The calendar day of that in the API''s zone';
COMMENT ON COLUMN reporting.payments.amount IS 'What was paid, in yuan; with source seen the order''s total';
COMMENT ON COLUMN reporting.payments.pay_way IS 'The way of payment, in Chinese; NULL where the detail does not say';
COMMENT ON COLUMN reporting.payments.alipay_trade_id IS 'The payment''s number at Alipay, as the bank shows it';
COMMENT ON COLUMN reporting.payments.phase IS 'Number of the payment, of an order that is paid in parts';
COMMENT ON COLUMN reporting.payments.source IS 'detail: as 1688 says; seen: the mirror saw the status change';
COMMENT ON COLUMN reporting.payments.vanished IS 'The API says that the order is gone';
COMMENT ON COLUMN reporting.payments.order_key IS 'order_id as a number, for joins';

CREATE VIEW reporting.daily_payments AS
SELECT p.account, p.day, count(*) AS payments, count(DISTINCT p.order_key) AS orders, sum(p.amount)::numeric(14,2) AS amount,
  count(*) FILTER (WHERE p.source = 'seen') AS seen_only,
  sum(p.amount) FILTER (WHERE p.source = 'seen')::numeric(14,2) AS amount_seen_only
FROM reporting.payments p GROUP BY p.account, p.day;
COMMENT ON VIEW reporting.daily_payments IS 'Grain: one row an account and calendar day (API''s zone) of payment. Orders of which nobody knows when they were paid are not in it';
COMMENT ON COLUMN reporting.daily_payments.account IS 'The configured account';
COMMENT ON COLUMN reporting.daily_payments.day IS 'The calendar day of payment in the API''s zone';
COMMENT ON COLUMN reporting.daily_payments.payments IS 'How many payments';
COMMENT ON COLUMN reporting.daily_payments.orders IS 'Of how many orders';
COMMENT ON COLUMN reporting.daily_payments.amount IS 'Their sum, in yuan';
COMMENT ON COLUMN reporting.daily_payments.seen_only IS 'How many of them the mirror only saw come about, see payments.source';
COMMENT ON COLUMN reporting.daily_payments.amount_seen_only IS 'The sum of those; NULL when there are none';

CREATE VIEW reporting.shipments AS
SELECT o.id::text AS order_id, s.position AS parcel, s.id AS shipment_id, o._account AS account, left(o.tb_order_id, 500) AS tb_order_id,
  left(o.seller_login_id, 500) AS seller_login_id, s.company_name AS company, left(s.waybill_number, 500) AS waybill_number, s.status,
  s.shipped_at, reporting.api_day(s.shipped_at) AS shipped_day, s.modified_at AS last_change_at,
  reporting.order_status_name(o.order_status) AS order_status, coalesce(d.received_at, d.confirmed_at) AS received_at,
  s.item_ids::text[] AS item_ids, coalesce(cardinality(s.item_ids), 0) AS lines,
  o._vanished_at IS NOT NULL AS vanished, o.id AS order_key
FROM ordersync.order_shipments s JOIN ordersync.orders o ON o.id = s.order_id LEFT JOIN ordersync.order_details d ON d.order_id = s.order_id;
COMMENT ON VIEW reporting.shipments IS 'Grain: one row a parcel of an order whose detail was read. Indexed: order_id, order_key, shipped_at, waybill_number';
COMMENT ON COLUMN reporting.shipments.order_id IS 'The order';
COMMENT ON COLUMN reporting.shipments.parcel IS 'Place among the parcels of the order, counted from 0';
COMMENT ON COLUMN reporting.shipments.shipment_id IS 'The API''s id of the parcel';
COMMENT ON COLUMN reporting.shipments.account IS 'The configured account';
COMMENT ON COLUMN reporting.shipments.tb_order_id IS 'The order''s number at 1688';
COMMENT ON COLUMN reporting.shipments.seller_login_id IS 'Login of the seller at 1688';
COMMENT ON COLUMN reporting.shipments.company IS 'The carrier';
COMMENT ON COLUMN reporting.shipments.waybill_number IS 'The carrier''s number; its first 500 characters; may be words, such as that none is needed';
COMMENT ON COLUMN reporting.shipments.status IS '1688''s word, such as alreadysend';
COMMENT ON COLUMN reporting.shipments.shipped_at IS 'When it was shipped';
COMMENT ON COLUMN reporting.shipments.shipped_day IS 'The calendar day of that in the API''s zone';
COMMENT ON COLUMN reporting.shipments.last_change_at IS 'When 1688 last changed what it knows of the parcel';
COMMENT ON COLUMN reporting.shipments.order_status IS 'The order''s status';
COMMENT ON COLUMN reporting.shipments.received_at IS 'When the order''s goods were received or confirmed';
COMMENT ON COLUMN reporting.shipments.item_ids IS 'Numbers at 1688 of the lines that are in it (order_items.sub_tb_order_id)';
COMMENT ON COLUMN reporting.shipments.lines IS 'How many lines are in it; 0 where the API does not say';
COMMENT ON COLUMN reporting.shipments.vanished IS 'The API says that the order is gone';
COMMENT ON COLUMN reporting.shipments.order_key IS 'order_id as a number, for joins';

CREATE VIEW reporting.shipments_under_way AS
SELECT o.id::text AS order_id, s.position AS parcel, s.id AS shipment_id, o._account AS account, left(o.tb_order_id, 500) AS tb_order_id,
  left(o.seller_login_id, 500) AS seller_login_id, s.company_name AS company, left(s.waybill_number, 500) AS waybill_number, s.status,
  s.shipped_at, reporting.days_since(s.shipped_at) AS days_since_shipped, s.modified_at AS last_change_at,
  reporting.days_since(coalesce(s.modified_at, s.shipped_at)) AS days_without_change,
  s.item_ids::text[] AS item_ids, o.id AS order_key
FROM ordersync.order_shipments s JOIN ordersync.orders o ON o.id = s.order_id LEFT JOIN ordersync.order_details d ON d.order_id = s.order_id
WHERE s.shipped_at IS NOT NULL AND coalesce(d.received_at, d.confirmed_at, d.completed_at) IS NULL AND o._vanished_at IS NULL
  AND (o.order_status IS NULL OR o.order_status NOT IN (4, 5, 6, 7));
COMMENT ON VIEW reporting.shipments_under_way IS 'Grain: one row a parcel that was shipped and whose order is not received yet, as far as is known. Indexed: order_id, order_key, shipped_at';
COMMENT ON COLUMN reporting.shipments_under_way.order_id IS 'The order';
COMMENT ON COLUMN reporting.shipments_under_way.parcel IS 'Place among the parcels of the order, counted from 0';
COMMENT ON COLUMN reporting.shipments_under_way.shipment_id IS 'The API''s id of the parcel';
COMMENT ON COLUMN reporting.shipments_under_way.account IS 'The configured account';
COMMENT ON COLUMN reporting.shipments_under_way.tb_order_id IS 'The order''s number at 1688';
COMMENT ON COLUMN reporting.shipments_under_way.seller_login_id IS 'Login of the seller at 1688';
COMMENT ON COLUMN reporting.shipments_under_way.company IS 'The carrier';
COMMENT ON COLUMN reporting.shipments_under_way.waybill_number IS 'The carrier''s number; may be words';
COMMENT ON COLUMN reporting.shipments_under_way.status IS '1688''s word, such as alreadysend';
COMMENT ON COLUMN reporting.shipments_under_way.shipped_at IS 'When it was shipped';
COMMENT ON COLUMN reporting.shipments_under_way.days_since_shipped IS 'Days since then, until now';
COMMENT ON COLUMN reporting.shipments_under_way.last_change_at IS 'When 1688 last changed what it knows of the parcel';
COMMENT ON COLUMN reporting.shipments_under_way.days_without_change IS 'Days since then, or since it was shipped: the carrier''s scans are not in the API';
COMMENT ON COLUMN reporting.shipments_under_way.item_ids IS 'Numbers at 1688 of the lines that are in it';
COMMENT ON COLUMN reporting.shipments_under_way.order_key IS 'order_id as a number, for joins';

CREATE VIEW reporting.unpaid_expiring AS
SELECT o.id::text AS order_id, o._account AS account, left(o.order_no, 500) AS order_no, left(o.tb_order_id, 500) AS tb_order_id,
  left(o.seller_login_id, 500) AS seller_login_id, o.sub_buyer_login_id AS buyer_login_id,
  reporting.yuan(o.total_amount_fen)::numeric(14,2) AS total_amount, o.created_at, reporting.api_day(o.created_at) AS created_day,
  d.pay_deadline, round(extract(epoch FROM d.pay_deadline - now()) / 3600, 1) AS hours_left,
  round(extract(epoch FROM now() - o.created_at) / 3600, 1) AS hours_unpaid, o.id AS order_key
FROM ordersync.orders o LEFT JOIN ordersync.order_details d ON d.order_id = o.id
WHERE coalesce(reporting.order_status_name(o.order_status), 'unknown') = 'awaiting payment'
  AND (o.order_status IS NULL OR o.order_status NOT IN (5, 6, 7)) AND d.paid_at IS NULL AND o._vanished_at IS NULL;
COMMENT ON VIEW reporting.unpaid_expiring IS 'Grain: one row an order that awaits payment. ORDER BY pay_deadline for the most urgent first';
COMMENT ON COLUMN reporting.unpaid_expiring.order_id IS 'The order';
COMMENT ON COLUMN reporting.unpaid_expiring.account IS 'The configured account';
COMMENT ON COLUMN reporting.unpaid_expiring.order_no IS 'PandaPon''s own number of the order';
COMMENT ON COLUMN reporting.unpaid_expiring.tb_order_id IS 'The order''s number at 1688';
COMMENT ON COLUMN reporting.unpaid_expiring.seller_login_id IS 'Login of the seller at 1688';
COMMENT ON COLUMN reporting.unpaid_expiring.buyer_login_id IS 'Login of the buyer''s sub-account';
COMMENT ON COLUMN reporting.unpaid_expiring.total_amount IS 'What is to be paid, in yuan';
COMMENT ON COLUMN reporting.unpaid_expiring.created_at IS 'When the order was created';
COMMENT ON COLUMN reporting.unpaid_expiring.created_day IS 'The calendar day of that in the API''s zone';
COMMENT ON COLUMN reporting.unpaid_expiring.pay_deadline IS 'Until when it can be paid; NULL while its detail was not read';
COMMENT ON COLUMN reporting.unpaid_expiring.hours_left IS 'Hours until then; below 0: it is over';
COMMENT ON COLUMN reporting.unpaid_expiring.hours_unpaid IS 'Hours since the order was created';
COMMENT ON COLUMN reporting.unpaid_expiring.order_key IS 'order_id as a number, for joins';

CREATE VIEW reporting.refund_requests AS
SELECT r.refund_id, o.id::text AS order_id, o._account AS account, left(o.tb_order_id, 500) AS tb_order_id,
  left(o.seller_login_id, 500) AS seller_login_id, r.status, r.after_sale_status,
  reporting.yuan(r.amount_fen)::numeric(14,2) AS amount, r.created_at, reporting.api_day(r.created_at) AS day, r.modified_at, r.completed_at,
  r.alipay_payment_id, reporting.yuan(o.refund_amount_fen)::numeric(14,2) AS order_refund_amount,
  o._vanished_at IS NOT NULL AS vanished, o.id AS order_key
FROM ordersync.order_refunds r JOIN ordersync.orders o ON o.id = r.order_id;
COMMENT ON VIEW reporting.refund_requests IS 'Grain: one row a request for a refund that an order''s detail named. refunds has one row an order';
COMMENT ON COLUMN reporting.refund_requests.refund_id IS 'The API''s id of the request';
COMMENT ON COLUMN reporting.refund_requests.order_id IS 'The order';
COMMENT ON COLUMN reporting.refund_requests.account IS 'The configured account';
COMMENT ON COLUMN reporting.refund_requests.tb_order_id IS 'The order''s number at 1688';
COMMENT ON COLUMN reporting.refund_requests.seller_login_id IS 'Login of the seller at 1688';
COMMENT ON COLUMN reporting.refund_requests.status IS 'Its state while the order is open: waitselleragree, waitbuyermodify, waitbuyersend, waitsellerreceive, refundsuccess, refundclose';
COMMENT ON COLUMN reporting.refund_requests.after_sale_status IS 'Its state after the sale, by the same words';
COMMENT ON COLUMN reporting.refund_requests.amount IS 'What it is about, in yuan; NULL where the API does not say';
COMMENT ON COLUMN reporting.refund_requests.created_at IS 'When it was made; NULL where the API does not say';
COMMENT ON COLUMN reporting.refund_requests.day IS 'The calendar day of that in the API''s zone';
COMMENT ON COLUMN reporting.refund_requests.modified_at IS 'When it last changed; NULL where the API does not say';
COMMENT ON COLUMN reporting.refund_requests.completed_at IS 'When it ended; NULL where the API does not say';
COMMENT ON COLUMN reporting.refund_requests.alipay_payment_id IS 'The payment''s number at Alipay';
COMMENT ON COLUMN reporting.refund_requests.order_refund_amount IS 'What was refunded of the order in all, in yuan';
COMMENT ON COLUMN reporting.refund_requests.vanished IS 'The API says that the order is gone';
COMMENT ON COLUMN reporting.refund_requests.order_key IS 'order_id as a number, for joins';

CREATE VIEW reporting.cargo AS
SELECT o.id::text AS order_id, c.position, o._account AS account, reporting.api_day(o.created_at) AS created_day,
  left(o.seller_login_id, 500) AS seller_login_id, c.offer_id::text AS offer_id, c.spec_id, c.quantity,
  reporting.order_status_name(o.order_status) AS order_status, o._vanished_at IS NOT NULL AS vanished, o.id AS order_key
FROM ordersync.order_cargo c LEFT JOIN ordersync.orders o ON o.id = c.order_id;
COMMENT ON VIEW reporting.cargo IS 'Grain: one row an offer that was asked for when an order was placed. Indexed: order_id, order_key, created_day';
COMMENT ON COLUMN reporting.cargo.order_id IS 'The order';
COMMENT ON COLUMN reporting.cargo.position IS 'Place in the list, counted from 0';
COMMENT ON COLUMN reporting.cargo.account IS 'The configured account';
COMMENT ON COLUMN reporting.cargo.created_day IS 'The calendar day on which the order was created, in the API''s zone';
COMMENT ON COLUMN reporting.cargo.seller_login_id IS 'Login of the seller at 1688';
COMMENT ON COLUMN reporting.cargo.offer_id IS 'The offer at 1688, as order_items.product_id';
COMMENT ON COLUMN reporting.cargo.spec_id IS 'The variant''s specification';
COMMENT ON COLUMN reporting.cargo.quantity IS 'How much was asked for';
COMMENT ON COLUMN reporting.cargo.order_status IS 'The order''s status';
COMMENT ON COLUMN reporting.cargo.vanished IS 'The API says that the order is gone';
COMMENT ON COLUMN reporting.cargo.order_key IS 'order_id as a number, for joins';

CREATE VIEW reporting.buyers AS
SELECT o._account AS account, o.sub_buyer_login_id AS buyer_login_id,
  date_trunc('month', reporting.api_day(o.created_at)::timestamp)::date AS month,
  count(*) AS orders, sum(reporting.yuan(o.total_amount_fen))::numeric(14,2) AS amount,
  sum(reporting.yuan(o.refund_amount_fen))::numeric(14,2) AS refunds,
  count(*) FILTER (WHERE o.order_status IN (6, 7)) AS cancelled,
  sum(reporting.yuan(o.total_amount_fen)) FILTER (WHERE o.order_status IN (6, 7))::numeric(14,2) AS cancelled_amount,
  count(DISTINCT left(o.seller_login_id, 500)) AS sellers, max(o.created_at) AS last_order_at,
  count(*) FILTER (WHERE o._vanished_at IS NOT NULL) AS vanished
FROM ordersync.orders o GROUP BY 1, 2, 3;
COMMENT ON VIEW reporting.buyers IS 'Grain: one row an account, sub-account of the buyer and month (API''s zone) in which orders were created. Indexed: month';
COMMENT ON COLUMN reporting.buyers.account IS 'The configured account';
COMMENT ON COLUMN reporting.buyers.buyer_login_id IS 'Login of the buyer''s sub-account';
COMMENT ON COLUMN reporting.buyers.month IS 'The first day of the month';
COMMENT ON COLUMN reporting.buyers.orders IS 'How many orders';
COMMENT ON COLUMN reporting.buyers.amount IS 'Sum of their totals, in yuan; cancelled ones too';
COMMENT ON COLUMN reporting.buyers.refunds IS 'What was refunded, in yuan';
COMMENT ON COLUMN reporting.buyers.cancelled IS 'How many of them are cancelled or terminated';
COMMENT ON COLUMN reporting.buyers.cancelled_amount IS 'Sum of their totals; NULL when there are none';
COMMENT ON COLUMN reporting.buyers.sellers IS 'From how many sellers';
COMMENT ON COLUMN reporting.buyers.last_order_at IS 'When the last of them was created';
COMMENT ON COLUMN reporting.buyers.vanished IS 'How many of them the API says are gone';

CREATE VIEW reporting.price_history AS
SELECT o._account AS account, left(i.product_id, 500) AS product_id, i.sku_id::text AS sku_id, i.spec_id, i.name,
  reporting.sku_text(i.sku_attributes) AS sku, o.created_at, reporting.api_day(o.created_at) AS day,
  i.quantity, i.unit, reporting.yuan(i.price_fen)::numeric(14,2) AS price, reporting.yuan(i.item_amount_fen)::numeric(14,2) AS item_amount,
  round(reporting.yuan(i.item_amount_fen) / nullif(i.quantity, 0), 4) AS paid_for_one,
  left(o.seller_login_id, 500) AS seller_login_id, reporting.order_status_name(i.status) AS item_status,
  o._vanished_at IS NOT NULL AS vanished, o.id::text AS order_id, o.id AS order_key
FROM ordersync.order_items i JOIN ordersync.orders o ON o.id = i.order_id;
COMMENT ON VIEW reporting.price_history IS 'Grain: one row a line of an order: what was paid for a product each time. Indexed: product_id, day';
COMMENT ON COLUMN reporting.price_history.account IS 'The configured account';
COMMENT ON COLUMN reporting.price_history.product_id IS 'The offer at 1688; its first 500 characters';
COMMENT ON COLUMN reporting.price_history.sku_id IS 'The variant of the product';
COMMENT ON COLUMN reporting.price_history.spec_id IS 'The variant''s specification';
COMMENT ON COLUMN reporting.price_history.name IS 'Name of the product';
COMMENT ON COLUMN reporting.price_history.sku IS 'The variant''s attributes to read';
COMMENT ON COLUMN reporting.price_history.created_at IS 'When the order was created';
COMMENT ON COLUMN reporting.price_history.day IS 'The calendar day of that in the API''s zone';
COMMENT ON COLUMN reporting.price_history.quantity IS 'How much was ordered';
COMMENT ON COLUMN reporting.price_history.unit IS 'Unit of the quantity, in Chinese';
COMMENT ON COLUMN reporting.price_history.price IS 'What one unit costs, in yuan, as it came';
COMMENT ON COLUMN reporting.price_history.item_amount IS 'What the line costs, in yuan';
COMMENT ON COLUMN reporting.price_history.paid_for_one IS 'item_amount by quantity';
COMMENT ON COLUMN reporting.price_history.seller_login_id IS 'Login of the seller at 1688';
COMMENT ON COLUMN reporting.price_history.item_status IS 'The line''s status';
COMMENT ON COLUMN reporting.price_history.vanished IS 'The API says that the order is gone';
COMMENT ON COLUMN reporting.price_history.order_id IS 'The order';
COMMENT ON COLUMN reporting.price_history.order_key IS 'order_id as a number, for joins';

CREATE VIEW reporting.monthly_spend AS
SELECT o._account AS account, date_trunc('month', reporting.api_day(o.created_at)::timestamp)::date AS month,
  left(o.seller_login_id, 500) AS seller_login_id, count(*) AS orders,
  sum(reporting.yuan(o.total_amount_fen))::numeric(14,2) AS amount,
  count(*) FILTER (WHERE o.order_status IN (6, 7)) AS cancelled,
  sum(reporting.yuan(o.total_amount_fen)) FILTER (WHERE o.order_status IN (6, 7))::numeric(14,2) AS cancelled_amount,
  sum(reporting.yuan(o.refund_amount_fen))::numeric(14,2) AS refunds,
  (coalesce(sum(reporting.yuan(o.total_amount_fen)) FILTER (WHERE o.order_status IS NULL OR o.order_status NOT IN (6, 7)), 0)
   - coalesce(sum(reporting.yuan(o.refund_amount_fen)) FILTER (WHERE o.order_status IS NULL OR o.order_status NOT IN (6, 7)), 0))::numeric(14,2) AS spend,
  count(*) FILTER (WHERE o._vanished_at IS NOT NULL) AS vanished
FROM ordersync.orders o GROUP BY 1, 2, 3;
COMMENT ON VIEW reporting.monthly_spend IS 'Grain: one row an account, month (API''s zone) in which orders were created, and seller. Indexed: month, seller_login_id';
COMMENT ON COLUMN reporting.monthly_spend.account IS 'The configured account';
COMMENT ON COLUMN reporting.monthly_spend.month IS 'The first day of the month';
COMMENT ON COLUMN reporting.monthly_spend.seller_login_id IS 'Login of the seller at 1688; its first 500 characters';
COMMENT ON COLUMN reporting.monthly_spend.orders IS 'How many orders, cancelled ones too';
COMMENT ON COLUMN reporting.monthly_spend.amount IS 'Sum of their totals, in yuan';
COMMENT ON COLUMN reporting.monthly_spend.cancelled IS 'How many of them are cancelled or terminated';
COMMENT ON COLUMN reporting.monthly_spend.cancelled_amount IS 'Sum of their totals; NULL when there are none';
COMMENT ON COLUMN reporting.monthly_spend.refunds IS 'What was refunded of all of them, in yuan';
COMMENT ON COLUMN reporting.monthly_spend.spend IS 'What is left: totals of those that are not cancelled, less their refunds';
COMMENT ON COLUMN reporting.monthly_spend.vanished IS 'How many of them the API says are gone';

-- Where goods go, as far as a town: nobody is named, and no street.
CREATE VIEW reporting.deliveries AS
SELECT o.id::text AS order_id, o._account AS account, left(o.tb_order_id, 500) AS tb_order_id, o.created_at,
  reporting.api_day(o.created_at) AS created_day, left(o.seller_login_id, 500) AS seller_login_id,
  reporting.order_status_name(o.order_status) AS order_status, reporting.region(a.province) AS province, reporting.region(a.city) AS city,
  reporting.region(a.area) AS area, reporting.region(a.town) AS town,
  (SELECT count(*) FROM ordersync.order_items i WHERE i.order_id = o.id) AS lines,
  (SELECT sum(i.quantity) FROM ordersync.order_items i WHERE i.order_id = o.id) AS quantity,
  (SELECT count(*) FROM ordersync.order_shipments s WHERE s.order_id = o.id) AS parcels,
  (SELECT string_agg(left(s.waybill_number, 500), ', ' ORDER BY s.position) FROM ordersync.order_shipments s WHERE s.order_id = o.id) AS waybill_numbers,
  d.all_shipped_at AS shipped_at, coalesce(d.received_at, d.confirmed_at) AS received_at, o._vanished_at IS NOT NULL AS vanished, o.id AS order_key
FROM ordersync.orders o LEFT JOIN ordersync.order_warehouse_addresses a ON a.order_id = o.id
LEFT JOIN ordersync.order_details d ON d.order_id = o.id;
COMMENT ON VIEW reporting.deliveries IS 'Grain: one row an order: where its goods go, as far as a town, and in which parcels. Without personal data. Indexed: order_id, order_key, created_day';
COMMENT ON COLUMN reporting.deliveries.order_id IS 'The order';
COMMENT ON COLUMN reporting.deliveries.account IS 'The configured account';
COMMENT ON COLUMN reporting.deliveries.tb_order_id IS 'The order''s number at 1688';
COMMENT ON COLUMN reporting.deliveries.created_at IS 'When the order was created';
COMMENT ON COLUMN reporting.deliveries.created_day IS 'The calendar day of that in the API''s zone';
COMMENT ON COLUMN reporting.deliveries.seller_login_id IS 'Login of the seller at 1688';
COMMENT ON COLUMN reporting.deliveries.order_status IS 'The order''s status';
COMMENT ON COLUMN reporting.deliveries.province IS 'Province of the warehouse; NULL where the API shows none, or something else in its place';
COMMENT ON COLUMN reporting.deliveries.city IS 'City, likewise';
COMMENT ON COLUMN reporting.deliveries.area IS 'District, likewise';
COMMENT ON COLUMN reporting.deliveries.town IS 'Town or quarter, likewise';
COMMENT ON COLUMN reporting.deliveries.lines IS 'How many lines the order has';
COMMENT ON COLUMN reporting.deliveries.quantity IS 'Sum of their quantities, of whatever units';
COMMENT ON COLUMN reporting.deliveries.parcels IS 'How many parcels its detail names; 0 while that was not read';
COMMENT ON COLUMN reporting.deliveries.waybill_numbers IS 'Their numbers at the carriers';
COMMENT ON COLUMN reporting.deliveries.shipped_at IS 'When the last of them was shipped';
COMMENT ON COLUMN reporting.deliveries.received_at IS 'When the goods were received or confirmed';
COMMENT ON COLUMN reporting.deliveries.vanished IS 'The API says that the order is gone';
COMMENT ON COLUMN reporting.deliveries.order_key IS 'order_id as a number, for joins';

-- ---------------------------------------------------------------------------------------------------------------------
-- The views of others, and rights

DO $$
DECLARE
  one   record;
  noted record;
BEGIN
  FOR one IN SELECT * FROM views_above ORDER BY depth, name LOOP
    BEGIN
      EXECUTE format('CREATE VIEW %s (%s) %s AS %s', one.name, (SELECT string_agg(quote_ident(c), ', ' ORDER BY n)
          FROM unnest(one.columns) WITH ORDINALITY u (c, n)),
        'WITH (' || nullif(array_to_string(one.options, ', '), '') || ')', one.definition);
      IF one.owner <> to_regrole(current_user::text)::oid THEN
        EXECUTE format('ALTER VIEW %s OWNER TO %s', one.name, one.owner::regrole);
      END IF;
    EXCEPTION WHEN OTHERS THEN
      RAISE 'ids in schema reporting become text, and view % does not work with that: %; change it to use order_key, the id as a number, or drop it, and run "ordersync migrate" again',
        one.name, SQLERRM USING ERRCODE = 'dependent_objects_still_exist';
    END;
    IF one.comment IS NOT NULL THEN EXECUTE format('COMMENT ON VIEW %s IS %L', one.name, one.comment); END IF;
    FOR noted IN SELECT key, value FROM jsonb_each_text(one.column_comments) LOOP
      EXECUTE format('COMMENT ON COLUMN %s.%I IS %L', one.name, noted.key, noted.value);
    END LOOP;
  END LOOP;
  FOR one IN SELECT name, what, is_grantable, CASE WHEN grantee = 0 THEN 'PUBLIC' ELSE grantee::regrole::text END AS role FROM rights_given LOOP
    EXECUTE format('GRANT %s ON %s %s TO %s %s', one.what, CASE WHEN one.what = 'EXECUTE' THEN 'FUNCTION' ELSE 'TABLE' END, one.name, one.role,
      CASE WHEN one.is_grantable THEN 'WITH GRANT OPTION' ELSE '' END);
  END LOOP;
END $$;
DROP TABLE views_above, rights_given;

-- As before; in a cluster readers also need what the new views read there, and of addresses no more than regions.
CREATE OR REPLACE FUNCTION ordersync.grant_reading() RETURNS text[] LANGUAGE plpgsql SET search_path = pg_catalog AS $$
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
    GRANT SELECT ON ordersync.order_receivers, ordersync.order_warehouse_addresses, ordersync.order_contacts TO ordersync_pii_reader;
  END IF;
  -- The nodes of a cluster read their parts of a view's tables as the role that asks. None of these holds personal data.
  IF ordersync.is_distributed() THEN
    FOREACH reader IN ARRAY readers LOOP
      EXECUTE format('GRANT USAGE ON SCHEMA ordersync TO %I', reader);
      EXECUTE format('GRANT SELECT ON ordersync.orders, ordersync.order_items, ordersync.order_history, ordersync.order_cargo, '
        'ordersync.order_details, ordersync.order_payments, ordersync.order_shipments, ordersync.order_refunds TO %I', reader);
      EXECUTE format('GRANT SELECT (order_id, province, city, area, town) ON ordersync.order_warehouse_addresses TO %I', reader);
    END LOOP;
  END IF;
  RETURN missing;
END $$;
SELECT ordersync.grant_reading();

ANALYZE ordersync.orders;
