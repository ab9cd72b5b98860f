-- What use has shown to be missing in the steps before.

-- One absurd amount, which is kept as it came, failed every query of the history that touched it.
CREATE OR REPLACE VIEW reporting.order_versions AS
SELECT h.order_id AS id, h.version, h.valid_from, h.valid_to, h.vanished, h.account,
       h.state #>> '{order,order_no}' AS order_no,
       h.state #>> '{order,tb_order_id}' AS tb_order_id,
       (h.state #>> '{order,created_at}')::timestamptz AS created_at,
       (h.state #>> '{order,tb_created_at}')::timestamptz AS tb_created_at,
       (h.state #>> '{order,order_status}')::integer AS order_status,
       (h.state #>> '{order,pay_status}')::integer AS pay_status,
       (h.state #>> '{order,refund_status}')::integer AS refund_status,
       h.state #>> '{order,seller_login_id}' AS seller_login_id,
       h.state #>> '{order,user_id}' AS user_id,
       h.state #>> '{order,close_reason}' AS close_reason,
       reporting.yuan((h.state #>> '{order,product_amount_fen}')::numeric)::numeric(14,2) AS product_amount,
       reporting.yuan((h.state #>> '{order,shipping_fee_fen}')::numeric)::numeric(14,2) AS shipping_fee,
       reporting.yuan((h.state #>> '{order,discount_fen}')::numeric)::numeric(14,2) AS discount,
       reporting.yuan((h.state #>> '{order,total_amount_fen}')::numeric)::numeric(14,2) AS total_amount,
       reporting.yuan((h.state #>> '{order,refund_amount_fen}')::numeric)::numeric(14,2) AS refund_amount,
       h.state -> 'items' AS items,
       h.changed
FROM ordersync.order_history AS h;

-- Statuses are asked for by their number and by 1688's name as well as by ours.
CREATE INDEX orders_status ON ordersync.orders (order_status);
CREATE INDEX orders_status_1688 ON ordersync.orders (reporting.order_status_1688(order_status));

-- What a replay of everything does not meet any more, the program has learned.
ALTER TABLE ordersync.replays ADD COLUMN unknown_paths text[] NOT NULL DEFAULT '{}';
COMMENT ON COLUMN ordersync.replays.unknown_paths IS 'Fields and values in the payloads so far that the program does not know, see schema_drift';
COMMENT ON TABLE ordersync.schema_drift IS 'Fields of the API, and values of its enumerations, that the program does not know; a replay of all payloads takes away those that it has learned';

ANALYZE ordersync.orders;
