-- Which orders' details are to be read, and since when the API refuses them. A state queues an order in the transaction
-- that stores the order; its detail takes it off the queue.

CREATE TABLE ordersync.detail_queue (
  order_id  bigint      PRIMARY KEY,
  account   text        NOT NULL,
  queued_at timestamptz NOT NULL,
  due_at    timestamptz NOT NULL,
  asked     boolean     NOT NULL,
  tries     integer     NOT NULL DEFAULT 0,
  reason    text
);
CREATE INDEX detail_queue_due ON ordersync.detail_queue (account, asked, due_at);
COMMENT ON TABLE ordersync.detail_queue IS 'The orders whose details are to be read, one row each; emptied by reading them';
COMMENT ON COLUMN ordersync.detail_queue.order_id IS 'The order that this belongs to';
COMMENT ON COLUMN ordersync.detail_queue.account IS 'The configured account that reads it';
COMMENT ON COLUMN ordersync.detail_queue.queued_at IS 'When the order was read in the state that queued it, or somebody asked; a detail that was requested before leaves it in the queue';
COMMENT ON COLUMN ordersync.detail_queue.due_at IS 'From when on it is to be read';
COMMENT ON COLUMN ordersync.detail_queue.asked IS 'Somebody asked for it; those that a state has queued are read first';
COMMENT ON COLUMN ordersync.detail_queue.tries IS 'Reads that failed since it was queued';
COMMENT ON COLUMN ordersync.detail_queue.reason IS 'Why the last of them failed';

CREATE TABLE ordersync.detail_accounts (
  account    text        PRIMARY KEY,
  refused_at timestamptz NOT NULL,
  reason     text        NOT NULL
);
COMMENT ON TABLE ordersync.detail_accounts IS 'The accounts for which the API refuses order details; the others have no row';
COMMENT ON COLUMN ordersync.detail_accounts.account IS 'The configured account';
COMMENT ON COLUMN ordersync.detail_accounts.refused_at IS 'Since when';
COMMENT ON COLUMN ordersync.detail_accounts.reason IS 'What the API said last';

CREATE TABLE ordersync.order_refund_payloads (
  order_id  bigint NOT NULL,
  refund_id text   NOT NULL,
  payload   text   NOT NULL,
  sha256    bytea  NOT NULL,
  PRIMARY KEY (order_id, refund_id)
);
COMMENT ON TABLE ordersync.order_refund_payloads IS 'What the API says of each refund, exactly as served. May hold personal data';
COMMENT ON COLUMN ordersync.order_refund_payloads.order_id IS 'The order that this belongs to';
COMMENT ON COLUMN ordersync.order_refund_payloads.refund_id IS 'The API''s id of the request, as order_refunds.refund_id';
COMMENT ON COLUMN ordersync.order_refund_payloads.payload IS 'The JSON text as served. May hold personal data';
COMMENT ON COLUMN ordersync.order_refund_payloads.sha256 IS 'SHA-256 of the payload';

ALTER TABLE ordersync.order_refunds ADD COLUMN _content_hash bytea;
COMMENT ON COLUMN ordersync.order_refunds._content_hash IS 'SHA-256 of what the API says of the refund, however it spelt that; NULL: it was not read yet';

DO $$
DECLARE
  child text;
BEGIN
  FOREACH child IN ARRAY ARRAY['detail_queue', 'order_refund_payloads'] LOOP
    PERFORM ordersync.belongs_to_orders(format('ordersync.%I', child)::regclass);
  END LOOP;
END $$;

-- ---------------------------------------------------------------------------------------------------------------------
-- Details at any moment

-- The present state is put together as the program does for order_detail_history.state.
CREATE VIEW reporting.order_detail_versions AS
SELECT h.order_id::text AS order_id, h.version, h.valid_from, h.valid_to,
  h.state #>> '{detail,status}' AS status,
  (h.state #>> '{detail,paid_at}')::timestamptz AS paid_at,
  (h.state #>> '{detail,all_shipped_at}')::timestamptz AS shipped_at,
  coalesce(h.state #>> '{detail,received_at}', h.state #>> '{detail,confirmed_at}')::timestamptz AS received_at,
  (h.state #>> '{detail,completed_at}')::timestamptz AS finished_at,
  left(h.state #>> '{detail,alipay_trade_id}', 500) AS alipay_trade_id,
  h.state #>> '{detail,refund_status}' AS refund_status,
  h.state -> 'payments' AS payments, h.state -> 'shipments' AS shipments, h.state -> 'refunds' AS refunds,
  h.changed, h.order_id AS order_key
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
  (SELECT coalesce(jsonb_agg(jsonb_build_object('refund_id', r.refund_id, 'status', r.status, 'after_sale_status', r.after_sale_status,
     'amount_fen', r.amount_fen, 'created_at', to_char(r.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
     'modified_at', to_char(r.modified_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
     'completed_at', to_char(r.completed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
     'alipay_payment_id', r.alipay_payment_id, 'raw', r.raw) ORDER BY r.refund_id), '[]')
   FROM ordersync.order_refunds AS r WHERE r.order_id = d.order_id),
  coalesce(d._changed, '{}'), d.order_id
FROM ordersync.order_details AS d;
COMMENT ON VIEW reporting.order_detail_versions IS 'Grain: one row a state of an order''s detail that the mirror saw. See orders_at for the details at one moment. Indexed: order_key';
COMMENT ON COLUMN reporting.order_detail_versions.order_id IS 'The order';
COMMENT ON COLUMN reporting.order_detail_versions.version IS 'Number of the state of the detail, counted from 1';
COMMENT ON COLUMN reporting.order_detail_versions.valid_from IS 'Since when the mirror knew the detail so';
COMMENT ON COLUMN reporting.order_detail_versions.valid_to IS 'Until when, exclusive; NULL: it still does';
COMMENT ON COLUMN reporting.order_detail_versions.status IS '1688''s word, such as waitsellersend';
COMMENT ON COLUMN reporting.order_detail_versions.paid_at IS 'When the order was paid; of several payments the first';
COMMENT ON COLUMN reporting.order_detail_versions.shipped_at IS 'When the last of its parcels was shipped';
COMMENT ON COLUMN reporting.order_detail_versions.received_at IS 'When the goods were received or confirmed';
COMMENT ON COLUMN reporting.order_detail_versions.finished_at IS 'When the order ended: completed, cancelled or terminated';
COMMENT ON COLUMN reporting.order_detail_versions.alipay_trade_id IS 'The payment''s number at Alipay; its first 500 characters';
COMMENT ON COLUMN reporting.order_detail_versions.refund_status IS 'State of a refund while the order is open';
COMMENT ON COLUMN reporting.order_detail_versions.payments IS 'The payments, with the columns of ordersync.order_payments; amounts in fen';
COMMENT ON COLUMN reporting.order_detail_versions.shipments IS 'The parcels, with the columns of ordersync.order_shipments: former waybill numbers, too';
COMMENT ON COLUMN reporting.order_detail_versions.refunds IS 'The requests for a refund, with the columns of ordersync.order_refunds; amounts in fen';
COMMENT ON COLUMN reporting.order_detail_versions.changed IS 'What differs from the state before, with old and new; amounts in fen; see ordersync.order_detail_history.changed';
COMMENT ON COLUMN reporting.order_detail_versions.order_key IS 'order_id as a number, for joins';

-- orders_at shows the detail, too. A function's columns cannot be added to: it is made anew, with the rights that were given
-- on it. What reads it is named before anything is changed.
DO $$
DECLARE
  old     oid := to_regprocedure('reporting.orders_at(timestamptz)');
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
    RAISE 'reporting.orders_at gets the column detail, and this reads it: %; drop it, run "ordersync migrate", and create it again', blocked
      USING ERRCODE = 'dependent_objects_still_exist';
  END IF;
  CREATE TEMPORARY TABLE rights_given ON COMMIT DROP AS
  SELECT a.grantee, a.is_grantable FROM pg_proc p CROSS JOIN LATERAL aclexplode(p.proacl) a
  WHERE p.oid = old AND a.grantee <> p.proowner AND a.privilege_type = 'EXECUTE';
END $$;
DROP FUNCTION reporting.orders_at(timestamptz);

-- A plain SQL function, so that the planner sees through it: `WHERE order_key = 17` uses the key, and what is not asked for is
-- not looked up.
CREATE FUNCTION reporting.orders_at(at timestamptz)
RETURNS TABLE (id text, version integer, valid_from timestamptz, valid_to timestamptz, vanished boolean, account text, order_no text,
  tb_order_id text, created_at timestamptz, tb_created_at timestamptz, order_status integer, pay_status integer, refund_status integer,
  seller_login_id text, user_id text, close_reason text, product_amount numeric, shipping_fee numeric, discount numeric,
  total_amount numeric, refund_amount numeric, items jsonb, changed jsonb, order_key bigint, detail jsonb)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 100000
BEGIN ATOMIC
  SELECT v.*, (SELECT jsonb_build_object('status', d.status, 'paid_at', d.paid_at, 'shipped_at', d.shipped_at, 'received_at', d.received_at,
      'finished_at', d.finished_at, 'alipay_trade_id', d.alipay_trade_id, 'refund_status', d.refund_status,
      'payments', d.payments, 'shipments', d.shipments, 'refunds', d.refunds)
    FROM reporting.order_detail_versions AS d
    WHERE d.order_key = v.order_key AND d.valid_from <= $1 AND (d.valid_to > $1 OR d.valid_to IS NULL) LIMIT 1)
  FROM reporting.order_versions AS v
  WHERE v.valid_from <= $1 AND (v.valid_to > $1 OR v.valid_to IS NULL);
END;
COMMENT ON FUNCTION reporting.orders_at(timestamptz) IS 'All orders as the mirror knew them at that moment, one row an order, detail being what it knew of the order''s detail then (NULL: nothing): SELECT * FROM reporting.orders_at(''2024-05-07 09:52:00+08'')';

-- A cluster cannot see through an SQL function with parameters.
CREATE FUNCTION ordersync.use_moments_of_cluster() RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  CREATE OR REPLACE FUNCTION reporting.orders_at(at timestamptz)
  RETURNS TABLE (id text, version integer, valid_from timestamptz, valid_to timestamptz, vanished boolean, account text, order_no text,
    tb_order_id text, created_at timestamptz, tb_created_at timestamptz, order_status integer, pay_status integer, refund_status integer,
    seller_login_id text, user_id text, close_reason text, product_amount numeric, shipping_fee numeric, discount numeric,
    total_amount numeric, refund_amount numeric, items jsonb, changed jsonb, order_key bigint, detail jsonb)
  LANGUAGE plpgsql STABLE ROWS 100000 SET search_path = pg_catalog AS $body$
  #variable_conflict use_column
  BEGIN
    RETURN QUERY SELECT v.id, v.version, v.valid_from, v.valid_to, v.vanished, v.account, v.order_no, v.tb_order_id, v.created_at,
      v.tb_created_at, v.order_status, v.pay_status, v.refund_status, v.seller_login_id, v.user_id, v.close_reason,
      v.product_amount::numeric, v.shipping_fee::numeric, v.discount::numeric, v.total_amount::numeric, v.refund_amount::numeric,
      v.items, v.changed, v.order_key, d.detail
    FROM (SELECT * FROM reporting.order_versions AS o WHERE o.valid_from <= $1 AND (o.valid_to > $1 OR o.valid_to IS NULL)) AS v
    LEFT JOIN (SELECT d.order_key, jsonb_build_object('status', d.status, 'paid_at', d.paid_at, 'shipped_at', d.shipped_at, 'received_at', d.received_at,
        'finished_at', d.finished_at, 'alipay_trade_id', d.alipay_trade_id, 'refund_status', d.refund_status,
        'payments', d.payments, 'shipments', d.shipments, 'refunds', d.refunds) AS detail
      FROM reporting.order_detail_versions AS d
      WHERE d.valid_from <= $1 AND (d.valid_to > $1 OR d.valid_to IS NULL)) AS d ON d.order_key = v.order_key;
  END $body$;
END $$;
COMMENT ON FUNCTION ordersync.use_moments_of_cluster() IS 'Makes reporting.orders_at one that a cluster can perform; for "ordersync migrate --distribute"';
DO $$
DECLARE
  one record;
BEGIN
  IF ordersync.is_distributed() THEN PERFORM ordersync.use_moments_of_cluster(); END IF;
  FOR one IN SELECT is_grantable, CASE WHEN grantee = 0 THEN 'PUBLIC' ELSE grantee::regrole::text END AS role FROM rights_given LOOP
    EXECUTE format('GRANT EXECUTE ON FUNCTION reporting.orders_at(timestamptz) TO %s %s', one.role,
      CASE WHEN one.is_grantable THEN 'WITH GRANT OPTION' ELSE '' END);
  END LOOP;
END $$;
DROP TABLE rights_given;

-- As before; in a cluster readers also need the details' history, which has no personal data.
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
        'ordersync.order_details, ordersync.order_payments, ordersync.order_shipments, ordersync.order_refunds, '
        'ordersync.order_detail_history TO %I', reader);
      EXECUTE format('GRANT SELECT (order_id, province, city, area, town) ON ordersync.order_warehouse_addresses TO %I', reader);
    END LOOP;
  END IF;
  RETURN missing;
END $$;
SELECT ordersync.grant_reading();

-- A daemon of an older version queues nothing: it cannot write under newer epochs.
UPDATE ordersync.leader SET epoch = epoch + 1;
UPDATE ordersync.account_leases SET epoch = epoch + 1;
