-- Right after a first load, and on a hot standby.

-- By the key: without statistics the planner went through all of the history by its time, for each order.
CREATE OR REPLACE VIEW reporting.open_orders AS
SELECT o.id AS order_id, o._account AS account, left(o.order_no, 500) AS order_no, left(o.tb_order_id, 500) AS tb_order_id,
  o.created_at, reporting.api_day(o.created_at) AS created_day, left(o.seller_login_id, 500) AS seller_login_id,
  coalesce(reporting.order_status_name(o.order_status), 'unknown') AS order_status,
  reporting.order_status_1688(o.order_status) AS order_status_1688,
  reporting.pay_status_name(o.pay_status) AS pay_status, reporting.yuan(o.total_amount_fen)::numeric(14,2) AS total_amount,
  round((extract(epoch FROM now() - o.created_at) / 86400), 1) AS age_days, coalesce(h.since, o.created_at) AS status_since,
  h.since IS NOT NULL AS status_change_seen,
  round((extract(epoch FROM now() - coalesce(h.since, o.created_at)) / 86400), 1) AS days_in_status,
  o._vanished_at IS NOT NULL AS vanished
FROM ordersync.orders o LEFT JOIN LATERAL (
  SELECT s.valid_from AS since FROM ordersync.order_history s
  WHERE s.order_id = o.id AND s.changed ? 'order_status' ORDER BY s.version DESC LIMIT 1) h ON true
WHERE o.order_status IS NULL OR o.order_status NOT IN (5, 6, 7);

-- There is one row of settings. The planner, which has no statistics of so small a table, took it for a thousand, and
-- compiled its plan for half a second.
CREATE OR REPLACE VIEW ordersync.expected_coverage AS
SELECT c.account, c.scope, c.proven, e.expected, tstzmultirange(e.expected) - c.proven AS missing
FROM ordersync.coverage c LEFT JOIN (SELECT sync_start, grace FROM ordersync.mirror_settings LIMIT 1) m ON true
CROSS JOIN LATERAL (
  SELECT tstzrange(start, greatest(start, date_trunc('second', now()) - coalesce(m.grace, interval '0'))) AS expected
  FROM coalesce(m.sync_start, lower(c.proven), now()) AS start) e;

-- Room for more than one version of a row on its page, and the page is cleaned when it is full: each cleaning ends the
-- reports on a hot standby that began before.
ALTER TABLE ordersync.leader SET (fillfactor = 100);
ALTER TABLE ordersync.revisit_tiers SET (fillfactor = 50);
COMMENT ON COLUMN ordersync.leader.heartbeat_at IS 'When it last said here that it is alive, every half minute; by the database''s clock. Its sessions in pg_stat_activity (application_name ordersync/<instance>) tell sooner';

ANALYZE ordersync.orders, ordersync.order_history, ordersync.coverage, ordersync.mirror_settings;
