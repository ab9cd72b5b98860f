-- Stands for the step of another branch, so that the numbers have no hole; the merge replaces it.

COMMENT ON SCHEMA ordersync IS 'Mirror of the 1688 orders of the company''s PandaPon accounts';
