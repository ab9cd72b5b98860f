-- The mirror itself: one row an order, and what belongs to it.
--
-- The tables of an order are keyed by the order's id and refer only to each other, so that they can be distributed by it.
-- Pages are left a tenth empty: an order changes a few times in its first weeks, and an update that finds room on the page
-- of the old row touches no index (HOT).

CREATE SCHEMA IF NOT EXISTS ordersync;
COMMENT ON SCHEMA ordersync IS 'Mirror of the 1688 orders of the company''s PandaPon accounts';

CREATE TABLE ordersync.schema_migrations (
  version    integer     PRIMARY KEY,
  name       text        NOT NULL,
  checksum   text        NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE ordersync.schema_migrations IS 'Steps by which this schema was built; written by "ordersync migrate" alone';
COMMENT ON COLUMN ordersync.schema_migrations.version IS 'Number of the step, counted from 1 without holes';
COMMENT ON COLUMN ordersync.schema_migrations.name IS 'Short name of the step';
COMMENT ON COLUMN ordersync.schema_migrations.checksum IS 'SHA-256 of the step''s SQL in hexadecimal; a step whose text changed later is refused';
COMMENT ON COLUMN ordersync.schema_migrations.applied_at IS 'When the step was applied';

CREATE TABLE ordersync.orders (
  id                      bigint      PRIMARY KEY,
  develop_id              bigint,
  flow                    text,
  order_no                text,
  tb_order_id             text,
  discount_fen            bigint,
  product_amount_fen      bigint,
  shipping_fee_fen        bigint,
  total_amount_fen        bigint,
  refund_amount_fen       bigint,
  sub_buyer_login_id      text,
  seller_login_id         text,
  close_reason            text,
  trade_type              text,
  is_invoice              integer,
  pay_status              integer,
  order_status            integer,
  refund_status           integer,
  platform_order          integer,
  user_id                 text,
  created_at              timestamptz,
  tb_created_at           timestamptz,
  submission_success      boolean,
  submission_order_id     text,
  submission_post_fee_fen bigint,
  submission_total_fen    bigint,
  _account                text        NOT NULL,
  _first_seen_at          timestamptz NOT NULL,
  _changed_at             timestamptz NOT NULL,
  _observed_at            timestamptz NOT NULL,
  _version                integer     NOT NULL,
  _content_hash           bytea       NOT NULL
) WITH (fillfactor = 90);
CREATE INDEX orders_created_at ON ordersync.orders (created_at);
COMMENT ON TABLE ordersync.orders IS 'One row an order, as the API last showed it';
COMMENT ON COLUMN ordersync.orders.id IS 'The API''s id of the order';
COMMENT ON COLUMN ordersync.orders.develop_id IS 'developId: the developer account the order was placed through';
COMMENT ON COLUMN ordersync.orders.flow IS 'flow: kind of purchase, such as "general"';
COMMENT ON COLUMN ordersync.orders.order_no IS 'orderNo: PandaPon''s own number of the order; differs from id';
COMMENT ON COLUMN ordersync.orders.tb_order_id IS 'tbOrderId: the order''s number at 1688';
COMMENT ON COLUMN ordersync.orders.discount_fen IS 'discount in fen (1/100 yuan); can be negative';
COMMENT ON COLUMN ordersync.orders.product_amount_fen IS 'productAmount in fen';
COMMENT ON COLUMN ordersync.orders.shipping_fee_fen IS 'shippingFee in fen';
COMMENT ON COLUMN ordersync.orders.total_amount_fen IS 'totalAmount in fen; the API''s sums do not always add up and are stored as they came';
COMMENT ON COLUMN ordersync.orders.refund_amount_fen IS 'refundAmount in fen';
COMMENT ON COLUMN ordersync.orders.sub_buyer_login_id IS 'subBuyerLoginId: login of the buyer''s sub-account';
COMMENT ON COLUMN ordersync.orders.seller_login_id IS 'sellerLoginId: login of the seller';
COMMENT ON COLUMN ordersync.orders.close_reason IS 'closeReason: why the order was closed';
COMMENT ON COLUMN ordersync.orders.trade_type IS 'tradeType: manner of trade, in Chinese';
COMMENT ON COLUMN ordersync.orders.is_invoice IS 'isInvoice as it came; its values are not documented';
COMMENT ON COLUMN ordersync.orders.pay_status IS 'payStatus: probably 1 unpaid, 2 paid, 4 refunded, 6 completed, 8 cancelled before payment, 9 in progress';
COMMENT ON COLUMN ordersync.orders.order_status IS 'orderStatus: 1 waitbuyerpay, 2 waitsellersend, 3 waitbuyerreceive, 4 confirm_goods, 5 success, 6 cancel, 7 terminated, 8 other';
COMMENT ON COLUMN ordersync.orders.refund_status IS 'refundStatus as it came; its values are not documented';
COMMENT ON COLUMN ordersync.orders.platform_order IS 'platformOrder as it came; its values are not documented';
COMMENT ON COLUMN ordersync.orders.user_id IS 'userId: who placed the order';
COMMENT ON COLUMN ordersync.orders.created_at IS 'createTime: when the order was created at PandaPon';
COMMENT ON COLUMN ordersync.orders.tb_created_at IS 'tbCreateTime: when the order was created at 1688; can differ from created_at by seconds';
COMMENT ON COLUMN ordersync.orders.submission_success IS 'orderJson.success: whether the order was placed at 1688';
COMMENT ON COLUMN ordersync.orders.submission_order_id IS 'orderJson.result.orderId: the number that 1688 gave it';
COMMENT ON COLUMN ordersync.orders.submission_post_fee_fen IS 'orderJson.result.postFee in fen';
COMMENT ON COLUMN ordersync.orders.submission_total_fen IS 'orderJson.result.totalSuccessAmount in fen';
COMMENT ON COLUMN ordersync.orders._account IS 'The configured account that the order belongs to: the one that saw it first';
COMMENT ON COLUMN ordersync.orders._first_seen_at IS 'When the mirror first saw the order';
COMMENT ON COLUMN ordersync.orders._changed_at IS 'When the mirror first saw the state that this row holds';
COMMENT ON COLUMN ordersync.orders._observed_at IS 'When the API was asked for what this row holds; an older answer never overwrites it';
COMMENT ON COLUMN ordersync.orders._version IS 'Number of states of the order that the mirror has seen, this one included';
COMMENT ON COLUMN ordersync.orders._content_hash IS 'SHA-256 of the order''s content however the API spelt it; equal means nothing changed';

CREATE TABLE ordersync.order_items (
  order_id        bigint  NOT NULL REFERENCES ordersync.orders (id) ON DELETE CASCADE,
  id              bigint  NOT NULL,
  sub_tb_order_id text,
  product_id      text,
  name            text,
  quantity        numeric,
  unit            text,
  sku_id          bigint,
  spec_id         text,
  item_amount_fen bigint,
  price_fen       bigint,
  refund_fen      bigint,
  status          integer,
  sku_attributes  jsonb,
  image_urls      text[],
  snapshot_url    text,
  created_at      timestamptz,
  position        integer NOT NULL,
  PRIMARY KEY (order_id, id)
) WITH (fillfactor = 90);
COMMENT ON TABLE ordersync.order_items IS 'The lines of an order; a line that is gone from its order is gone here';
COMMENT ON COLUMN ordersync.order_items.order_id IS 'The order that the line belongs to';
COMMENT ON COLUMN ordersync.order_items.id IS 'The API''s id of the line';
COMMENT ON COLUMN ordersync.order_items.sub_tb_order_id IS 'subTbOrderId: the line''s number at 1688';
COMMENT ON COLUMN ordersync.order_items.product_id IS 'productId: the offer at 1688';
COMMENT ON COLUMN ordersync.order_items.name IS 'Name of the product';
COMMENT ON COLUMN ordersync.order_items.quantity IS 'How much was ordered, in the line''s unit; can be decimal';
COMMENT ON COLUMN ordersync.order_items.unit IS 'Unit of the quantity, in Chinese';
COMMENT ON COLUMN ordersync.order_items.sku_id IS 'skuId: the variant of the product';
COMMENT ON COLUMN ordersync.order_items.spec_id IS 'specId: the variant''s specification';
COMMENT ON COLUMN ordersync.order_items.item_amount_fen IS 'itemAmount in fen: what the line costs';
COMMENT ON COLUMN ordersync.order_items.price_fen IS 'price in fen: what one unit costs';
COMMENT ON COLUMN ordersync.order_items.refund_fen IS 'refund in fen';
COMMENT ON COLUMN ordersync.order_items.status IS 'status: numbered as orders.order_status; can differ from its order''s';
COMMENT ON COLUMN ordersync.order_items.sku_attributes IS 'skuInfos: array of {"name", "value"}';
COMMENT ON COLUMN ordersync.order_items.image_urls IS 'productImgUrl: addresses of pictures, in the API''s order';
COMMENT ON COLUMN ordersync.order_items.snapshot_url IS 'productSnapShotUrl: the offer as it was when bought';
COMMENT ON COLUMN ordersync.order_items.created_at IS 'createTime of the line';
COMMENT ON COLUMN ordersync.order_items.position IS 'Place among the lines of the order, counted from 0';

CREATE TABLE ordersync.order_cargo (
  order_id bigint  NOT NULL REFERENCES ordersync.orders (id) ON DELETE CASCADE,
  position integer NOT NULL,
  offer_id bigint,
  spec_id  text,
  quantity numeric,
  PRIMARY KEY (order_id, position)
) WITH (fillfactor = 90);
COMMENT ON TABLE ordersync.order_cargo IS 'cargoParamList: what was asked for when the order was placed';
COMMENT ON COLUMN ordersync.order_cargo.order_id IS 'The order that this belongs to';
COMMENT ON COLUMN ordersync.order_cargo.position IS 'Place in the list, counted from 0';
COMMENT ON COLUMN ordersync.order_cargo.offer_id IS 'offerId: the offer at 1688';
COMMENT ON COLUMN ordersync.order_cargo.spec_id IS 'specId: the variant''s specification';
COMMENT ON COLUMN ordersync.order_cargo.quantity IS 'How much was asked for';

CREATE TABLE ordersync.order_receivers (
  order_id      bigint PRIMARY KEY REFERENCES ordersync.orders (id) ON DELETE CASCADE,
  full_name     text,
  mobile        text,
  phone         text,
  post_code     text,
  division_code text,
  address       text
) WITH (fillfactor = 90);
COMMENT ON TABLE ordersync.order_receivers IS 'receiver: whom the order goes to. Personal data';
COMMENT ON COLUMN ordersync.order_receivers.order_id IS 'The order that this belongs to';
COMMENT ON COLUMN ordersync.order_receivers.full_name IS 'toFullName. Personal data';
COMMENT ON COLUMN ordersync.order_receivers.mobile IS 'toMobile. Personal data';
COMMENT ON COLUMN ordersync.order_receivers.phone IS 'toPhone. Personal data';
COMMENT ON COLUMN ordersync.order_receivers.post_code IS 'toPost. Personal data';
COMMENT ON COLUMN ordersync.order_receivers.division_code IS 'toDivisionCode: code of the administrative division. Personal data';
COMMENT ON COLUMN ordersync.order_receivers.address IS 'toArea: the whole address as one text. Personal data';

CREATE TABLE ordersync.order_warehouse_addresses (
  order_id      bigint PRIMARY KEY REFERENCES ordersync.orders (id) ON DELETE CASCADE,
  full_name     text,
  mobile        text,
  phone         text,
  post_code     text,
  province      text,
  city          text,
  area          text,
  town          text,
  address       text,
  district_code text
) WITH (fillfactor = 90);
COMMENT ON TABLE ordersync.order_warehouse_addresses IS 'warehouseAddressInfo: the warehouse that the order goes to; its parts are stored as they came, also in the wrong fields. Personal data';
COMMENT ON COLUMN ordersync.order_warehouse_addresses.order_id IS 'The order that this belongs to';
COMMENT ON COLUMN ordersync.order_warehouse_addresses.full_name IS 'fullName. Personal data';
COMMENT ON COLUMN ordersync.order_warehouse_addresses.mobile IS 'mobile. Personal data';
COMMENT ON COLUMN ordersync.order_warehouse_addresses.phone IS 'phone. Personal data';
COMMENT ON COLUMN ordersync.order_warehouse_addresses.post_code IS 'postCode. Personal data';
COMMENT ON COLUMN ordersync.order_warehouse_addresses.province IS 'provinceText. Personal data';
COMMENT ON COLUMN ordersync.order_warehouse_addresses.city IS 'cityText. Personal data';
COMMENT ON COLUMN ordersync.order_warehouse_addresses.area IS 'areaText. Personal data';
COMMENT ON COLUMN ordersync.order_warehouse_addresses.town IS 'townText. Personal data';
COMMENT ON COLUMN ordersync.order_warehouse_addresses.address IS 'address. Personal data';
COMMENT ON COLUMN ordersync.order_warehouse_addresses.district_code IS 'districtCode: code of the administrative division. Personal data';

CREATE TABLE ordersync.order_payloads (
  order_id bigint PRIMARY KEY REFERENCES ordersync.orders (id) ON DELETE CASCADE,
  payload  text   NOT NULL,
  sha256   bytea  NOT NULL
);
COMMENT ON TABLE ordersync.order_payloads IS 'The order exactly as the API served it. Personal data';
COMMENT ON COLUMN ordersync.order_payloads.order_id IS 'The order that this belongs to';
COMMENT ON COLUMN ordersync.order_payloads.payload IS 'The JSON text as served. Personal data';
COMMENT ON COLUMN ordersync.order_payloads.sha256 IS 'SHA-256 of the payload';
