-- Checks by counts: whether the status of an order has changed is asked of the API without reading the order.

-- The mirror's count of a window and status comes from here alone: for each status that orders can leave, its part of
-- the index is as long as the count.
CREATE INDEX orders_open_counts ON ordersync.orders (_account, order_status, created_at)
  WHERE order_status NOT IN (5, 6, 7) AND _vanished_at IS NULL;

CREATE TABLE ordersync.count_checks (
  account           text        PRIMARY KEY,
  state             text        NOT NULL CHECK (state IN ('untried', 'on', 'unusable')),
  reason            text        NOT NULL DEFAULT '',
  younger_than      interval    NOT NULL,
  every             interval    NOT NULL,
  period            interval,
  windows           integer     NOT NULL DEFAULT 0,
  oldest_checked_at timestamptz,
  requests          bigint      NOT NULL DEFAULT 0,
  changes           bigint      NOT NULL DEFAULT 0,
  updated_at        timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 50);
COMMENT ON TABLE ordersync.count_checks IS 'One row an account: how its orders are checked for changes of their status by counts (sync.recheck)';
COMMENT ON COLUMN ordersync.count_checks.account IS 'The account''s name in the configuration';
COMMENT ON COLUMN ordersync.count_checks.state IS 'untried: the API''s counts by status were not tried yet; on: they are relied on; unusable: they cannot be relied on, see reason';
COMMENT ON COLUMN ordersync.count_checks.reason IS 'Why the counts cannot be relied on, are not tried yet, or nothing can be checked at the moment; empty: all is well';
COMMENT ON COLUMN ordersync.count_checks.younger_than IS 'Orders younger than this are checked (sync.recheck.younger_than)';
COMMENT ON COLUMN ordersync.count_checks.every IS 'How often each of them should be checked (sync.recheck.every)';
COMMENT ON COLUMN ordersync.count_checks.period IS 'How often the one checked least often was last checked; more than every: the share of the rate does not allow more. NULL: no window was checked twice yet';
COMMENT ON COLUMN ordersync.count_checks.windows IS 'Windows that are checked separately';
COMMENT ON COLUMN ordersync.count_checks.oldest_checked_at IS 'Every change of a status before this is in the mirror, as far as counts can show; NULL: not known yet';
COMMENT ON COLUMN ordersync.count_checks.requests IS 'Requests sent for the checks, since the daemon began to lead';
COMMENT ON COLUMN ordersync.count_checks.changes IS 'Orders that the checks found changed, since the daemon began to lead';
COMMENT ON COLUMN ordersync.count_checks.updated_at IS 'When this row was written';
