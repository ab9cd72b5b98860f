-- What went wrong outlasts the daemon that told it, so that `status` can show it.

CREATE TABLE ordersync.troubles (
  instance text        NOT NULL,
  event    text        NOT NULL,
  account  text        NOT NULL,
  failure  text        NOT NULL,
  level    text        NOT NULL CHECK (level IN ('warning', 'error')),
  first_at timestamptz NOT NULL,
  last_at  timestamptz NOT NULL,
  count    bigint      NOT NULL,
  fields   jsonb       NOT NULL,
  PRIMARY KEY (instance, event, account, failure)
) WITH (fillfactor = 50);
COMMENT ON TABLE ordersync.troubles IS 'The last warnings and errors of the daemons that led, alike ones as one; docs/operations.md says what each means and what to do';
COMMENT ON COLUMN ordersync.troubles.instance IS 'The daemon''s process, as leader.instance';
COMMENT ON COLUMN ordersync.troubles.event IS 'The event''s name, as in the log';
COMMENT ON COLUMN ordersync.troubles.account IS 'The configured account; empty when it is about none';
COMMENT ON COLUMN ordersync.troubles.failure IS 'The sort of failure, as in the log; empty when it has none';
COMMENT ON COLUMN ordersync.troubles.level IS 'warning or error, the last time';
COMMENT ON COLUMN ordersync.troubles.first_at IS 'When that process first told it, by its machine''s clock';
COMMENT ON COLUMN ordersync.troubles.last_at IS 'When it last told it';
COMMENT ON COLUMN ordersync.troubles.count IS 'How often it was told, lines that the log folds included';
COMMENT ON COLUMN ordersync.troubles.fields IS 'The log''s fields of the last time, each as text';
