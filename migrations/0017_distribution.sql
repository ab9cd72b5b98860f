-- A cluster of Citus may hold the orders: "ordersync migrate --distribute" spreads them over its nodes by their id.

-- The extension's catalogue may not be there, so it is named only when it is.
CREATE FUNCTION ordersync.is_distributed() RETURNS boolean LANGUAGE plpgsql STABLE SET search_path = pg_catalog AS $$
DECLARE
  found boolean;
BEGIN
  IF to_regclass('pg_catalog.pg_dist_partition') IS NULL THEN RETURN false; END IF;
  EXECUTE 'SELECT EXISTS (SELECT FROM pg_dist_partition WHERE logicalrelid = to_regclass(''ordersync.orders''))' INTO found;
  RETURN found;
END $$;
COMMENT ON FUNCTION ordersync.is_distributed() IS 'Whether the orders are spread over the nodes of a Citus cluster';

-- A table of a later step refers to orders by this, and not in its CREATE TABLE: in a cluster it must be distributed first.
CREATE FUNCTION ordersync.belongs_to_orders(of regclass) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  IF ordersync.is_distributed() THEN
    EXECUTE 'SELECT create_distributed_table($1, ''order_id'', colocate_with => ''ordersync.orders'')' USING of;
  END IF;
  EXECUTE format('ALTER TABLE %s ADD CONSTRAINT %I FOREIGN KEY (order_id) REFERENCES ordersync.orders (id) ON DELETE CASCADE',
    of, (SELECT relname FROM pg_class WHERE oid = of) || '_order_id_fkey');
END $$;
COMMENT ON FUNCTION ordersync.belongs_to_orders(regclass) IS 'Makes a new table with a column order_id one of those that belong to orders, in a cluster too; for the steps of the schema';

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
    GRANT SELECT ON ordersync.order_receivers, ordersync.order_warehouse_addresses TO ordersync_pii_reader;
  END IF;
  -- The nodes of a cluster read their parts of a view's tables as the role that asks. None of these holds personal data.
  IF ordersync.is_distributed() THEN
    FOREACH reader IN ARRAY readers LOOP
      EXECUTE format('GRANT USAGE ON SCHEMA ordersync TO %I', reader);
      EXECUTE format('GRANT SELECT ON ordersync.orders, ordersync.order_items, ordersync.order_history TO %I', reader);
    END LOOP;
  END IF;
  RETURN missing;
END $$;
