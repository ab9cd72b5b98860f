-- Reports count no payment twice, call no cancelled order finished, guess no time, show prices that were paid, every id as text, and
-- of addresses nothing but regions.

-- ---------------------------------------------------------------------------------------------------------------------
-- Ids as text

-- JavaScript rounds whole numbers beyond 2^53: those of 16 digits or more are text, whatever they are called. jsonb puts a space
-- after each colon and comma, and a backslash before a quotation mark in a text, so that a name's end is known by itself; where a
-- large number is left then, the text is taken apart.
CREATE FUNCTION reporting.quoted_numbers(document text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN (SELECT string_agg(CASE WHEN t.token[1] LIKE '"%' THEN t.token[1]
    ELSE regexp_replace(t.token[1], '(?<![0-9.])(-?[0-9]{16,})(?![0-9.])', '"\1"', 'g') END, '' ORDER BY t.n)
  FROM regexp_matches(document, '"(?:[^"\\]|\\.)*"|[^"]+', 'g') WITH ORDINALITY AS t (token, n));
COMMENT ON FUNCTION reporting.quoted_numbers(text) IS 'The same text of a jsonb with whole numbers of 16 digits or more as text';
CREATE FUNCTION reporting.quoted_if_large(document text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN CASE WHEN document ~ '[ \[]-?[0-9]{16,}(, |\}|\](, |\}|\]|$))' THEN reporting.quoted_numbers(document) ELSE document END;
COMMENT ON FUNCTION reporting.quoted_if_large(text) IS 'As quoted_numbers, and quick where there is none';
-- {"sku_id": {"new": 7, "old": 5}}, as changes are written.
CREATE FUNCTION reporting.quoted_ids(document text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN CASE WHEN strpos(document, 'd": {"') = 0 THEN document ELSE regexp_replace(regexp_replace(document,
  '((?:_id|Id|\.id|"id)": \{"new": )(-?[0-9]+)(?=[,}])', '\1"\2"', 'g'),
  '((?:_id|Id|\.id|"id)": \{(?:"new": (?:null|"[^"\\]*"), )?"old": )(-?[0-9]+)(?=\})', '\1"\2"', 'g') END;
COMMENT ON FUNCTION reporting.quoted_ids(text) IS 'The same text of a jsonb with what changed of ids as text';
CREATE OR REPLACE FUNCTION reporting.text_ids(document jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN reporting.quoted_if_large(reporting.quoted_ids(
  regexp_replace(document::text, '((?:_id|Id|\.id|"id)": )(-?[0-9]+)(?=[,}])', '\1"\2"', 'g')))::jsonb;
COMMENT ON FUNCTION reporting.text_ids(jsonb) IS 'The same JSON with ids, and all whole numbers of 16 digits or more, as text';

CREATE OR REPLACE VIEW reporting.order_detail_versions AS
SELECT h.order_id::text AS order_id, h.version, h.valid_from, h.valid_to,
  h.state #>> '{detail,status}' AS status,
  (h.state #>> '{detail,paid_at}')::timestamptz AS paid_at,
  (h.state #>> '{detail,all_shipped_at}')::timestamptz AS shipped_at,
  coalesce(h.state #>> '{detail,received_at}', h.state #>> '{detail,confirmed_at}')::timestamptz AS received_at,
  (h.state #>> '{detail,completed_at}')::timestamptz AS finished_at,
  left(h.state #>> '{detail,alipay_trade_id}', 500) AS alipay_trade_id,
  h.state #>> '{detail,refund_status}' AS refund_status,
  h.state -> 'payments' AS payments, reporting.text_ids(h.state -> 'shipments') AS shipments,
  reporting.text_ids(h.state -> 'refunds') AS refunds, reporting.text_ids(h.changed) AS changed, h.order_id AS order_key
FROM ordersync.order_detail_history AS h
UNION ALL
SELECT d.order_id::text, d._version, d._changed_at, NULL::timestamptz, d.status, d.paid_at, d.all_shipped_at,
  coalesce(d.received_at, d.confirmed_at), d.completed_at, left(d.alipay_trade_id, 500), d.refund_status,
  (SELECT coalesce(jsonb_agg(jsonb_build_object('position', p.position, 'phase', p.phase, 'pay_status', p.pay_status,
     'paid_at', to_char(p.paid_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'pay_way', p.pay_way,
     'pay_way_name', p.pay_way_name, 'amount_fen', p.amount_fen) ORDER BY p.position), '[]')
   FROM ordersync.order_payments AS p WHERE p.order_id = d.order_id),
  (SELECT coalesce(jsonb_agg(jsonb_build_object('position', s.position, 'id', s.id, 'code', s.code, 'company_name', s.company_name,
     'company_code', s.company_code, 'waybill_number', s.waybill_number, 'status', s.status, 'type', s.type,
     'shipped_at', to_char(s.shipped_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
     'created_at', to_char(s.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
     'modified_at', to_char(s.modified_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
     'item_ids', s.item_ids::text[]) ORDER BY s.position), '[]')
   FROM ordersync.order_shipments AS s WHERE s.order_id = d.order_id),
  (SELECT reporting.text_ids(coalesce(jsonb_agg(jsonb_build_object('refund_id', r.refund_id, 'status', r.status, 'after_sale_status', r.after_sale_status,
     'amount_fen', r.amount_fen, 'created_at', to_char(r.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
     'modified_at', to_char(r.modified_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
     'completed_at', to_char(r.completed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
     'alipay_payment_id', r.alipay_payment_id, 'raw', r.raw) ORDER BY r.refund_id), '[]'))
   FROM ordersync.order_refunds AS r WHERE r.order_id = d.order_id),
  reporting.text_ids(coalesce(d._changed, '{}')), d.order_id
FROM ordersync.order_details AS d;
COMMENT ON COLUMN reporting.order_detail_versions.changed IS 'What differs from the state before, with old and new; amounts in fen, ids as text; see ordersync.order_detail_history.changed';
COMMENT ON COLUMN reporting.order_versions.changed IS 'What differs from the state before, with old and new; amounts in fen, ids as text; see ordersync.order_history.changed';

-- ---------------------------------------------------------------------------------------------------------------------
-- Regions

-- The source shows names and streets in the fields of regions. A province is one of those that there are, and what follows it is
-- cut; the others are short, end as regions do, and have nothing in them of which names and addresses are made. Whatever is in
-- doubt is not shown.
CREATE OR REPLACE FUNCTION reporting.region(written text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
  WHEN written ~ '^(北京|天津|上海|重庆)市|^(河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|广西|海南|四川|贵州|云南|陕西|甘肃|青海|台湾)省|^(内蒙古|广西壮族|西藏|宁夏回族|新疆维吾尔)自治区|^(香港|澳门)特别行政区'
    THEN substring(written FROM '^.{2,5}?(?:自治区|特别行政区|省|市)')
  WHEN written !~ '^[\u4e00-\u9fff]{2,16}$' THEN NULL
  WHEN written ~ '^(厦门|江门|荆门|天门|攀枝花|满洲里|五大连池|玉门|阿尔山|辛集|芒|香格里拉)市$|^神农架林区$|^(富拉尔基|加格达奇|扎赉诺尔|克拉玛依|沙依巴克|堆龙德庆|点军|东|西|城|郊|矿)区$|^(和林格尔|乌鲁木齐|吉木萨尔|墨竹工卡|工布江达)县$'
    OR written ~ '^(锡林郭勒|兴安|阿拉善)盟$|^.{2,5}[左右中前后]旗$|^(准格尔|达拉特|乌审|杭锦|鄂托克|伊金霍洛|正蓝|正镶白|镶黄|太仆寺|敖汉|翁牛特|喀喇沁|库伦|奈曼|扎鲁特|阿巴嘎|阿鲁科尔沁|克什克腾|达尔罕茂明安联合|阿荣|陈巴尔虎|四子王|扎赉特|东乌珠穆沁|西乌珠穆沁|额济纳)旗$'
    THEN written
  WHEN written ~ '[小社校厂院库军舍活宅业务]区|[超门夜菜集花股]市|家[旁边里中]|隔壁|对面|附近|[收转寄旁号栋幢室某]|楼下|单元|公司|先生|女士|小姐|老师|经理|师傅|老板|电话|手机|地址|[老家同故]乡|联系|请|快递'
    AND written !~ '^.{1,10}(开发|工业|产业|示范|管理|保税|矿|新)区$'
    THEN NULL
  WHEN written ~ '^.县$|^.{2,3}[市区县]$|^.{1,5}[镇乡]$|^.{2,6}(街道|地区|农场|林场|牧场)$|^.{2,10}(开发|工业|产业|示范|管理|保税|矿|新)区$|^(呼和浩特|乌鲁木齐|齐齐哈尔|呼伦贝尔|鄂尔多斯|巴彦淖尔|克拉玛依|乌兰察布|锡林浩特|二连浩特|乌兰浩特|霍林郭勒|额尔古纳|图木舒克|阿拉山口|霍尔果斯|可克达拉)市$'
    OR written ~ '^.{2,3}((壮|回|苗|彝|藏|侗|瑶|羌|黎|土|白|傣|畲|水|佤|满|怒|土家|布依|哈尼|傈僳|拉祜|纳西|景颇|仡佬|布朗|毛南|仫佬|朝鲜|蒙古|哈萨克|锡伯|达斡尔|东乡|保安|撒拉|裕固|独龙|普米|各)族?)+自治[州县]$'
    OR written ~ '^.{1,4}((壮|回|苗|彝|藏|侗|瑶|羌|黎|土|白|傣|畲|水|佤|满|怒|土家|布依|哈尼|傈僳|拉祜|纳西|景颇|仡佬|布朗|毛南|仫佬|朝鲜|蒙古|哈萨克|锡伯|达斡尔|东乡|保安|撒拉|裕固|独龙|普米|鄂温克|各)族)+[乡区]$'
    OR written ~ '^(巴音郭楞蒙古|博尔塔拉蒙古|克孜勒苏柯尔克孜|西双版纳傣族|前郭尔罗斯蒙古族|喀喇沁左翼蒙古族|杜尔伯特蒙古族|塔什库尔干塔吉克|察布查尔锡伯|和布克赛尔蒙古)自治[州县]$|^(鄂伦春|鄂温克族|莫力达瓦达斡尔族)自治旗$'
    THEN written END;
COMMENT ON FUNCTION reporting.region(text) IS 'A province, city, district or town that stands by itself, as far as its form shows, or the province with which it begins; NULL for anything else';

-- ---------------------------------------------------------------------------------------------------------------------
-- Payments

-- One the mirror saw counts once an order, and not where the detail says when it was paid. Each part reads one table and has no
-- condition of its own, but says what counts: only so are an order's payments looked up by its id in each of them. A first change is
-- version 2.
CREATE OR REPLACE VIEW reporting.payments AS
SELECT o.id::text AS order_id, o._account AS account, left(o.tb_order_id, 500) AS tb_order_id, left(o.seller_login_id, 500) AS seller_login_id,
  p.paid_at, reporting.api_day(p.paid_at) AS day,
  reporting.yuan(CASE p.source WHEN 'seen' THEN o.total_amount_fen ELSE p.amount_fen END)::numeric(14,2) AS amount, p.pay_way,
  CASE p.source WHEN 'detail' THEN left(d.alipay_trade_id, 500) END AS alipay_trade_id,
  p.phase, p.source, o._vanished_at IS NOT NULL AS vanished, o.id AS order_key
FROM (
  SELECT t.order_id, t.paid_at, t.amount_fen, t.pay_way_name AS pay_way, t.phase, 'detail'::text AS source, t.paid_at IS NOT NULL AS counts
  FROM ordersync.order_payments t
  UNION ALL
  SELECT d.order_id, d.paid_at, d.total_amount_fen, NULL::text, NULL::text, 'detail'::text, d.paid_at IS NOT NULL
    AND NOT EXISTS (SELECT FROM ordersync.order_payments t WHERE t.order_id = d.order_id AND t.paid_at IS NOT NULL)
  FROM ordersync.order_details d
  UNION ALL
  SELECT s.order_id, s.valid_from, NULL::bigint, NULL::text, NULL::text, 'seen'::text,
    s.changed @> '{"order_status": {"old": 1}}' AND (s.changed #>> '{order_status,new}')::integer IN (2, 3, 4, 5)
    AND NOT EXISTS (SELECT FROM ordersync.order_details d WHERE d.order_id = s.order_id AND d.paid_at IS NOT NULL)
    AND NOT EXISTS (SELECT FROM ordersync.order_payments t WHERE t.order_id = s.order_id AND t.paid_at IS NOT NULL)
    AND (s.version <= 2 OR NOT EXISTS (SELECT FROM ordersync.order_history f WHERE f.order_id = s.order_id AND f.version < s.version
      AND f.changed @> '{"order_status": {"old": 1}}' AND (f.changed #>> '{order_status,new}')::integer IN (2, 3, 4, 5)))
  FROM ordersync.order_history s
  UNION ALL
  SELECT n.id, n._changed_at, NULL::bigint, NULL::text, NULL::text, 'seen'::text,
    n._changed @> '{"order_status": {"old": 1}}' AND (n._changed #>> '{order_status,new}')::integer IN (2, 3, 4, 5)
    AND NOT EXISTS (SELECT FROM ordersync.order_details d WHERE d.order_id = n.id AND d.paid_at IS NOT NULL)
    AND NOT EXISTS (SELECT FROM ordersync.order_payments t WHERE t.order_id = n.id AND t.paid_at IS NOT NULL)
    AND NOT EXISTS (SELECT FROM ordersync.order_history f WHERE f.order_id = n.id
      AND f.changed @> '{"order_status": {"old": 1}}' AND (f.changed #>> '{order_status,new}')::integer IN (2, 3, 4, 5))
  FROM ordersync.orders n) p
JOIN ordersync.orders o ON o.id = p.order_id LEFT JOIN ordersync.order_details d ON d.order_id = o.id
WHERE p.counts;
COMMENT ON VIEW reporting.payments IS 'Grain: one row a payment: each paid term of an order whose detail says when it was paid; of each other order the first time that the mirror saw it paid. Indexed: order_id, order_key';
COMMENT ON COLUMN reporting.payments.source IS 'detail: as 1688 says; seen: the mirror saw the status change, counted once an order';

-- ---------------------------------------------------------------------------------------------------------------------
-- Orders

-- The end of an order is its cancellation where its own status or its detail's says so.
CREATE OR REPLACE VIEW reporting.orders AS
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
    CASE WHEN coalesce(d.paid_at, d.all_shipped_at, d.received_at, d.confirmed_at) IS NOT NULL
           OR coalesce(t.finished_at, t.cancelled_at) = d.completed_at THEN 'detail' END,
    CASE WHEN t.paid_at <> d.paid_at IS NOT FALSE AND t.paid_at IS NOT NULL
           OR t.shipped_at <> d.all_shipped_at IS NOT FALSE AND t.shipped_at IS NOT NULL
           OR t.received_at <> coalesce(d.received_at, d.confirmed_at) IS NOT FALSE AND t.received_at IS NOT NULL
           OR coalesce(t.finished_at, t.cancelled_at) <> d.completed_at IS NOT FALSE AND coalesce(t.finished_at, t.cancelled_at) IS NOT NULL
      THEN 'seen' END), '') AS milestones_from,
  reporting.api_day(t.paid_at) AS paid_day,
  CASE WHEN t.shipped_at > t.paid_at OR t.shipped_at = t.paid_at AND coalesce(d.paid_at, d.all_shipped_at) IS NOT NULL
    THEN round(extract(epoch FROM t.shipped_at - t.paid_at) / 3600, 1) END AS hours_to_ship,
  CASE WHEN t.finished_at >= o.created_at THEN round(extract(epoch FROM t.finished_at - o.created_at) / 3600, 1) END AS hours_to_finish,
  now() - o.created_at AS age,
  t.status_since, reporting.days_since(t.status_since) AS days_in_status,
  d.pay_deadline, left(d.alipay_trade_id, 500) AS alipay_trade_id, NULL::text AS buyer_memo
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
CROSS JOIN LATERAL (SELECT coalesce(d.status IN ('cancel', 'terminated'), false) OR coalesce(o.order_status IN (6, 7), false) AS cancelled) e
CROSS JOIN LATERAL (
  SELECT coalesce(d.paid_at, h.paid_at, CASE WHEN n.old = 1 AND n.new IN (2, 3, 4, 5) THEN n.at END) AS paid_at,
    coalesce(d.all_shipped_at, h.shipped_at, CASE WHEN n.old IN (1, 2) AND n.new IN (3, 4, 5) THEN n.at END) AS shipped_at,
    coalesce(d.received_at, d.confirmed_at, h.received_at, CASE WHEN n.old IN (1, 2, 3) AND n.new IN (4, 5) THEN n.at END) AS received_at,
    CASE WHEN NOT e.cancelled THEN coalesce(CASE WHEN d.status = 'success' OR o.order_status = 5 THEN d.completed_at END, h.finished_at,
      CASE WHEN n.old IS NOT NULL AND n.new = 5 THEN n.at END) END AS finished_at,
    coalesce(CASE WHEN e.cancelled THEN d.completed_at END, h.cancelled_at,
             CASE WHEN n.old IS NOT NULL AND n.new IN (6, 7) THEN n.at END) AS cancelled_at,
    coalesce(CASE o.order_status WHEN 2 THEN d.paid_at WHEN 3 THEN d.all_shipped_at WHEN 4 THEN coalesce(d.confirmed_at, d.received_at)
               WHEN 5 THEN d.completed_at WHEN 6 THEN d.completed_at WHEN 7 THEN d.completed_at END,
             n.at, h.status_since, CASE WHEN o.order_status = 1 THEN o.created_at END) AS status_since) t;
COMMENT ON COLUMN reporting.orders.finished_at IS 'When it was completed; NULL: not yet, it was cancelled, or nobody knows when';
COMMENT ON COLUMN reporting.orders.hours_to_ship IS 'From paid_at to shipped_at, never below 0; NULL where one of them is not known, where the mirror saw both in one step, and where they contradict each other, as a payment that the mirror saw later than the shipment of which the detail knows';
COMMENT ON COLUMN reporting.orders.hours_to_finish IS 'From created_at to finished_at, never below 0; NULL where that is not known, or before created_at';

COMMENT ON VIEW reporting.orders IS 'Grain: one row an order, as the API last showed it. Indexed: order_id, order_key, order_no, tb_order_id, created_at, created_day, order_status, seller_login_id, alipay_trade_id';
COMMENT ON COLUMN reporting.orders.alipay_trade_id IS 'The payment''s number at Alipay, as the bank shows it; its first 500 characters; from its detail';
COMMENT ON COLUMN reporting.payments.alipay_trade_id IS 'The payment''s number at Alipay, as the bank shows it; not indexed: find the order in orders, and its payments by order_key';

-- The times of an order are those that it has in orders, so that the two never differ.
CREATE OR REPLACE VIEW reporting.seller_performance AS
SELECT o.account, o.seller_login_id, date_trunc('month', o.created_day::timestamp)::date AS month,
  count(*) AS orders, sum(o.total_amount)::numeric(14,2) AS amount,
  count(o.hours_to_ship) AS shipped_seen, round(avg(o.hours_to_ship), 1) AS hours_to_ship,
  count(o.hours_to_finish) AS finished_seen, round(avg(o.hours_to_finish), 1) AS hours_to_finish,
  count(*) FILTER (WHERE o.refund_amount <> 0 OR o.pay_status_code = 4) AS refunded,
  round(count(*) FILTER (WHERE o.refund_amount <> 0 OR o.pay_status_code = 4)::numeric / count(*), 4) AS refund_rate,
  sum(o.refund_amount)::numeric(14,2) AS refunds,
  count(*) FILTER (WHERE o.order_status_code IN (6, 7)) AS cancelled,
  round(count(*) FILTER (WHERE o.order_status_code IN (6, 7))::numeric / count(*), 4) AS cancel_rate,
  count(*) FILTER (WHERE o.vanished) AS vanished
FROM reporting.orders o GROUP BY 1, 2, 3;
COMMENT ON COLUMN reporting.seller_performance.shipped_seen IS 'Of how many of them orders.hours_to_ship is known, from their details or from what the mirror saw: what hours_to_ship is the mean of';
COMMENT ON COLUMN reporting.seller_performance.hours_to_ship IS 'Mean hours from payment until shipment of the orders of which both are known, see orders.hours_to_ship; NULL: of none';
COMMENT ON COLUMN reporting.seller_performance.finished_seen IS 'Of how many of them orders.hours_to_finish is known, likewise: what hours_to_finish is the mean of';
COMMENT ON COLUMN reporting.seller_performance.hours_to_finish IS 'Mean hours from the creation of an order until it was completed, see orders.hours_to_finish; NULL: of none';

-- ---------------------------------------------------------------------------------------------------------------------
-- Prices

-- What nobody paid is no price of ours: left out, for whoever looks for what was paid adds up or averages all that is there.
CREATE OR REPLACE VIEW reporting.price_history AS
SELECT o._account AS account, left(i.product_id, 500) AS product_id, i.sku_id::text AS sku_id, i.spec_id, i.name,
  reporting.sku_text(i.sku_attributes) AS sku, o.created_at, reporting.api_day(o.created_at) AS day,
  i.quantity, i.unit, reporting.yuan(i.price_fen)::numeric(14,2) AS price, reporting.yuan(i.item_amount_fen)::numeric(14,2) AS item_amount,
  round(reporting.yuan(i.item_amount_fen) / nullif(i.quantity, 0), 4) AS paid_for_one,
  left(o.seller_login_id, 500) AS seller_login_id, reporting.order_status_name(i.status) AS item_status,
  o._vanished_at IS NOT NULL AS vanished, o.id::text AS order_id, o.id AS order_key
FROM ordersync.order_items i JOIN ordersync.orders o ON o.id = i.order_id LEFT JOIN ordersync.order_details d ON d.order_id = o.id
WHERE (o.order_status IN (2, 3, 4, 5) OR o.pay_status IN (2, 4, 6) OR d.paid_at IS NOT NULL)
  AND coalesce(o.order_status NOT IN (6, 7), true) AND coalesce(i.status NOT IN (6, 7), true)
  AND coalesce(d.status NOT IN ('cancel', 'terminated'), true);
COMMENT ON VIEW reporting.price_history IS 'Grain: one row a line of an order that is paid: what was paid for a product each time. What awaits payment and what was cancelled or terminated, the order or the line, is not in it, but in order_items. Indexed: product_id, day';
COMMENT ON COLUMN reporting.price_history.paid_for_one IS 'item_amount by quantity, before refunds';

-- ---------------------------------------------------------------------------------------------------------------------
-- Refunds

COMMENT ON COLUMN reporting.refund_requests.order_refund_amount IS 'What was refunded of the order in all, in yuan: the same on each of its requests, so do not add it up; refunds has it once an order';

-- ---------------------------------------------------------------------------------------------------------------------
-- Parcels

-- Whoever sends nothing says so in place of a number: 不需要物流, 无需物流.
CREATE OR REPLACE VIEW reporting.shipments_under_way AS
SELECT o.id::text AS order_id, s.position AS parcel, s.id AS shipment_id, o._account AS account, left(o.tb_order_id, 500) AS tb_order_id,
  left(o.seller_login_id, 500) AS seller_login_id, s.company_name AS company, left(s.waybill_number, 500) AS waybill_number, s.status,
  s.shipped_at, reporting.days_since(s.shipped_at) AS days_since_shipped, s.modified_at AS last_change_at,
  reporting.days_since(coalesce(s.modified_at, s.shipped_at)) AS days_without_change,
  s.item_ids::text[] AS item_ids, o.id AS order_key
FROM ordersync.order_shipments s JOIN ordersync.orders o ON o.id = s.order_id LEFT JOIN ordersync.order_details d ON d.order_id = s.order_id
WHERE s.shipped_at IS NOT NULL AND coalesce(d.received_at, d.confirmed_at, d.completed_at) IS NULL AND o._vanished_at IS NULL
  AND (o.order_status IS NULL OR o.order_status NOT IN (4, 5, 6, 7))
  AND concat_ws('|', s.waybill_number, s.company_name) !~ '(不|无|毋|免)\s*(需|须|用|必)?\s*要?\s*(物流|快递|运输|发货)';
COMMENT ON VIEW reporting.shipments_under_way IS 'Grain: one row a parcel that was shipped and whose order is not received yet, as far as is known; not what needs no logistics, as the words say in place of its number or carrier (不需要物流, 无需物流). Indexed: order_id, order_key, shipped_at';
COMMENT ON COLUMN reporting.shipments_under_way.waybill_number IS 'The carrier''s number; may be other words';

-- ---------------------------------------------------------------------------------------------------------------------
-- Deadlines

COMMENT ON VIEW reporting.unpaid_expiring IS 'Grain: one row an order that awaits payment; no rows: none does. ORDER BY pay_deadline for the most urgent first';
COMMENT ON COLUMN reporting.unpaid_expiring.pay_deadline IS 'Until when it can be paid; NULL while its detail was not read: details of unpaid orders are read if details.on has unpaid, which its default has not';
COMMENT ON COLUMN reporting.unpaid_expiring.hours_left IS 'Hours until then; below 0: it is over; NULL where pay_deadline is';
COMMENT ON COLUMN reporting.orders.pay_deadline IS 'Until when it can be paid; from its detail, see unpaid_expiring';

-- ---------------------------------------------------------------------------------------------------------------------
-- Details in the feed of changes

-- What a detail says has a number among the changes of orders, drawn and told in the transaction that stores it.
SELECT pg_advisory_xact_lock(8030591472429660526);
ALTER TABLE ordersync.change_batches ADD COLUMN details integer[];
COMMENT ON TABLE ordersync.change_batches IS 'Which versions of orders, or of their details, each transaction wrote, in the order of their commits; see reporting.changes';
COMMENT ON COLUMN ordersync.change_batches.versions IS 'Their versions, likewise; where details has a number, the one that was in force';
COMMENT ON COLUMN ordersync.change_batches.details IS 'The versions of their details that were written, likewise; NULL: the versions of the orders were';

-- What was written before had no numbers: they follow those that there are, by time.
INSERT INTO ordersync.change_batches (first_change, last_change, order_ids, versions, details)
SELECT held.top + min(n), held.top + max(n), array_agg(id ORDER BY n), array_agg(version ORDER BY n), array_agg(detail ORDER BY n) FROM (
  SELECT row_number() OVER (ORDER BY d.at, d.id, d.detail) AS n, d.id, d.detail, o._version AS version FROM (
    SELECT order_id AS id, version AS detail, valid_from AS at FROM ordersync.order_detail_history
    UNION ALL
    SELECT order_id, _version, _changed_at FROM ordersync.order_details) AS d JOIN ordersync.orders o ON o.id = d.id) AS numbered,
  (SELECT coalesce(max(last_change), 0) AS top FROM ordersync.change_batches) AS held
GROUP BY held.top, (n - 1) / 10000;

CREATE OR REPLACE VIEW reporting.change_numbers AS
SELECT b.first_change + u.n - 1 AS change, u.id::text AS order_id, u.version, u.id AS order_key, b.first_change, b.last_change,
  u.detail AS detail_version
FROM ordersync.change_batches b CROSS JOIN LATERAL unnest(b.order_ids, b.versions, b.details) WITH ORDINALITY AS u (id, version, detail, n);
COMMENT ON VIEW reporting.change_numbers IS 'Grain: one row a version of an order or of its detail, by its number; for reporting.changes. Indexed: last_change';
COMMENT ON COLUMN reporting.change_numbers.change IS 'The number among all, in the order of commits';
COMMENT ON COLUMN reporting.change_numbers.version IS 'Number of the state of the order; where detail_version has one, the state that was in force';
COMMENT ON COLUMN reporting.change_numbers.detail_version IS 'Number of the state of the order''s detail; NULL: the change is one of the order';

-- A function's columns cannot be added to: it is made anew, with the rights that were given on it. What reads it is named before
-- anything is changed.
DO $$
DECLARE
  old     oid := to_regprocedure('reporting.changes(bigint,bigint)');
  blocked text;
BEGIN
  SELECT string_agg(DISTINCT what, ', ') INTO blocked FROM (
    SELECT format('%s %s of role %s', CASE c.relkind WHEN 'm' THEN 'materialized view' WHEN 'v' THEN 'view' ELSE 'table with a rule' END,
      c.oid::regclass, c.relowner::regrole) AS what
    FROM pg_depend d JOIN pg_rewrite r ON r.oid = d.objid JOIN pg_class c ON c.oid = r.ev_class
    WHERE d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_proc'::regclass AND d.refobjid = old
    UNION ALL
    SELECT format('function %s of role %s', p.oid::regprocedure, p.proowner::regrole)
    FROM pg_depend d JOIN pg_proc p ON p.oid = d.objid
    WHERE d.classid = 'pg_proc'::regclass AND d.refclassid = 'pg_proc'::regclass AND d.refobjid = old) AS each;
  IF blocked IS NOT NULL THEN
    RAISE 'reporting.changes gets columns about details, and this reads it: %; drop it, run "ordersync migrate", and create it again', blocked
      USING ERRCODE = 'dependent_objects_still_exist';
  END IF;
  CREATE TEMPORARY TABLE rights_given ON COMMIT DROP AS
  SELECT a.grantee, a.is_grantable FROM pg_proc p CROSS JOIN LATERAL aclexplode(p.proacl) a
  WHERE p.oid = old AND a.grantee <> p.proowner AND a.privilege_type = 'EXECUTE';
END $$;
DROP FUNCTION reporting.changes(bigint, bigint);

-- As before. Whoever keeps the order's columns of each change has the order right, whatever the kind of the change is.
CREATE FUNCTION reporting.changes(after bigint, at_most bigint DEFAULT NULL)
RETURNS TABLE (change bigint, order_id text, order_key bigint, version integer, at timestamptz, day date, account text, vanished boolean,
  order_no text, tb_order_id text, created_at timestamptz, order_status text, pay_status text, seller_login_id text,
  total_amount numeric, refund_amount numeric, changed jsonb, items jsonb, kind text, detail_version integer, detail jsonb)
LANGUAGE sql STABLE ROWS 1000
BEGIN ATOMIC
  SELECT c.change, v.id, v.order_key, v.version, coalesce(d.valid_from, v.valid_from), reporting.api_day(coalesce(d.valid_from, v.valid_from)),
    v.account, v.vanished, v.order_no, v.tb_order_id, v.created_at, reporting.order_status_name(v.order_status),
    reporting.pay_status_name(v.pay_status), v.seller_login_id, v.total_amount, v.refund_amount,
    CASE WHEN c.detail_version IS NULL THEN v.changed ELSE jsonb_build_object('detail', d.changed) END, v.items,
    CASE WHEN c.detail_version IS NULL THEN 'order' ELSE 'detail' END, c.detail_version,
    CASE WHEN c.detail_version IS NOT NULL THEN jsonb_build_object('status', d.status, 'paid_at', d.paid_at, 'shipped_at', d.shipped_at,
      'received_at', d.received_at, 'finished_at', d.finished_at, 'alipay_trade_id', d.alipay_trade_id, 'refund_status', d.refund_status,
      'payments', d.payments, 'shipments', d.shipments, 'refunds', d.refunds) END
  FROM reporting.change_numbers c CROSS JOIN LATERAL (
    SELECT * FROM reporting.order_versions WHERE order_key = c.order_key AND version = c.version OFFSET 0) v
  LEFT JOIN LATERAL (
    SELECT * FROM reporting.order_detail_versions WHERE order_key = c.order_key AND version = c.detail_version OFFSET 0) d ON true
  WHERE c.last_change > $1 AND c.change > $1 AND (c.detail_version IS NULL OR d.version IS NOT NULL)
    AND ($2 IS NULL OR c.change <= $1 + $2 AND c.last_change <= coalesce(
    (SELECT l.last_change FROM reporting.change_numbers l WHERE l.last_change >= $1 + $2 ORDER BY l.last_change LIMIT 1), $1 + $2))
  ORDER BY c.change;
END;
COMMENT ON FUNCTION reporting.changes(bigint, bigint) IS 'Every version of an order, and of its detail (kind detail: the order is as it was then, and detail as in orders_at), whose number is greater than the first argument, in the order of commits; of the second argument''s next numbers only, where it is given. Whoever goes on from the greatest number seen misses none and repeats none. After each commit that wrote some there is a NOTIFY ordersync_changes with the last number';

CREATE OR REPLACE FUNCTION ordersync.use_changes_of_cluster() RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  CREATE OR REPLACE FUNCTION reporting.changes(after bigint, at_most bigint DEFAULT NULL)
  RETURNS TABLE (change bigint, order_id text, order_key bigint, version integer, at timestamptz, day date, account text, vanished boolean,
    order_no text, tb_order_id text, created_at timestamptz, order_status text, pay_status text, seller_login_id text,
    total_amount numeric, refund_amount numeric, changed jsonb, items jsonb, kind text, detail_version integer, detail jsonb)
  LANGUAGE plpgsql STABLE ROWS 1000 SET search_path = pg_catalog AS $body$
  #variable_conflict use_column
  DECLARE
    numbers bigint[]; ids bigint[]; versions integer[]; details integer[]; detailed bigint[]; known jsonb;
  BEGIN
    SELECT array_agg(c.change), array_agg(c.order_key), array_agg(c.version), array_agg(c.detail_version),
      coalesce(array_agg(c.order_key) FILTER (WHERE c.detail_version IS NOT NULL), '{}')
    INTO numbers, ids, versions, details, detailed FROM reporting.change_numbers c
    WHERE c.last_change > $1 AND c.change > $1 AND ($2 IS NULL OR c.change <= $1 + $2 AND c.last_change <= coalesce(
      (SELECT l.last_change FROM reporting.change_numbers l WHERE l.last_change >= $1 + $2 ORDER BY l.last_change LIMIT 1), $1 + $2));
    SELECT jsonb_object_agg(d.name, d.said) INTO known FROM (
      SELECT w.order_key || ' ' || w.version AS name, jsonb_build_object('at', w.valid_from, 'changed', w.changed, 'detail',
        jsonb_build_object('status', w.status, 'paid_at', w.paid_at, 'shipped_at', w.shipped_at, 'received_at', w.received_at,
        'finished_at', w.finished_at, 'alipay_trade_id', w.alipay_trade_id, 'refund_status', w.refund_status, 'payments', w.payments,
        'shipments', w.shipments, 'refunds', w.refunds)) AS said
      FROM reporting.order_detail_versions AS w WHERE w.order_key = ANY (detailed)) d;
    RETURN QUERY SELECT c.change, v.id, v.order_key, v.version, coalesce((c.said ->> 'at')::timestamptz, v.valid_from),
      reporting.api_day(coalesce((c.said ->> 'at')::timestamptz, v.valid_from)), v.account, v.vanished, v.order_no, v.tb_order_id, v.created_at,
      reporting.order_status_name(v.order_status), reporting.pay_status_name(v.pay_status), v.seller_login_id,
      v.total_amount::numeric, v.refund_amount::numeric,
      CASE WHEN c.detail_version IS NULL THEN v.changed ELSE jsonb_build_object('detail', c.said -> 'changed') END, v.items,
      CASE WHEN c.detail_version IS NULL THEN 'order' ELSE 'detail' END, c.detail_version, c.said -> 'detail'
    FROM (SELECT * FROM reporting.order_versions WHERE order_key = ANY (ids)) v
    JOIN (SELECT n.change, n.order_key, n.version, n.detail_version, known -> (n.order_key || ' ' || n.detail_version) AS said
      FROM unnest(numbers, ids, versions, details) AS n (change, order_key, version, detail_version)) c
      ON v.order_key = c.order_key AND v.version = c.version
    WHERE c.detail_version IS NULL OR c.said IS NOT NULL
    ORDER BY c.change;
  END $body$;
END $$;
DO $$
DECLARE
  one record;
BEGIN
  IF ordersync.is_distributed() THEN PERFORM ordersync.use_changes_of_cluster(); END IF;
  FOR one IN SELECT is_grantable, CASE WHEN grantee = 0 THEN 'PUBLIC' ELSE grantee::regrole::text END AS role FROM rights_given LOOP
    EXECUTE format('GRANT EXECUTE ON FUNCTION reporting.changes(bigint, bigint) TO %s %s', one.role,
      CASE WHEN one.is_grantable THEN 'WITH GRANT OPTION' ELSE '' END);
  END LOOP;
END $$;
DROP TABLE rights_given;

-- ---------------------------------------------------------------------------------------------------------------------
-- What of the details is missing

-- A state that queued an order is answered by a detail that was asked for after it.
CREATE VIEW reporting.details_missing AS
SELECT o.id::text AS order_id, o._account AS account, o.created_at, reporting.api_day(o.created_at) AS created_day,
  reporting.order_status_name(o.order_status) AS order_status, o.order_status AS order_status_code, d._observed_at AS read_at,
  q.queued_at AS queued_at, o.id AS order_key
FROM ordersync.orders o LEFT JOIN ordersync.order_details d ON d.order_id = o.id LEFT JOIN ordersync.detail_queue q ON q.order_id = o.id
WHERE o._vanished_at IS NULL AND btrim(o.tb_order_id) <> '' AND CASE WHEN d.order_id IS NULL
  THEN q.order_id IS NOT NULL OR coalesce(o.order_status IN (2, 3, 4, 5), false) ELSE coalesce(NOT q.asked AND q.queued_at > d._observed_at, false) END;
COMMENT ON VIEW reporting.details_missing IS 'Grain: one row an order whose payments and parcels are not all known: it is paid, or waits for its detail, and its detail was not read, or before that. Indexed: order_id, order_key, created_at, created_day';
COMMENT ON COLUMN reporting.details_missing.order_id IS 'The order';
COMMENT ON COLUMN reporting.details_missing.account IS 'The configured account';
COMMENT ON COLUMN reporting.details_missing.created_at IS 'When the order was created';
COMMENT ON COLUMN reporting.details_missing.created_day IS 'The calendar day of that in the API''s zone';
COMMENT ON COLUMN reporting.details_missing.order_status IS 'The order''s status';
COMMENT ON COLUMN reporting.details_missing.order_status_code IS 'orderStatus as the API sent it, 1 to 8';
COMMENT ON COLUMN reporting.details_missing.read_at IS 'When the detail that there is was asked for; NULL: there is none';
COMMENT ON COLUMN reporting.details_missing.queued_at IS 'Since when it waits for its detail; NULL: it does not, as what entered its states while details were off; "ordersync backfill create --details" queues it';
COMMENT ON COLUMN reporting.details_missing.order_key IS 'order_id as a number, for joins';

-- As before, and what the view above reads.
CREATE OR REPLACE FUNCTION ordersync.readable_on_nodes() RETURNS TABLE (name text, columns text) LANGUAGE sql IMMUTABLE SET search_path = pg_catalog AS $$
  VALUES ('orders', NULL), ('order_items', NULL), ('order_history', NULL), ('order_cargo', NULL), ('order_payments', NULL),
    ('order_shipments', NULL), ('order_refunds', NULL), ('order_detail_history', NULL),
    ('order_details', '(order_id, status, paid_at, all_shipped_at, received_at, confirmed_at, completed_at, pay_deadline, '
      'total_amount_fen, alipay_trade_id, refund_status, _changed_at, _version, _changed, _observed_at)'),
    ('detail_queue', '(order_id, queued_at, asked)'),
    ('order_warehouse_addresses', '(order_id, province, city, area, town)')
$$;
SELECT ordersync.grant_reading();

-- A daemon of an older version numbers no detail: it cannot write under newer epochs.
UPDATE ordersync.leader SET epoch = epoch + 1;
UPDATE ordersync.account_leases SET epoch = epoch + 1;
