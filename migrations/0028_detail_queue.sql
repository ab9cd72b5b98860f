-- Which orders' details are to be read, and since when the API refuses them. A state queues an order in the transaction
-- that stores the order; its detail takes it off the queue.

CREATE TABLE ordersync.detail_queue (
  order_id  bigint      PRIMARY KEY,
  account   text        NOT NULL,
  queued_at timestamptz NOT NULL,
  due_at    timestamptz NOT NULL,
  asked     boolean     NOT NULL,
  tries     integer     NOT NULL DEFAULT 0,
  reason    text
);
CREATE INDEX detail_queue_due ON ordersync.detail_queue (account, asked, due_at);
COMMENT ON TABLE ordersync.detail_queue IS 'The orders whose details are to be read, one row each; emptied by reading them';
COMMENT ON COLUMN ordersync.detail_queue.order_id IS 'The order that this belongs to';
COMMENT ON COLUMN ordersync.detail_queue.account IS 'The configured account that reads it';
COMMENT ON COLUMN ordersync.detail_queue.queued_at IS 'When the order was read in the state that queued it, or somebody asked; a detail that was requested before leaves it in the queue';
COMMENT ON COLUMN ordersync.detail_queue.due_at IS 'From when on it is to be read';
COMMENT ON COLUMN ordersync.detail_queue.asked IS 'Somebody asked for it; those that a state has queued are read first';
COMMENT ON COLUMN ordersync.detail_queue.tries IS 'Reads that failed since it was queued';
COMMENT ON COLUMN ordersync.detail_queue.reason IS 'Why the last of them failed';

CREATE TABLE ordersync.detail_accounts (
  account    text        PRIMARY KEY,
  refused_at timestamptz NOT NULL,
  reason     text        NOT NULL
);
COMMENT ON TABLE ordersync.detail_accounts IS 'The accounts for which the API refuses order details; the others have no row';
COMMENT ON COLUMN ordersync.detail_accounts.account IS 'The configured account';
COMMENT ON COLUMN ordersync.detail_accounts.refused_at IS 'Since when';
COMMENT ON COLUMN ordersync.detail_accounts.reason IS 'What the API said last';

CREATE TABLE ordersync.order_refund_payloads (
  order_id  bigint NOT NULL,
  refund_id text   NOT NULL,
  payload   text   NOT NULL,
  sha256    bytea  NOT NULL,
  PRIMARY KEY (order_id, refund_id)
);
COMMENT ON TABLE ordersync.order_refund_payloads IS 'What the API says of each refund, exactly as served. May hold personal data';
COMMENT ON COLUMN ordersync.order_refund_payloads.order_id IS 'The order that this belongs to';
COMMENT ON COLUMN ordersync.order_refund_payloads.refund_id IS 'The API''s id of the request, as order_refunds.refund_id';
COMMENT ON COLUMN ordersync.order_refund_payloads.payload IS 'The JSON text as served. May hold personal data';
COMMENT ON COLUMN ordersync.order_refund_payloads.sha256 IS 'SHA-256 of the payload';

ALTER TABLE ordersync.order_refunds ADD COLUMN _content_hash bytea;
COMMENT ON COLUMN ordersync.order_refunds._content_hash IS 'SHA-256 of what the API says of the refund, however it spelt that; NULL: it was not read yet';

DO $$
DECLARE
  child text;
BEGIN
  FOREACH child IN ARRAY ARRAY['detail_queue', 'order_refund_payloads'] LOOP
    PERFORM ordersync.belongs_to_orders(format('ordersync.%I', child)::regclass);
  END LOOP;
END $$;

-- A daemon of an older version queues nothing: it cannot write under newer epochs.
UPDATE ordersync.leader SET epoch = epoch + 1;
UPDATE ordersync.account_leases SET epoch = epoch + 1;
