-- Which orders a read apart from windows was about: such a read says nothing of the other orders of its range.

ALTER TABLE ordersync.sweeps ADD COLUMN order_ids bigint[];
COMMENT ON COLUMN ordersync.sweeps.order_ids IS 'The orders that were read apart from their windows, by number or by status, whatever else was created in the range; NULL: all of the range was read';
