-- Reads that have nothing to say any more are counted by day instead of keeping a row each, see store/maintenance/read_pruning.

CREATE TABLE ordersync.reads_by_day (
  account          text        NOT NULL,
  day              date        NOT NULL,
  kind             text        NOT NULL,
  reads            bigint      NOT NULL,
  requests         bigint      NOT NULL,
  created          bigint      NOT NULL,
  changed          bigint      NOT NULL,
  unchanged        bigint      NOT NULL,
  last_finished_at timestamptz NOT NULL,
  PRIMARY KEY (account, day, kind)
);
-- A write asks whether a read that ended after its own began was pruned: none is, unless the write waited for a day.
CREATE INDEX reads_by_day_last_finished_at ON ordersync.reads_by_day (last_finished_at);
COMMENT ON TABLE ordersync.reads_by_day IS 'Reads whose row in sweeps was deleted, because later reads have proven and shown all of it again: one row an account, day and kind';
COMMENT ON COLUMN ordersync.reads_by_day.account IS 'As sweeps.account';
COMMENT ON COLUMN ordersync.reads_by_day.day IS 'The day, UTC, on which they ended';
COMMENT ON COLUMN ordersync.reads_by_day.kind IS 'As sweeps.kind: live or revisit';
COMMENT ON COLUMN ordersync.reads_by_day.reads IS 'How many there were';
COMMENT ON COLUMN ordersync.reads_by_day.requests IS 'Requests answered, see sweeps.pages';
COMMENT ON COLUMN ordersync.reads_by_day.created IS 'Orders that were new to the mirror';
COMMENT ON COLUMN ordersync.reads_by_day.changed IS 'Orders that had changed';
COMMENT ON COLUMN ordersync.reads_by_day.unchanged IS 'As sweeps.unchanged; an order counts each time';
COMMENT ON COLUMN ordersync.reads_by_day.last_finished_at IS 'When the last of them ended';
COMMENT ON TABLE ordersync.sweeps IS 'The windows of creation times that were read, and what came of each; live windows and revisits that later reads have proven again are counted in reads_by_day after a day, after 30 days where orders were new or had changed';
