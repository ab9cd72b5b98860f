-- Comments in plain words: \d+ and docs/schema.md print them.

-- Phrases that many comments share.
DO $$
DECLARE
  relation record;
  commented text;
BEGIN
  FOR relation IN
    SELECT c.oid::regclass AS name, CASE c.relkind WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END AS kind, a.attname AS attribute,
      d.description AS old,
      regexp_replace(regexp_replace(regexp_replace(d.description,
        '\m([Oo]ne row) an? ', '\1 per ', 'g'),
        '\m([Aa]s) it came\M', '\1 the API sent it', 'g'),
        '\m([Aa]s) they came\M', '\1 the API sent them', 'g') AS new
    FROM pg_description d
    JOIN pg_class c ON d.classoid = 'pg_class'::regclass AND c.oid = d.objoid AND c.relkind IN ('r', 'v')
    LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.objsubid AND d.objsubid > 0
    WHERE c.relnamespace IN ('ordersync'::regnamespace, 'reporting'::regnamespace)
  LOOP
    CONTINUE WHEN relation.new = relation.old;
    commented := CASE WHEN relation.attribute IS NULL THEN format('%s %s', relation.kind, relation.name)
                      ELSE format('COLUMN %s.%I', relation.name, relation.attribute) END;
    EXECUTE format('COMMENT ON %s IS %L', commented, relation.new);
  END LOOP;
END $$;

COMMENT ON FUNCTION reporting.orders_at(timestamptz) IS 'All orders as the mirror knew them at that moment, one row per order: SELECT * FROM reporting.orders_at(''2024-05-07 09:52:00+08'')';
COMMENT ON TABLE ordersync.quarantine IS 'Values that could not be stored, kept as the API sent them. Personal data';
COMMENT ON COLUMN reporting.freshness.quarantine IS 'How many malformed values are set aside in quarantine; their orders are stored';
COMMENT ON COLUMN reporting.orders.submission_post_fee IS 'Postage quoted when the order was placed, in yuan';
COMMENT ON COLUMN reporting.orders.submission_total IS 'Total quoted when the order was placed, in yuan';
COMMENT ON COLUMN ordersync.mirror_settings.told_at IS 'When the configuration last changed these settings';
COMMENT ON COLUMN ordersync.leader.heartbeat_at IS 'When it last reported here that it is alive, every half minute; by the database''s clock. Its sessions in pg_stat_activity (application_name ordersync/<instance>) show sooner that it is gone';
COMMENT ON TABLE ordersync.troubles IS 'The last warnings and errors of the daemons that led, equal ones in one row; docs/operations.md says what each means and what to do';
COMMENT ON COLUMN ordersync.troubles.first_at IS 'When that process first reported it, by its machine''s clock';
COMMENT ON COLUMN ordersync.troubles.last_at IS 'When it last reported it';
COMMENT ON COLUMN ordersync.troubles.count IS 'How often it was reported, lines that the log folds included';
