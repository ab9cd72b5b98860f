-- Backfills take times as people write them: a time without an offset is of the API's zone, whatever zone the session
-- that inserts it has. A timestamptz that is inserted keeps its moment, because PostgreSQL writes its offset.

CREATE FUNCTION ordersync.api_moment(written text) RETURNS timestamptz LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog
AS $$
BEGIN
  IF written !~ '^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?)? ?(Z|[+-]\d\d(:?\d\d(:?\d\d)?)?)?$' THEN
    RAISE EXCEPTION '''%'' is not a time', written USING ERRCODE = 'invalid_datetime_format',
      HINT = 'Write 2024-05-07 or 2024-05-07 09:52:00 in the API''s zone, or add an offset as in 2024-05-07T09:52:00+08:00.';
  END IF;
  IF substr(written, 11) ~ '[Z+-]' THEN RETURN written::timestamptz; END IF;
  RETURN written::timestamp AT TIME ZONE reporting.api_zone();
END
$$;
COMMENT ON FUNCTION ordersync.api_moment(text) IS 'The moment that a person wrote: with an offset as it says, without one in the API''s zone (api.time_zone)';

ALTER TABLE ordersync.backfill_jobs DROP CONSTRAINT backfill_jobs_range, DROP CONSTRAINT backfill_jobs_times;
ALTER TABLE ordersync.backfill_jobs
  ALTER COLUMN from_time TYPE text USING to_char(from_time AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
  ALTER COLUMN to_time TYPE text USING to_char(to_time AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');
ALTER TABLE ordersync.backfill_jobs
  ADD COLUMN begins timestamptz NOT NULL GENERATED ALWAYS AS (ordersync.api_moment(from_time)) STORED,
  ADD COLUMN ends timestamptz NOT NULL GENERATED ALWAYS AS (ordersync.api_moment(to_time)) STORED,
  ADD CONSTRAINT backfill_jobs_range CHECK (begins < ends),
  ADD CONSTRAINT backfill_jobs_times CHECK (begins >= '1970-01-01 00:00:00+00' AND ends <= '3000-01-01 00:00:00+00');
COMMENT ON COLUMN ordersync.backfill_jobs.from_time IS 'The first creation time, as it was written: 2024-05-07 or 2024-05-07 09:52:00 in the API''s zone, or with an offset';
COMMENT ON COLUMN ordersync.backfill_jobs.to_time IS 'Where the creation times end, exclusive, as it was written';
COMMENT ON COLUMN ordersync.backfill_jobs.begins IS 'The moment that from_time means; a fraction of a second is rounded down';
COMMENT ON COLUMN ordersync.backfill_jobs.ends IS 'The moment that to_time means; a fraction of a second is rounded up';
