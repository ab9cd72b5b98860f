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

-- What is accepted is not counted, and what is counted is read from an index alone.
CREATE OR REPLACE VIEW reporting.freshness AS
SELECT e.account, through.at AS complete_through, now() - through.at AS behind,
  s.finished_at AS last_success_at, s.kind AS last_success_kind,
  (SELECT count(*) FROM unnest(e.missing)) AS gaps,
  (SELECT sum(upper(gap) - lower(gap)) FROM unnest(e.missing) AS gap) AS gap_time,
  (SELECT count(*) FROM ordersync.quarantine q WHERE q.account = e.account AND q.resolved_at IS NULL AND q.accepted_at IS NULL
     AND (q.kind_path, q.kind_reason) NOT IN (SELECT k.path, k.reason FROM ordersync.accepted_kinds k)) AS quarantine,
  t.oldest_revisit_at, coalesce(t.behind, false) AS revisits_behind
FROM ordersync.expected_coverage e
LEFT JOIN LATERAL (SELECT upper(part) AS at FROM unnest(e.proven) AS part WHERE part @> lower(e.expected)) through ON true
LEFT JOIN LATERAL (SELECT w.finished_at, w.kind FROM ordersync.sweeps w
                   WHERE w.account = e.account AND w.scope = e.scope AND w.outcome = 'proven' ORDER BY w.finished_at DESC LIMIT 1) s ON true
LEFT JOIN LATERAL (SELECT min(coalesce(r.oldest_read_at, '-infinity')) AS oldest_revisit_at, bool_or(r.behind) AS behind
                   FROM ordersync.revisit_tiers r WHERE r.account = e.account) t ON true;
COMMENT ON COLUMN reporting.freshness.quarantine IS 'How many values could not be stored as they came, still cannot, and are not accepted';
