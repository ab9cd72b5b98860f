-- What the order detail says beyond the list: when an order was paid and shipped, its payments, parcels and refunds. A
-- second source beside the list, read when an order enters certain states (the setting details); the list alone says which
-- orders there are.

CREATE TABLE ordersync.order_details (
  order_id           bigint      PRIMARY KEY,
  status             text,
  created_at         timestamptz,
  modified_at        timestamptz,
  paid_at            timestamptz,
  all_shipped_at     timestamptz,
  received_at        timestamptz,
  confirmed_at       timestamptz,
  completed_at       timestamptz,
  pay_deadline       timestamptz,
  total_amount_fen   bigint,
  product_amount_fen bigint,
  shipping_fee_fen   bigint,
  discount_fen       bigint,
  refund_amount_fen  bigint,
  alipay_trade_id    text,
  refund_id          text,
  refund_status      text,
  after_sale_status  text,
  buyer_feedback     text,
  buyer_memo         text,
  remark             text,
  close_reason       text,
  close_remark       text,
  closed_by          text,
  trade_type         text,
  pay_channels       text[],
  steps              jsonb,
  _account           text        NOT NULL,
  _first_seen_at     timestamptz NOT NULL,
  _changed_at        timestamptz NOT NULL,
  _observed_at       timestamptz NOT NULL,
  _version           integer     NOT NULL,
  _changed           jsonb,
  _content_hash      bytea       NOT NULL
) WITH (fillfactor = 90);
COMMENT ON TABLE ordersync.order_details IS 'One row an order whose detail was read, as the API last showed it';
COMMENT ON COLUMN ordersync.order_details.order_id IS 'The order that this belongs to';
COMMENT ON COLUMN ordersync.order_details.status IS 'baseInfo.status: 1688''s word, such as waitsellersend';
COMMENT ON COLUMN ordersync.order_details.created_at IS 'baseInfo.createTime: when the order was created at 1688';
COMMENT ON COLUMN ordersync.order_details.modified_at IS 'baseInfo.modifyTime: when 1688 last changed the order';
COMMENT ON COLUMN ordersync.order_details.paid_at IS 'baseInfo.payTime: when it was paid; of several payments the first';
COMMENT ON COLUMN ordersync.order_details.all_shipped_at IS 'baseInfo.allDeliveredTime: when the last of its parcels was shipped';
COMMENT ON COLUMN ordersync.order_details.received_at IS 'baseInfo.receivingTime: when the goods were received';
COMMENT ON COLUMN ordersync.order_details.confirmed_at IS 'baseInfo.confirmedTime: when the buyer confirmed the goods';
COMMENT ON COLUMN ordersync.order_details.completed_at IS 'baseInfo.completeTime: when the order ended';
COMMENT ON COLUMN ordersync.order_details.pay_deadline IS 'Until when it can be paid: baseInfo.createTime and payTimeout together';
COMMENT ON COLUMN ordersync.order_details.total_amount_fen IS 'baseInfo.totalAmount in fen';
COMMENT ON COLUMN ordersync.order_details.product_amount_fen IS 'baseInfo.sumProductPayment in fen';
COMMENT ON COLUMN ordersync.order_details.shipping_fee_fen IS 'baseInfo.shippingFee in fen';
COMMENT ON COLUMN ordersync.order_details.discount_fen IS 'baseInfo.discount, which comes in fen';
COMMENT ON COLUMN ordersync.order_details.refund_amount_fen IS 'baseInfo.refund in fen';
COMMENT ON COLUMN ordersync.order_details.alipay_trade_id IS 'baseInfo.alipayTradeId: the payment''s number at Alipay, as the bank shows it';
COMMENT ON COLUMN ordersync.order_details.refund_id IS 'baseInfo.refundId: the latest request for a refund';
COMMENT ON COLUMN ordersync.order_details.refund_status IS 'baseInfo.refundStatus: its state while the order is open, such as waitselleragree';
COMMENT ON COLUMN ordersync.order_details.after_sale_status IS 'baseInfo.refundStatusForAs: its state after the sale';
COMMENT ON COLUMN ordersync.order_details.buyer_feedback IS 'baseInfo.buyerFeedback: what the buyer wrote to the seller';
COMMENT ON COLUMN ordersync.order_details.buyer_memo IS 'baseInfo.buyerMemo: the buyer''s own note';
COMMENT ON COLUMN ordersync.order_details.remark IS 'baseInfo.remark as it came';
COMMENT ON COLUMN ordersync.order_details.close_reason IS 'baseInfo.closeReason: why the order was closed';
COMMENT ON COLUMN ordersync.order_details.close_remark IS 'baseInfo.closeRemark as it came';
COMMENT ON COLUMN ordersync.order_details.closed_by IS 'baseInfo.closeOperateType: who closed it';
COMMENT ON COLUMN ordersync.order_details.trade_type IS 'baseInfo.tradeTypeDesc: manner of trade, in Chinese';
COMMENT ON COLUMN ordersync.order_details.pay_channels IS 'baseInfo.payChannelList: ways in which it can be or was paid';
COMMENT ON COLUMN ordersync.order_details.steps IS 'baseInfo.stepOrderList as it came: the steps of an order that is paid in parts';
COMMENT ON COLUMN ordersync.order_details._account IS 'The configured account through which the detail was read';
COMMENT ON COLUMN ordersync.order_details._first_seen_at IS 'When the mirror first read the detail';
COMMENT ON COLUMN ordersync.order_details._changed_at IS 'When the mirror first saw the state that this row, the payments, parcels and refunds show';
COMMENT ON COLUMN ordersync.order_details._observed_at IS 'When the API was asked for it; an older answer never overwrites it';
COMMENT ON COLUMN ordersync.order_details._version IS 'Number of states of the detail that the mirror has seen, this one included';
COMMENT ON COLUMN ordersync.order_details._changed IS 'What differs from the state before, as order_history.changed; NULL for the first';
COMMENT ON COLUMN ordersync.order_details._content_hash IS 'SHA-256 of the detail''s content however the API spelt it; equal means nothing changed';

CREATE TABLE ordersync.order_payments (
  order_id   bigint  NOT NULL,
  position   integer NOT NULL,
  phase      text,
  pay_status text,
  paid_at    timestamptz,
  pay_way    text,
  pay_way_name text,
  amount_fen bigint,
  PRIMARY KEY (order_id, position)
);
CREATE INDEX order_payments_paid_at ON ordersync.order_payments (paid_at);
COMMENT ON TABLE ordersync.order_payments IS 'The terms of payment of an order, one row each: when, how and how much';
COMMENT ON COLUMN ordersync.order_payments.order_id IS 'The order that this belongs to';
COMMENT ON COLUMN ordersync.order_payments.position IS 'Place among the terms, counted from 0';
COMMENT ON COLUMN ordersync.order_payments.phase IS 'tradeTerms.phase: number of the payment';
COMMENT ON COLUMN ordersync.order_payments.pay_status IS 'tradeTerms.payStatus as it came';
COMMENT ON COLUMN ordersync.order_payments.paid_at IS 'tradeTerms.payTime; NULL: not paid yet';
COMMENT ON COLUMN ordersync.order_payments.pay_way IS 'tradeTerms.payWay as it came';
COMMENT ON COLUMN ordersync.order_payments.pay_way_name IS 'tradeTerms.payWayDesc: the way of payment, in Chinese';
COMMENT ON COLUMN ordersync.order_payments.amount_fen IS 'tradeTerms.phasAmount in fen';

CREATE TABLE ordersync.order_shipments (
  order_id       bigint  NOT NULL,
  position       integer NOT NULL,
  id             text,
  code           text,
  company_name   text,
  company_code   text,
  waybill_number text,
  status         text,
  type           text,
  shipped_at     timestamptz,
  created_at     timestamptz,
  modified_at    timestamptz,
  item_ids       bigint[],
  PRIMARY KEY (order_id, position)
);
CREATE INDEX order_shipments_shipped_at ON ordersync.order_shipments (shipped_at);
CREATE INDEX order_shipments_waybill ON ordersync.order_shipments (left(waybill_number, 500));
COMMENT ON TABLE ordersync.order_shipments IS 'The parcels of an order, one row each';
COMMENT ON COLUMN ordersync.order_shipments.order_id IS 'The order that this belongs to';
COMMENT ON COLUMN ordersync.order_shipments.position IS 'Place among the parcels, counted from 0';
COMMENT ON COLUMN ordersync.order_shipments.id IS 'logisticsItems.id: the API''s id of the parcel';
COMMENT ON COLUMN ordersync.order_shipments.code IS 'logisticsItems.logisticsCode as it came';
COMMENT ON COLUMN ordersync.order_shipments.company_name IS 'logisticsItems.logisticsCompanyName: the carrier';
COMMENT ON COLUMN ordersync.order_shipments.company_code IS 'logisticsItems.logisticsCompanyNo: the carrier''s code';
COMMENT ON COLUMN ordersync.order_shipments.waybill_number IS 'logisticsItems.logisticsBillNo; may be words, such as that none is needed. Former numbers are in order_detail_history';
COMMENT ON COLUMN ordersync.order_shipments.status IS 'logisticsItems.status: 1688''s word, such as alreadysend';
COMMENT ON COLUMN ordersync.order_shipments.type IS 'logisticsItems.type as it came';
COMMENT ON COLUMN ordersync.order_shipments.shipped_at IS 'logisticsItems.deliveredTime: when it was shipped';
COMMENT ON COLUMN ordersync.order_shipments.created_at IS 'logisticsItems.gmtCreate';
COMMENT ON COLUMN ordersync.order_shipments.modified_at IS 'logisticsItems.gmtModified';
COMMENT ON COLUMN ordersync.order_shipments.item_ids IS 'logisticsItems.subItemIds: numbers of the order''s lines at 1688 (order_items.sub_tb_order_id) that are in it';

CREATE TABLE ordersync.order_refunds (
  order_id          bigint NOT NULL,
  refund_id         text   NOT NULL,
  status            text,
  after_sale_status text,
  amount_fen        bigint,
  created_at        timestamptz,
  modified_at       timestamptz,
  completed_at      timestamptz,
  alipay_payment_id text,
  raw               jsonb,
  PRIMARY KEY (order_id, refund_id)
);
COMMENT ON TABLE ordersync.order_refunds IS 'The requests for a refund that an order''s detail named, one row each';
COMMENT ON COLUMN ordersync.order_refunds.order_id IS 'The order that this belongs to';
COMMENT ON COLUMN ordersync.order_refunds.refund_id IS 'The API''s id of the request';
COMMENT ON COLUMN ordersync.order_refunds.status IS 'Its state while the order is open, such as waitselleragree';
COMMENT ON COLUMN ordersync.order_refunds.after_sale_status IS 'Its state after the sale';
COMMENT ON COLUMN ordersync.order_refunds.amount_fen IS 'What it is about, in fen; NULL where the API does not say';
COMMENT ON COLUMN ordersync.order_refunds.created_at IS 'When it was made; NULL where the API does not say';
COMMENT ON COLUMN ordersync.order_refunds.modified_at IS 'When it last changed; NULL where the API does not say';
COMMENT ON COLUMN ordersync.order_refunds.completed_at IS 'When it ended; NULL where the API does not say';
COMMENT ON COLUMN ordersync.order_refunds.alipay_payment_id IS 'alipayPaymentId: the payment''s number at Alipay';
COMMENT ON COLUMN ordersync.order_refunds.raw IS 'What the API says of it, without personal data; its fields are not documented';

CREATE TABLE ordersync.order_contacts (
  order_id      bigint NOT NULL,
  role          text   NOT NULL,
  full_name     text,
  company       text,
  mobile        text,
  phone         text,
  email         text,
  post_code     text,
  division_code text,
  province      text,
  city          text,
  area          text,
  town          text,
  address       text,
  PRIMARY KEY (order_id, role)
);
COMMENT ON TABLE ordersync.order_contacts IS 'Whom the order detail names, one row an order and role. Personal data';
COMMENT ON COLUMN ordersync.order_contacts.order_id IS 'The order that this belongs to';
COMMENT ON COLUMN ordersync.order_contacts.role IS 'buyer, seller, receiver (baseInfo.receiverInfo), delivery (nativeLogistics), or sender N: of the parcel at place N';
COMMENT ON COLUMN ordersync.order_contacts.full_name IS 'Name. Personal data';
COMMENT ON COLUMN ordersync.order_contacts.company IS 'Company';
COMMENT ON COLUMN ordersync.order_contacts.mobile IS 'Mobile number. Personal data';
COMMENT ON COLUMN ordersync.order_contacts.phone IS 'Telephone number. Personal data';
COMMENT ON COLUMN ordersync.order_contacts.email IS 'Address of e-mail. Personal data';
COMMENT ON COLUMN ordersync.order_contacts.post_code IS 'Postal code';
COMMENT ON COLUMN ordersync.order_contacts.division_code IS 'Administrative division';
COMMENT ON COLUMN ordersync.order_contacts.province IS 'Province';
COMMENT ON COLUMN ordersync.order_contacts.city IS 'City';
COMMENT ON COLUMN ordersync.order_contacts.area IS 'District';
COMMENT ON COLUMN ordersync.order_contacts.town IS 'Town';
COMMENT ON COLUMN ordersync.order_contacts.address IS 'Street and number. Personal data';

CREATE TABLE ordersync.order_detail_payloads (
  order_id bigint PRIMARY KEY,
  payload  text   NOT NULL,
  sha256   bytea  NOT NULL
);
COMMENT ON TABLE ordersync.order_detail_payloads IS 'The order detail exactly as the API served it. Personal data';
COMMENT ON COLUMN ordersync.order_detail_payloads.order_id IS 'The order that this belongs to';
COMMENT ON COLUMN ordersync.order_detail_payloads.payload IS 'The JSON text as served. Personal data';
COMMENT ON COLUMN ordersync.order_detail_payloads.sha256 IS 'SHA-256 of the payload';

CREATE TABLE ordersync.order_detail_history (
  order_id   bigint      NOT NULL,
  version    integer     NOT NULL,
  valid_from timestamptz NOT NULL,
  valid_to   timestamptz NOT NULL,
  changed    jsonb       NOT NULL,
  state      jsonb       NOT NULL,
  PRIMARY KEY (order_id, version)
);
COMMENT ON TABLE ordersync.order_detail_history IS 'States of order details that another has superseded; the present one is in order_details and what belongs to it. Without personal data';
COMMENT ON COLUMN ordersync.order_detail_history.order_id IS 'The order that this belongs to';
COMMENT ON COLUMN ordersync.order_detail_history.version IS 'Number of the state, as order_details._version';
COMMENT ON COLUMN ordersync.order_detail_history.valid_from IS 'Since when the mirror knew the detail so';
COMMENT ON COLUMN ordersync.order_detail_history.valid_to IS 'Until when, exclusive';
COMMENT ON COLUMN ordersync.order_detail_history.changed IS 'What differs from the state before, with old and new; empty for the first';
COMMENT ON COLUMN ordersync.order_detail_history.state IS 'The detail, its payments, shipments and refunds, by the columns of their tables';

DO $$
DECLARE
  child text;
BEGIN
  FOREACH child IN ARRAY ARRAY['order_details', 'order_payments', 'order_shipments', 'order_refunds', 'order_contacts',
    'order_detail_payloads', 'order_detail_history'] LOOP
    PERFORM ordersync.belongs_to_orders(format('ordersync.%I', child)::regclass);
  END LOOP;
END $$;
