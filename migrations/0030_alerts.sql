-- Which problems have been reported to webhooks, so that neither a restart nor another leader reports them again, or forgets to say
-- that it is over.

CREATE TABLE ordersync.alert_states (
  webhook  text        NOT NULL,
  kind     text        NOT NULL,
  account  text        NOT NULL,
  since    timestamptz NOT NULL,
  sent_at  timestamptz NOT NULL,
  ended_at timestamptz,
  PRIMARY KEY (webhook, kind, account)
);
COMMENT ON TABLE ordersync.alert_states IS 'Problems that were reported to a webhook of the configuration: those that last, and for a while those that are over';
COMMENT ON COLUMN ordersync.alert_states.webhook IS 'alerts[].webhook_file of the configuration: the name of the file, not the URL in it';
COMMENT ON COLUMN ordersync.alert_states.kind IS 'gap, behind, refused, database or silent';
COMMENT ON COLUMN ordersync.alert_states.account IS 'The account that has the problem; empty: the whole mirror';
COMMENT ON COLUMN ordersync.alert_states.since IS 'When the problem began, or, where that is not known, when a daemon first saw it';
COMMENT ON COLUMN ordersync.alert_states.sent_at IS 'When the message was accepted';
COMMENT ON COLUMN ordersync.alert_states.ended_at IS 'When the message that it is over was accepted; NULL: it lasts';
