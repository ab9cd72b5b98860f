-- What readers may see. The buyer's note is a free text that may name people, and erasing clears it: no view shows it. The
-- column stays, so that views of others over reporting.orders go on working.

DO $$
DECLARE
  before text := pg_get_viewdef('reporting.orders'::regclass);
  after  text := replace(before, 'd.buyer_memo', 'NULL::text AS buyer_memo');
BEGIN
  IF before = after THEN
    RAISE EXCEPTION 'reporting.orders is not as this step expects it';
  END IF;
  EXECUTE 'CREATE OR REPLACE VIEW reporting.orders AS ' || after;
END $$;
COMMENT ON COLUMN reporting.orders.buyer_memo IS 'Always NULL: the buyer''s own note may hold personal data; ordersync.order_details has it';

-- The nodes of a cluster read their parts of a view's tables as the role that asks, so readers need rights on these tables:
-- none holds personal data, and of those that do, the columns that views show. A later step replaces this list alone.
CREATE FUNCTION ordersync.readable_on_nodes() RETURNS TABLE (name text, columns text) LANGUAGE sql IMMUTABLE SET search_path = pg_catalog AS $$
  VALUES ('orders', NULL), ('order_items', NULL), ('order_history', NULL), ('order_cargo', NULL), ('order_payments', NULL),
    ('order_shipments', NULL), ('order_refunds', NULL), ('order_detail_history', NULL),
    ('order_details', '(order_id, status, paid_at, all_shipped_at, received_at, confirmed_at, completed_at, pay_deadline, '
      'total_amount_fen, alipay_trade_id, refund_status, _changed_at, _version, _changed)'),
    ('order_warehouse_addresses', '(order_id, province, city, area, town)')
$$;
COMMENT ON FUNCTION ordersync.readable_on_nodes() IS 'The tables, or columns of them, that reader roles may read where the orders are distributed';

-- As before, by that list.
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
  IF ordersync.is_distributed() THEN
    FOREACH reader IN ARRAY readers LOOP
      EXECUTE format('GRANT USAGE ON SCHEMA ordersync TO %I', reader);
      FOR thing IN SELECT name, coalesce(columns, '') AS columns FROM ordersync.readable_on_nodes() LOOP
        EXECUTE format('GRANT SELECT %s ON ordersync.%I TO %I', thing.columns, thing.name, reader);
      END LOOP;
    END LOOP;
  END IF;
  RETURN missing;
END $$;
-- Until now they could read all columns of it.
DO $$
DECLARE
  reader text;
BEGIN
  IF NOT ordersync.is_distributed() THEN RETURN; END IF;
  FOR reader IN SELECT rolname FROM pg_roles WHERE rolname IN ('ordersync_reader', 'ordersync_pii_reader') LOOP
    EXECUTE format('REVOKE SELECT ON ordersync.order_details FROM %I', reader);
  END LOOP;
END $$;
SELECT ordersync.grant_reading();
