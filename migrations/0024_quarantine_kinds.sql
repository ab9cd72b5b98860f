-- What is in quarantine by kind: the path without the numbers of list elements, and the reason without the position of
-- a byte. Both are kept, so that nothing is parsed to group by them; they are cut so that an index takes them.
ALTER TABLE ordersync.quarantine
  ADD COLUMN kind_path       text GENERATED ALWAYS AS (regexp_replace(path, '\[[0-9]+\]', '[]', 'g')) STORED,
  ADD COLUMN kind_reason     text GENERATED ALWAYS AS
    (left(regexp_replace(reason, '\mbyte [0-9]+\M', 'byte N', 'g'), 300)) STORED,
  ADD COLUMN accepted_at     timestamptz,
  ADD COLUMN accepted_by     text,
  ADD COLUMN accepted_reason text;
COMMENT ON COLUMN ordersync.quarantine.kind_path IS 'The path with [] for each element of a list: values of a kind have the same kind_path and kind_reason';
COMMENT ON COLUMN ordersync.quarantine.kind_reason IS 'The reason with N for the position of a byte';
COMMENT ON COLUMN ordersync.quarantine.accepted_at IS 'When this one value was accepted by its id (ordersync quarantine accept ID); NULL: it was not, but its kind may be, see accepted_kinds';
COMMENT ON COLUMN ordersync.quarantine.accepted_by IS 'The database role that accepted this one value';
COMMENT ON COLUMN ordersync.quarantine.accepted_reason IS 'Why this one value was accepted, in the words of who did';

-- Counting what is open, which every daemon does each ten seconds, reads this index alone.
CREATE INDEX quarantine_open_kinds ON ordersync.quarantine (kind_path, kind_reason, account, accepted_at)
  WHERE resolved_at IS NULL;

CREATE TABLE ordersync.accepted_kinds (
  path        text        NOT NULL,
  reason      text        NOT NULL,
  why         text        NOT NULL,
  accepted_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  accepted_by text        NOT NULL DEFAULT session_user,
  PRIMARY KEY (path, reason)
);
COMMENT ON TABLE ordersync.accepted_kinds IS 'Kinds of values in quarantine that somebody has accepted, for all accounts: such values, those that come later included, are counted apart and do not make the mirror incomplete';
COMMENT ON COLUMN ordersync.accepted_kinds.path IS 'As quarantine.kind_path';
COMMENT ON COLUMN ordersync.accepted_kinds.reason IS 'As quarantine.kind_reason: why the values cannot be stored';
COMMENT ON COLUMN ordersync.accepted_kinds.why IS 'Why the kind was accepted, in the words of who did';
COMMENT ON COLUMN ordersync.accepted_kinds.accepted_at IS 'When it was accepted';
COMMENT ON COLUMN ordersync.accepted_kinds.accepted_by IS 'The database role that accepted it';
