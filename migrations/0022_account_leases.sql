-- Each account has a lease of its own, so that several daemons share the work: whoever owns it reads the account and
-- writes what belongs to it. What belongs to the database stays with the daemon that leads.
--
-- As in ordersync.leader, the epoch is part of a key: a transaction of the owner's holds FOR KEY SHARE, which the next
-- owner has to wait for and a release has not. Signs of life are the sessions of a worker, as for the leader: row versions
-- that die end reports on a hot standby, so nothing here is written at each look.

CREATE TABLE ordersync.workers (
  instance     text        PRIMARY KEY,
  host         text        NOT NULL,
  pid          bigint      NOT NULL,
  version      text        NOT NULL,
  accounts     text[]      NOT NULL,
  since        timestamptz NOT NULL,
  heartbeat_at timestamptz NOT NULL
);
COMMENT ON TABLE ordersync.workers IS 'The daemons that share the accounts; one that stops in order removes its row, that of a dead one stays for ten minutes';
COMMENT ON COLUMN ordersync.workers.instance IS 'The daemon''s process, as leader.instance; its sessions have the application_name ordersync/<instance>';
COMMENT ON COLUMN ordersync.workers.host IS 'The machine it runs on';
COMMENT ON COLUMN ordersync.workers.pid IS 'Its process id there';
COMMENT ON COLUMN ordersync.workers.version IS 'Its version';
COMMENT ON COLUMN ordersync.workers.accounts IS 'The accounts that its configuration has; it takes no others';
COMMENT ON COLUMN ordersync.workers.since IS 'When it began to share the accounts';
COMMENT ON COLUMN ordersync.workers.heartbeat_at IS 'When it last reported here that it is alive, every half minute; by the database''s clock. Its sessions in pg_stat_activity show more';

CREATE TABLE ordersync.account_leases (
  account     text        PRIMARY KEY,
  key_group   text        NOT NULL,
  owner       text,
  epoch       bigint      NOT NULL DEFAULT 0,
  since       timestamptz NOT NULL DEFAULT clock_timestamp(),
  released_at timestamptz,
  UNIQUE (account, epoch)
);
COMMENT ON TABLE ordersync.account_leases IS 'Which daemon works which account: the only one that may write what belongs to it';
COMMENT ON COLUMN ordersync.account_leases.account IS 'The configured account';
COMMENT ON COLUMN ordersync.account_leases.key_group IS 'Accounts with the same one have the same access key; the beginning of its SHA-256';
COMMENT ON COLUMN ordersync.account_leases.owner IS 'The daemon''s process, as workers.instance; NULL: none';
COMMENT ON COLUMN ordersync.account_leases.epoch IS 'Number of the ownership; an owner that was superseded cannot write any more';
COMMENT ON COLUMN ordersync.account_leases.since IS 'When the owner took the account, or the last one gave it back';
COMMENT ON COLUMN ordersync.account_leases.released_at IS 'When an owner gave the account back last; an owner that died did not';

CREATE SEQUENCE ordersync.rate_slice_numbers;
COMMENT ON SEQUENCE ordersync.rate_slice_numbers IS 'Numbers of rate_slices';

CREATE TABLE ordersync.rate_slices (
  key_group  text             NOT NULL,
  worker     text             NOT NULL,
  per_second double precision NOT NULL,
  number     bigint           NOT NULL,
  since      timestamptz      NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (key_group, worker)
);
COMMENT ON TABLE ordersync.rate_slices IS 'How many requests a second each daemon may send with an access key; together at most sync.rate. A daemon uses its slice for four seconds after each look at the database; that of one that shows no sign of life is free after five';
COMMENT ON COLUMN ordersync.rate_slices.key_group IS 'The access key, as account_leases.key_group';
COMMENT ON COLUMN ordersync.rate_slices.worker IS 'The daemon''s process, as workers.instance';
COMMENT ON COLUMN ordersync.rate_slices.per_second IS 'Requests a second';
COMMENT ON COLUMN ordersync.rate_slices.number IS 'Another one each time the slice is written';
COMMENT ON COLUMN ordersync.rate_slices.since IS 'When it was written';

-- An older version that still leads would read every account beside their owners: it cannot write under a newer epoch,
-- and finds that it is too old when it wants to lead again.
UPDATE ordersync.leader SET epoch = epoch + 1;
