-- How the API answers each account, as the requests of its owner show: whoever looks at the database judges as the
-- owner's own page does, and in the same moment. Written where it changes what is said, not at each request: row versions
-- that die end reports on a hot standby.

CREATE TABLE ordersync.api_states (
  account       text             PRIMARY KEY,
  instance      text             NOT NULL,
  failing_since timestamptz,
  failure       text,
  failures      bigint           NOT NULL,
  answer_ms     bigint,
  updated_at    timestamptz      NOT NULL DEFAULT clock_timestamp(),
  CHECK ((failing_since IS NULL) = (failure IS NULL) AND (failure IS NULL) = (failures = 0))
) WITH (fillfactor = 50);
COMMENT ON TABLE ordersync.api_states IS 'How the API answers each account at present; status and the status page judge by it';
COMMENT ON COLUMN ordersync.api_states.account IS 'The configured account';
COMMENT ON COLUMN ordersync.api_states.instance IS 'The daemon''s process that owned the account then, as account_leases.owner; of another owner it says nothing';
COMMENT ON COLUMN ordersync.api_states.failing_since IS 'Since then requests have failed alike; NULL: the API answers, or failed once or twice only';
COMMENT ON COLUMN ordersync.api_states.failure IS 'The sort of failure, as in the log';
COMMENT ON COLUMN ordersync.api_states.failures IS 'How often they failed alike, one after the other; 0: the API answers';
COMMENT ON COLUMN ordersync.api_states.answer_ms IS 'Milliseconds that the last answers took on average, where that is more than a third of api.request_timeout';
COMMENT ON COLUMN ordersync.api_states.updated_at IS 'When it last changed, by the database''s clock';
