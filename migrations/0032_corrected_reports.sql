-- Reports count no payment twice, and call no cancelled order finished.

-- ---------------------------------------------------------------------------------------------------------------------
-- Payments

-- One the mirror saw counts once an order, and not where the detail says when it was paid. Each part reads one table and the
-- conditions that look at others are no joins, so that an order's payments are looked up by its id: hence IS NOT TRUE.
CREATE OR REPLACE VIEW reporting.payments AS
SELECT o.id::text AS order_id, o._account AS account, left(o.tb_order_id, 500) AS tb_order_id, left(o.seller_login_id, 500) AS seller_login_id,
  p.paid_at, reporting.api_day(p.paid_at) AS day,
  reporting.yuan(CASE p.source WHEN 'seen' THEN o.total_amount_fen ELSE p.amount_fen END)::numeric(14,2) AS amount, p.pay_way,
  CASE p.source WHEN 'detail' THEN left(d.alipay_trade_id, 500) END AS alipay_trade_id,
  p.phase, p.source, o._vanished_at IS NOT NULL AS vanished, o.id AS order_key
FROM (
  SELECT t.order_id, t.paid_at, t.amount_fen, t.pay_way_name AS pay_way, t.phase, 'detail' AS source
  FROM ordersync.order_payments t WHERE t.paid_at IS NOT NULL
  UNION ALL
  SELECT d.order_id, d.paid_at, d.total_amount_fen, NULL, NULL, 'detail'
  FROM ordersync.order_details d
  WHERE d.paid_at IS NOT NULL
    AND (EXISTS (SELECT FROM ordersync.order_payments t WHERE t.order_id = d.order_id AND t.paid_at IS NOT NULL)) IS NOT TRUE
  UNION ALL
  SELECT s.order_id, s.valid_from, NULL, NULL, NULL, 'seen'
  FROM ordersync.order_history s
  WHERE s.changed @> '{"order_status": {"old": 1}}' AND (s.changed #>> '{order_status,new}')::integer IN (2, 3, 4, 5)
    AND (EXISTS (SELECT FROM ordersync.order_details d WHERE d.order_id = s.order_id AND d.paid_at IS NOT NULL)) IS NOT TRUE
    AND (EXISTS (SELECT FROM ordersync.order_payments t WHERE t.order_id = s.order_id AND t.paid_at IS NOT NULL)) IS NOT TRUE
    AND (EXISTS (SELECT FROM ordersync.order_history f WHERE f.order_id = s.order_id AND f.version < s.version
      AND f.changed @> '{"order_status": {"old": 1}}' AND (f.changed #>> '{order_status,new}')::integer IN (2, 3, 4, 5))) IS NOT TRUE
  UNION ALL
  SELECT n.id, n._changed_at, NULL, NULL, NULL, 'seen'
  FROM ordersync.orders n
  WHERE n._changed @> '{"order_status": {"old": 1}}' AND (n._changed #>> '{order_status,new}')::integer IN (2, 3, 4, 5)
    AND (EXISTS (SELECT FROM ordersync.order_details d WHERE d.order_id = n.id AND d.paid_at IS NOT NULL)) IS NOT TRUE
    AND (EXISTS (SELECT FROM ordersync.order_payments t WHERE t.order_id = n.id AND t.paid_at IS NOT NULL)) IS NOT TRUE
    AND (EXISTS (SELECT FROM ordersync.order_history f WHERE f.order_id = n.id
      AND f.changed @> '{"order_status": {"old": 1}}' AND (f.changed #>> '{order_status,new}')::integer IN (2, 3, 4, 5))) IS NOT TRUE) p
JOIN ordersync.orders o ON o.id = p.order_id LEFT JOIN ordersync.order_details d ON d.order_id = p.order_id;
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
    CASE WHEN coalesce(d.paid_at, d.all_shipped_at, d.received_at, d.confirmed_at, d.completed_at) IS NOT NULL THEN 'detail' END,
    CASE WHEN t.paid_at <> d.paid_at IS NOT FALSE AND t.paid_at IS NOT NULL
           OR t.shipped_at <> d.all_shipped_at IS NOT FALSE AND t.shipped_at IS NOT NULL
           OR t.received_at <> coalesce(d.received_at, d.confirmed_at) IS NOT FALSE AND t.received_at IS NOT NULL
           OR coalesce(t.finished_at, t.cancelled_at) <> d.completed_at IS NOT FALSE AND coalesce(t.finished_at, t.cancelled_at) IS NOT NULL
      THEN 'seen' END), '') AS milestones_from,
  reporting.api_day(t.paid_at) AS paid_day,
  CASE WHEN t.shipped_at >= t.paid_at THEN round(extract(epoch FROM t.shipped_at - t.paid_at) / 3600, 1) END AS hours_to_ship,
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
COMMENT ON COLUMN reporting.orders.hours_to_ship IS 'From paid_at to shipped_at, never below 0; NULL where one of them is not known, and where they contradict each other, as a payment that the mirror saw later than the shipment of which the detail knows';
COMMENT ON COLUMN reporting.orders.hours_to_finish IS 'From created_at to finished_at, never below 0; NULL where that is not known, or before created_at';
