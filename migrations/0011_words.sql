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

-- ---------------------------------------------------------------------------------------------------------------------
-- The functions of schema reporting mean the same under any search_path: a body that is parsed when the function is made
-- names its operators and functions for good, and is still inlined, which SET search_path would prevent.

SET LOCAL search_path = pg_catalog;

CREATE OR REPLACE FUNCTION reporting.api_day(at timestamptz) RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (at AT TIME ZONE reporting.api_zone())::date;

CREATE OR REPLACE FUNCTION reporting.yuan(fen numeric) RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN fen BETWEEN -99999999999999 AND 99999999999999 THEN round(fen / 100, 2) END;

CREATE OR REPLACE FUNCTION reporting.order_status_name(status integer) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE status WHEN 1 THEN 'awaiting payment' WHEN 2 THEN 'awaiting shipment' WHEN 3 THEN 'awaiting receipt'
     WHEN 4 THEN 'goods confirmed' WHEN 5 THEN 'completed' WHEN 6 THEN 'cancelled' WHEN 7 THEN 'terminated' WHEN 8 THEN 'other'
     ELSE 'unknown (' || status::text || ')' END;

CREATE OR REPLACE FUNCTION reporting.order_status_1688(status integer) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE status WHEN 1 THEN 'waitbuyerpay' WHEN 2 THEN 'waitsellersend' WHEN 3 THEN 'waitbuyerreceive'
     WHEN 4 THEN 'confirm_goods' WHEN 5 THEN 'success' WHEN 6 THEN 'cancel' WHEN 7 THEN 'terminated' WHEN 8 THEN 'other' END;

CREATE OR REPLACE FUNCTION reporting.pay_status_name(status integer) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE status WHEN 1 THEN 'unpaid' WHEN 2 THEN 'paid' WHEN 4 THEN 'refunded' WHEN 6 THEN 'completed'
     WHEN 8 THEN 'cancelled before payment' WHEN 9 THEN 'in progress' ELSE 'unknown (' || status::text || ')' END;

CREATE OR REPLACE FUNCTION reporting.sku_text(attributes jsonb) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (SELECT string_agg(concat_ws(': ', a ->> 'name', a ->> 'value'), '; ' ORDER BY place)
   FROM jsonb_array_elements(CASE jsonb_typeof(attributes) WHEN 'array' THEN attributes ELSE '[]' END) WITH ORDINALITY t(a, place)
   WHERE a ? 'name' OR a ? 'value');

CREATE OR REPLACE FUNCTION reporting.change_text(field text, change jsonb) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (SELECT CASE
    WHEN jsonb_typeof(change) <> 'object' OR NOT change ?& ARRAY['old', 'new'] THEN field || ' ' || (change #>> '{}')
    WHEN jsonb_typeof(change -> 'new') = 'object' THEN field || ' added'
    WHEN jsonb_typeof(change -> 'old') = 'object' THEN field || ' removed'
    ELSE regexp_replace(field, '_fen$', '') || ': ' || old_text || ' -> ' || new_text END
  FROM (SELECT
    coalesce(CASE
      WHEN jsonb_typeof(change -> 'old') = 'number' AND field ~ '_fen$' THEN reporting.yuan((change ->> 'old')::numeric)::text
      WHEN jsonb_typeof(change -> 'old') = 'number' AND field ~ '(^order_|\.)status$' THEN reporting.order_status_name((change ->> 'old')::integer)
      WHEN jsonb_typeof(change -> 'old') = 'number' AND field = 'pay_status' THEN reporting.pay_status_name((change ->> 'old')::integer)
      ELSE change ->> 'old' END, 'nothing') AS old_text,
    coalesce(CASE
      WHEN jsonb_typeof(change -> 'new') = 'number' AND field ~ '_fen$' THEN reporting.yuan((change ->> 'new')::numeric)::text
      WHEN jsonb_typeof(change -> 'new') = 'number' AND field ~ '(^order_|\.)status$' THEN reporting.order_status_name((change ->> 'new')::integer)
      WHEN jsonb_typeof(change -> 'new') = 'number' AND field = 'pay_status' THEN reporting.pay_status_name((change ->> 'new')::integer)
      ELSE change ->> 'new' END, 'nothing') AS new_text) t);

CREATE OR REPLACE FUNCTION reporting.orders_at(at timestamptz) RETURNS SETOF reporting.order_versions
LANGUAGE sql STABLE PARALLEL SAFE ROWS 100000
BEGIN ATOMIC
  SELECT v.* FROM reporting.order_versions AS v
  WHERE v.valid_from <= $1 AND (v.valid_to > $1 OR v.valid_to IS NULL);
END;
