-- Payloads are stored in half the space: what orders have in common, the shapes of their parts, is stored once, and of an
-- order only its values. The view order_payloads shows each payload exactly as the API served it, as the table of that name
-- did. Nothing is rewritten: payloads that are stored whole stay so until their order changes.

CREATE TABLE ordersync.payload_shapes (
  id    integer PRIMARY KEY,
  shape text    NOT NULL
);
COMMENT ON TABLE ordersync.payload_shapes IS 'What payloads have in common, see stored_payloads: at most 256 rows. Never change or delete one, stored payloads need it';
COMMENT ON COLUMN ordersync.payload_shapes.id IS 'Its number, without a hole from 1 on';
COMMENT ON COLUMN ordersync.payload_shapes.shape IS 'A part of the API''s JSON, with %s for each value; no personal data';
INSERT INTO ordersync.payload_shapes (id, shape) VALUES (1, '%s');

DO $$
DECLARE
  -- Views of others over the table would follow it under its new name, and must show what the view shows.
  above record;
  views text[] := '{}';
  granted record;
BEGIN
  FOR above IN
    SELECT DISTINCT c.oid::regclass AS name, c.relkind, c.relowner, c.reloptions
    FROM pg_depend d JOIN pg_rewrite r ON r.oid = d.objid JOIN pg_class c ON c.oid = r.ev_class
    WHERE d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_class'::regclass
      AND d.refobjid = 'ordersync.order_payloads'::regclass
  LOOP
    IF above.relkind <> 'v' OR NOT pg_has_role(above.relowner, 'USAGE') THEN
      RAISE '% of role % reads ordersync.order_payloads, which becomes a view: drop it, run "ordersync migrate", and create it again',
        above.name, above.relowner::regrole USING ERRCODE = 'dependent_objects_still_exist';
    END IF;
    views := views || format('CREATE OR REPLACE VIEW %s %s AS %s', above.name,
      'WITH (' || nullif(array_to_string(above.reloptions, ', '), '') || ')', pg_get_viewdef(above.name));
  END LOOP;

  ALTER TABLE ordersync.order_payloads RENAME TO stored_payloads;
  ALTER TABLE ordersync.stored_payloads RENAME COLUMN payload TO body;
  ALTER TABLE ordersync.stored_payloads ADD COLUMN shape text;

  CREATE VIEW ordersync.order_payloads AS
  SELECT order_id, CASE WHEN shape IS NULL THEN body ELSE
    format(format(shape, VARIADIC (SELECT array_agg(s.shape ORDER BY s.id) FROM ordersync.payload_shapes s)),
      VARIADIC string_to_array(body, E'\n')) END AS payload, sha256
  FROM ordersync.stored_payloads;

  FOR above IN SELECT unnest(views) AS definition LOOP
    EXECUTE above.definition;
  END LOOP;
  FOR granted IN
    SELECT a.grantee::regrole AS role, a.privilege_type AS what, CASE WHEN a.is_grantable THEN 'WITH GRANT OPTION' ELSE '' END AS passed
    FROM pg_class c, aclexplode(c.relacl) a
    WHERE c.oid = 'ordersync.stored_payloads'::regclass AND a.grantee NOT IN (0, c.relowner)
  LOOP
    EXECUTE format('GRANT %s ON ordersync.order_payloads TO %s %s', granted.what, granted.role, granted.passed);
    EXECUTE format('REVOKE %s ON ordersync.stored_payloads FROM %s CASCADE', granted.what, granted.role);
  END LOOP;

  IF ordersync.is_distributed() THEN RETURN; END IF;
  ALTER TABLE ordersync.stored_payloads ALTER shape SET STATISTICS 0;
  ALTER INDEX ordersync.order_payloads_pkey RENAME TO stored_payloads_pkey;
  -- They name the table.
  DROP TRIGGER order_payloads_deleted ON ordersync.orders;
  DROP TRIGGER order_payloads_truncated ON ordersync.orders;
  ALTER TABLE ordersync.stored_payloads DROP CONSTRAINT IF EXISTS order_payloads_order_id_fkey;
  PERFORM ordersync.belongs_to_orders('ordersync.stored_payloads');
END $$;

COMMENT ON TABLE ordersync.stored_payloads IS 'Payloads as they are stored; order_payloads shows them. Personal data';
COMMENT ON COLUMN ordersync.stored_payloads.shape IS 'The shapes of its parts, by their numbers in payload_shapes; NULL: the body is the payload';
COMMENT ON COLUMN ordersync.stored_payloads.body IS 'The values, each with a line break; then blanks, because PostgreSQL compresses no row shorter than 2 kB. Personal data';
COMMENT ON VIEW ordersync.order_payloads IS 'The order exactly as the API served it. Personal data';
COMMENT ON COLUMN ordersync.order_payloads.order_id IS 'The order that this belongs to';
COMMENT ON COLUMN ordersync.order_payloads.payload IS 'The JSON text as served, made of stored_payloads. Personal data';
COMMENT ON COLUMN ordersync.order_payloads.sha256 IS 'SHA-256 of the payload';

-- An older version that still leads writes to the table: it cannot write under a newer epoch.
UPDATE ordersync.leader SET epoch = epoch + 1;
