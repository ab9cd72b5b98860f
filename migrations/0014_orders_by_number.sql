-- Which orders a read by number was about: such a read says nothing of the other orders of its second.

ALTER TABLE ordersync.sweeps ADD COLUMN order_ids bigint[];
COMMENT ON COLUMN ordersync.sweeps.order_ids IS 'The orders that were read by their numbers, whatever else was created in the range; NULL: the range was read';
