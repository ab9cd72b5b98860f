-- Orders as a company would have after some years, made by arithmetic: :orders of them, one every 100 s up to now, of 20,000
-- sellers and 50,000 products of very different size, nine of ten completed. Rows the daemon never writes so fast, so the
-- checks of foreign keys are left out.
SET session_replication_role = replica;
SET synchronous_commit = off;
INSERT INTO ordersync.orders (id, develop_id, flow, order_no, tb_order_id, discount_fen, product_amount_fen, shipping_fee_fen,
  total_amount_fen, refund_amount_fen, sub_buyer_login_id, seller_login_id, close_reason, trade_type, is_invoice, pay_status,
  order_status, refund_status, platform_order, user_id, created_at, tb_created_at, submission_success, submission_order_id,
  submission_post_fee_fen, submission_total_fen, _account, _first_seen_at, _changed_at, _observed_at, _version, _content_hash)
SELECT 1060631267000000000 + n, 1053981698523398640, 'general', (1060631260000000000 + n)::text, (2042894170000000000 + n * 7)::text,
  0, 4650 + n % 1000, 500, 4650 + n % 1000 + CASE WHEN n % 100 = 0 THEN 501 ELSE 500 END, CASE WHEN n % 50 = 0 THEN 4000 ELSE 0 END,
  'buyer:' || n % 5, 'seller ' || (20000 * power(n % 9973 / 9973.0, 3))::integer, 'other', 'trade', 0, CASE WHEN status = 1 THEN 1 ELSE 2 END,
  status, 0, 0, (2217225334051 + n % 8)::text, at, at - interval '1 second', true, (2042894170000000000 + n * 7)::text, 500,
  5150 + n % 1000, 'main', at + interval '10 seconds', at + interval '1 day', at + interval '1 day', 2, '\x00'
FROM (SELECT n, date_trunc('second', now()) - make_interval(secs => (:orders - n) * 100) AS at,
        CASE WHEN n > :orders - 20000 THEN 1 + n % 5 WHEN n % 1000 = 1 THEN 8 WHEN n % 20 = 1 THEN 6 WHEN n % 20 = 2 THEN 7 ELSE 5 END AS status
      FROM generate_series(1, :orders::bigint) n) t;
INSERT INTO ordersync.order_items (order_id, id, sub_tb_order_id, product_id, name, quantity, unit, sku_id, spec_id, item_amount_fen,
  price_fen, refund_fen, status, sku_attributes, image_urls, snapshot_url, created_at, position)
SELECT 1060631267000000000 + n, 1060631268000000000 + n, (2042894170000000000 + n * 7)::text,
  (742813000000 + (50000 * power(n % 9941 / 9941.0, 2))::integer)::text, 'product', 1 + n % 3, 'piece', n % 100000, md5((n % 1000)::text),
  4650 + n % 1000, 4650, CASE WHEN n % 50 = 0 THEN 4000 ELSE 0 END, 5, '[{"name": "colour", "value": "red"}, {"name": "size", "value": "XL"}]',
  ARRAY['http://cbu01.alicdn.com/img/ibank/1.jpg'], NULL, now(), 0
FROM generate_series(1, :orders::bigint) n;
