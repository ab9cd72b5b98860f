-- The planner needs no statistics of what nobody searches or groups by, and making them took half of each ANALYZE; those of
-- addresses were personal data besides. A cluster is left as it is.
DO $$
BEGIN
  IF ordersync.is_distributed() THEN RETURN; END IF;
  ALTER TABLE ordersync.orders
    ALTER submission_order_id SET STATISTICS 0, ALTER submission_post_fee_fen SET STATISTICS 0,
    ALTER submission_total_fen SET STATISTICS 0, ALTER _content_hash SET STATISTICS 0;
  ALTER TABLE ordersync.order_items
    ALTER sub_tb_order_id SET STATISTICS 0, ALTER spec_id SET STATISTICS 0, ALTER sku_attributes SET STATISTICS 0,
    ALTER image_urls SET STATISTICS 0, ALTER snapshot_url SET STATISTICS 0;
  ALTER TABLE ordersync.order_cargo ALTER spec_id SET STATISTICS 0;
  ALTER TABLE ordersync.order_receivers
    ALTER full_name SET STATISTICS 0, ALTER mobile SET STATISTICS 0, ALTER phone SET STATISTICS 0,
    ALTER post_code SET STATISTICS 0, ALTER division_code SET STATISTICS 0, ALTER address SET STATISTICS 0;
  ALTER TABLE ordersync.order_warehouse_addresses
    ALTER full_name SET STATISTICS 0, ALTER mobile SET STATISTICS 0, ALTER phone SET STATISTICS 0,
    ALTER post_code SET STATISTICS 0, ALTER province SET STATISTICS 0, ALTER city SET STATISTICS 0,
    ALTER area SET STATISTICS 0, ALTER town SET STATISTICS 0, ALTER address SET STATISTICS 0,
    ALTER district_code SET STATISTICS 0;
  ALTER TABLE ordersync.order_payloads ALTER payload SET STATISTICS 0, ALTER sha256 SET STATISTICS 0;
  ALTER TABLE ordersync.order_history ALTER changed SET STATISTICS 0, ALTER state SET STATISTICS 0;
END $$;
COMMENT ON COLUMN ordersync.orders._content_hash IS 'SHA-256 of the order''s content however the API spelt it; equal means nothing changed. It has no statistics: nobody searches by it';
