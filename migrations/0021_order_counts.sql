-- How many orders there are is kept in the transaction that writes them, because counting a million rows takes a second, and
-- status, the page and the checks by counts ask again and again. The program adds what each write changes; an order that
-- is deleted by hand is subtracted by triggers, which a cluster does not have. "ordersync verify" counts, and corrects.

CREATE TABLE ordersync.order_counts (
  account     text    NOT NULL,
  day         date    NOT NULL,
  status      integer NOT NULL,
  orders      bigint  NOT NULL,
  vanished    bigint  NOT NULL,
  order_items bigint  NOT NULL,
  PRIMARY KEY (account, day, status)
) WITH (fillfactor = 50);
COMMENT ON TABLE ordersync.order_counts IS 'How many orders the mirror holds: one row an account, day and status, written with the orders. "ordersync verify" compares it with the orders and corrects it';
COMMENT ON COLUMN ordersync.order_counts.account IS 'As orders._account';
COMMENT ON COLUMN ordersync.order_counts.day IS 'The day, UTC, of orders.created_at; -infinity: it is not known';
COMMENT ON COLUMN ordersync.order_counts.status IS 'As orders.order_status; -1: it is not known';
COMMENT ON COLUMN ordersync.order_counts.orders IS 'How many orders there are, those that vanished included; 0: there were some';
COMMENT ON COLUMN ordersync.order_counts.vanished IS 'How many of them have vanished: orders._vanished_at is set';
COMMENT ON COLUMN ordersync.order_counts.order_items IS 'How many lines they have, see order_items';

-- An order that is being deleted must be gone, or stay, before its counts are read: else it would be subtracted twice.
-- Citus locks no rows of several nodes; it has no triggers either that would subtract.
CREATE FUNCTION ordersync.hold_orders(ids bigint[]) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  IF NOT ordersync.is_distributed() THEN
    PERFORM FROM ordersync.orders WHERE id = ANY (ids) ORDER BY id FOR NO KEY UPDATE;
  END IF;
END $$;
COMMENT ON FUNCTION ordersync.hold_orders(bigint[]) IS 'Waits for those who delete these orders, and lets nobody delete them until the transaction ends; does nothing in a cluster';

-- Before the lines are deleted: triggers run in the order of their names.
CREATE FUNCTION ordersync.count_deleted_orders() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  IF TG_OP = 'TRUNCATE' THEN
    TRUNCATE ordersync.order_counts;
    RETURN NULL;
  END IF;
  INSERT INTO ordersync.order_counts AS held (account, day, status, orders, vanished, order_items)
  SELECT o._account, coalesce((o.created_at AT TIME ZONE 'UTC')::date, '-infinity'), coalesce(o.order_status, -1),
    -count(*), -count(o._vanished_at), -coalesce(sum(i.lines), 0)
  FROM gone o LEFT JOIN (SELECT order_id, count(*) AS lines FROM ordersync.order_items
    WHERE order_id IN (SELECT id FROM gone) GROUP BY order_id) i ON i.order_id = o.id
  GROUP BY 1, 2, 3 ORDER BY o._account COLLATE "C", 2, 3
  ON CONFLICT (account, day, status) DO UPDATE SET orders = held.orders + excluded.orders,
    vanished = held.vanished + excluded.vanished, order_items = held.order_items + excluded.order_items;
  RETURN NULL;
END $$;
COMMENT ON FUNCTION ordersync.count_deleted_orders() IS 'Subtracts the orders that a statement has deleted from order_counts';

CREATE OR REPLACE FUNCTION ordersync.use_foreign_keys() RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
  children regclass[] := ARRAY(SELECT ordersync.tables_of_orders());
  child    regclass;
  fired    name;
BEGIN
  FOR fired IN
    SELECT tgname FROM pg_trigger WHERE tgrelid = 'ordersync.orders'::regclass
    AND tgfoid IN ('ordersync.delete_with_orders()'::regprocedure, 'ordersync.count_deleted_orders()'::regprocedure)
  LOOP
    EXECUTE format('DROP TRIGGER %I ON ordersync.orders', fired);
  END LOOP;
  FOREACH child IN ARRAY children LOOP
    EXECUTE format('ALTER TABLE %s DROP CONSTRAINT IF EXISTS %I, '
      'ADD CONSTRAINT %2$I FOREIGN KEY (order_id) REFERENCES ordersync.orders (id) ON DELETE CASCADE',
      child, (SELECT relname FROM pg_class WHERE oid = child) || '_order_id_fkey');
  END LOOP;
END $$;
COMMENT ON FUNCTION ordersync.use_foreign_keys() IS 'Has the server look after what belongs to orders by foreign keys, and drops the triggers that a cluster does not take; for "ordersync migrate --distribute"';

-- "ordersyn", the writers' lock: nobody writes between the counting and the first write that keeps the counts.
DO $$
BEGIN
  PERFORM pg_advisory_xact_lock(8030591472429660526);
  IF ordersync.is_distributed() THEN RETURN; END IF;
  CREATE TRIGGER order_counts_deleted AFTER DELETE ON ordersync.orders REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION ordersync.count_deleted_orders();
  CREATE TRIGGER order_counts_truncated AFTER TRUNCATE ON ordersync.orders
    FOR EACH STATEMENT EXECUTE FUNCTION ordersync.count_deleted_orders();
END $$;

INSERT INTO ordersync.order_counts (account, day, status, orders, vanished, order_items)
SELECT o._account, coalesce((o.created_at AT TIME ZONE 'UTC')::date, '-infinity'), coalesce(o.order_status, -1),
  count(*), count(o._vanished_at), coalesce(sum(i.lines), 0)
FROM ordersync.orders o LEFT JOIN (SELECT order_id, count(*) AS lines FROM ordersync.order_items GROUP BY order_id) i ON i.order_id = o.id
GROUP BY 1, 2, 3;

-- An older version that still leads would write orders and not count them: it cannot write under a newer epoch.
UPDATE ordersync.leader SET epoch = epoch + 1;
