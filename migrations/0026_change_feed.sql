-- Every version of an order has a number, in the order in which transactions committed: who follows the numbers misses none.
-- A transaction's versions are one row. Transactions that write orders take turns (the writers' lock), so that each draws
-- its numbers after all before it have committed.

SELECT pg_advisory_xact_lock(8030591472429660526);

CREATE TABLE ordersync.change_batches (
  first_change bigint      NOT NULL,
  last_change  bigint      PRIMARY KEY,
  order_ids    bigint[]    NOT NULL,
  versions     integer[]   NOT NULL
);
COMMENT ON TABLE ordersync.change_batches IS 'Which versions of orders each transaction wrote, in the order of their commits; see reporting.changes';
COMMENT ON COLUMN ordersync.change_batches.first_change IS 'Number of the first of them; the numbers have no holes';
COMMENT ON COLUMN ordersync.change_batches.last_change IS 'Number of the last of them';
COMMENT ON COLUMN ordersync.change_batches.order_ids IS 'Their orders, by number of the change';
COMMENT ON COLUMN ordersync.change_batches.versions IS 'Their versions, likewise';

-- What was written before had no numbers: it is numbered by its time.
INSERT INTO ordersync.change_batches (first_change, last_change, order_ids, versions)
SELECT min(n), max(n), array_agg(id ORDER BY n), array_agg(version ORDER BY n) FROM (
  SELECT row_number() OVER (ORDER BY valid_from, id, version) AS n, id, version FROM (
    SELECT order_id AS id, version, valid_from FROM ordersync.order_history WHERE valid_to IS NOT NULL
    UNION ALL
    SELECT id, _version, _changed_at FROM ordersync.orders) AS versions) AS numbered
GROUP BY (n - 1) / 10000;

-- A version that was erased with its order has a number and nothing else.
CREATE VIEW reporting.change_numbers AS
SELECT b.first_change + u.n - 1 AS change, u.id::text AS order_id, u.version, u.id AS order_key, b.first_change, b.last_change
FROM ordersync.change_batches b CROSS JOIN LATERAL unnest(b.order_ids, b.versions) WITH ORDINALITY AS u (id, version, n);
COMMENT ON VIEW reporting.change_numbers IS 'Grain: one row a version of an order, by its number; for reporting.changes. Indexed: last_change';
COMMENT ON COLUMN reporting.change_numbers.change IS 'The version''s number among all, in the order of commits';
COMMENT ON COLUMN reporting.change_numbers.order_id IS 'The order';
COMMENT ON COLUMN reporting.change_numbers.version IS 'Number of the state of the order';
COMMENT ON COLUMN reporting.change_numbers.order_key IS 'order_id as a number, for joins';
COMMENT ON COLUMN reporting.change_numbers.first_change IS 'The first number of the same transaction';
COMMENT ON COLUMN reporting.change_numbers.last_change IS 'The last number of the same transaction';

-- The numbers have no holes, so the first transaction that reaches the greatest number wanted is the last one to look at.
-- OFFSET keeps the planner from a join, in which it would read all versions for each of them: it looks them up by key.
CREATE FUNCTION reporting.changes(after bigint, at_most bigint DEFAULT NULL)
RETURNS TABLE (change bigint, order_id text, order_key bigint, version integer, at timestamptz, day date, account text, vanished boolean,
  order_no text, tb_order_id text, created_at timestamptz, order_status text, pay_status text, seller_login_id text,
  total_amount numeric, refund_amount numeric, changed jsonb, items jsonb)
LANGUAGE sql STABLE ROWS 1000
BEGIN ATOMIC
  SELECT c.change, v.id, v.order_key, v.version, v.valid_from, reporting.api_day(v.valid_from), v.account, v.vanished,
    v.order_no, v.tb_order_id, v.created_at, reporting.order_status_name(v.order_status), reporting.pay_status_name(v.pay_status),
    v.seller_login_id, v.total_amount, v.refund_amount, v.changed, v.items
  FROM reporting.change_numbers c CROSS JOIN LATERAL (
    SELECT * FROM reporting.order_versions WHERE order_key = c.order_key AND version = c.version OFFSET 0) v
  WHERE c.last_change > $1 AND c.change > $1 AND ($2 IS NULL OR c.change <= $1 + $2 AND c.last_change <= coalesce(
    (SELECT l.last_change FROM reporting.change_numbers l WHERE l.last_change >= $1 + $2 ORDER BY l.last_change LIMIT 1), $1 + $2))
  ORDER BY c.change;
END;
COMMENT ON FUNCTION reporting.changes(bigint, bigint) IS 'Every version of an order whose number is greater than the first argument, in the order of commits; of the second argument''s next numbers only, where it is given. Whoever goes on from the greatest number seen misses none and repeats none. After each commit that wrote some there is a NOTIFY ordersync_changes with the last number';

-- A cluster cannot see through an SQL function with parameters. Called by "ordersync migrate --distribute".
CREATE FUNCTION ordersync.use_changes_of_cluster() RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  CREATE OR REPLACE FUNCTION reporting.changes(after bigint, at_most bigint DEFAULT NULL)
  RETURNS TABLE (change bigint, order_id text, order_key bigint, version integer, at timestamptz, day date, account text, vanished boolean,
    order_no text, tb_order_id text, created_at timestamptz, order_status text, pay_status text, seller_login_id text,
    total_amount numeric, refund_amount numeric, changed jsonb, items jsonb)
  LANGUAGE plpgsql STABLE ROWS 1000 SET search_path = pg_catalog AS $body$
  #variable_conflict use_column
  DECLARE
    numbers bigint[]; ids bigint[]; versions integer[];
  BEGIN
    SELECT array_agg(c.change), array_agg(c.order_key), array_agg(c.version) INTO numbers, ids, versions FROM reporting.change_numbers c
    WHERE c.last_change > $1 AND c.change > $1 AND ($2 IS NULL OR c.change <= $1 + $2 AND c.last_change <= coalesce(
      (SELECT l.last_change FROM reporting.change_numbers l WHERE l.last_change >= $1 + $2 ORDER BY l.last_change LIMIT 1), $1 + $2));
    RETURN QUERY SELECT c.change, v.id, v.order_key, v.version, v.valid_from, reporting.api_day(v.valid_from), v.account, v.vanished,
      v.order_no, v.tb_order_id, v.created_at, reporting.order_status_name(v.order_status), reporting.pay_status_name(v.pay_status),
      v.seller_login_id, v.total_amount, v.refund_amount, v.changed, v.items
    FROM (SELECT * FROM reporting.order_versions WHERE order_key = ANY (ids)) v
    JOIN unnest(numbers, ids, versions) AS c (change, order_key, version) ON v.order_key = c.order_key AND v.version = c.version
    ORDER BY c.change;
  END $body$;
END $$;
COMMENT ON FUNCTION ordersync.use_changes_of_cluster() IS 'Makes reporting.changes one that a cluster can perform; for "ordersync migrate --distribute"';
DO $$ BEGIN IF ordersync.is_distributed() THEN PERFORM ordersync.use_changes_of_cluster(); END IF; END $$;
SELECT ordersync.grant_reading();

-- A daemon of an older version numbers nothing: it cannot write under newer epochs.
UPDATE ordersync.leader SET epoch = epoch + 1;
UPDATE ordersync.account_leases SET epoch = epoch + 1;
