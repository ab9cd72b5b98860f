-- What belongs to an order is written in the transaction that writes the order, and by nobody else. A foreign key looks the
-- order up once more for each row, a quarter of what a first backfill costs the server. So only a cluster, which takes no
-- triggers, has foreign keys that are enforced; elsewhere an order that is deleted takes along what belongs to it by triggers.

CREATE FUNCTION ordersync.delete_with_orders() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  IF TG_OP = 'TRUNCATE' THEN
    EXECUTE format('TRUNCATE ordersync.%I', TG_ARGV[0]);
  ELSE
    EXECUTE format('DELETE FROM ordersync.%I WHERE order_id IN (SELECT id FROM gone)', TG_ARGV[0]);
  END IF;
  RETURN NULL;
END $$;
COMMENT ON FUNCTION ordersync.delete_with_orders() IS 'Deletes from the table that the trigger names what belonged to the orders that a statement has deleted';

CREATE OR REPLACE FUNCTION ordersync.belongs_to_orders(of regclass) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
  child text := (SELECT relname FROM pg_class WHERE oid = of);
  refers text := format('ALTER TABLE %s ADD CONSTRAINT %I FOREIGN KEY (order_id) REFERENCES ordersync.orders (id) ON DELETE CASCADE',
    of, child || '_order_id_fkey');
BEGIN
  IF ordersync.is_distributed() THEN
    EXECUTE 'SELECT create_distributed_table($1, ''order_id'', colocate_with => ''ordersync.orders'')' USING of;
    EXECUTE refers;
    RETURN;
  END IF;
  EXECUTE format('CREATE TRIGGER %I AFTER DELETE ON ordersync.orders REFERENCING OLD TABLE AS gone '
    'FOR EACH STATEMENT EXECUTE FUNCTION ordersync.delete_with_orders(%L)', child || '_deleted', child);
  EXECUTE format('CREATE TRIGGER %I AFTER TRUNCATE ON ordersync.orders '
    'FOR EACH STATEMENT EXECUTE FUNCTION ordersync.delete_with_orders(%L)', child || '_truncated', child);
  -- For tools that draw what refers to what.
  IF current_setting('server_version_num')::integer >= 180000 THEN EXECUTE refers || ' NOT ENFORCED'; END IF;
END $$;

-- A trigger's arguments end with a NUL each.
CREATE FUNCTION ordersync.tables_of_orders() RETURNS SETOF regclass LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
  SELECT conrelid::regclass FROM pg_constraint WHERE contype = 'f' AND confrelid = 'ordersync.orders'::regclass AND connamespace = 'ordersync'::regnamespace
  UNION
  SELECT format('ordersync.%I', split_part(encode(tgargs, 'escape'), '\000', 1))::regclass FROM pg_trigger
  WHERE tgrelid = 'ordersync.orders'::regclass AND tgfoid = 'ordersync.delete_with_orders()'::regprocedure
$$;
COMMENT ON FUNCTION ordersync.tables_of_orders() IS 'The tables whose rows belong to orders, by their column order_id';

CREATE FUNCTION ordersync.use_foreign_keys() RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
  children regclass[] := ARRAY(SELECT ordersync.tables_of_orders());
  child    regclass;
  fired    name;
BEGIN
  FOR fired IN
    SELECT tgname FROM pg_trigger
    WHERE tgrelid = 'ordersync.orders'::regclass AND tgfoid = 'ordersync.delete_with_orders()'::regprocedure
  LOOP
    EXECUTE format('DROP TRIGGER %I ON ordersync.orders', fired);
  END LOOP;
  FOREACH child IN ARRAY children LOOP
    EXECUTE format('ALTER TABLE %s DROP CONSTRAINT IF EXISTS %I, '
      'ADD CONSTRAINT %2$I FOREIGN KEY (order_id) REFERENCES ordersync.orders (id) ON DELETE CASCADE',
      child, (SELECT relname FROM pg_class WHERE oid = child) || '_order_id_fkey');
  END LOOP;
END $$;
COMMENT ON FUNCTION ordersync.use_foreign_keys() IS 'Has the server look after what belongs to orders by foreign keys, as a cluster needs it; for "ordersync migrate --distribute"';

DO $$
DECLARE
  refers record;
BEGIN
  IF ordersync.is_distributed() THEN RETURN; END IF;
  FOR refers IN
    SELECT conname, conrelid::regclass AS child FROM pg_constraint
    WHERE contype = 'f' AND confrelid = 'ordersync.orders'::regclass AND connamespace = 'ordersync'::regnamespace
  LOOP
    EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', refers.child, refers.conname);
    PERFORM ordersync.belongs_to_orders(refers.child);
  END LOOP;
END $$;
