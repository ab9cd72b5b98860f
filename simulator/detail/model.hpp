// What `order/detail` and `refund/info` say of one order, and in which form they say it; see order.hpp. visit() names
// each field on the wire and in the mirror, so that what writes, dresses and checks them need not.
#pragma once

#include "order.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace pandapon_sim {

/// Yuan with up to three decimals. A third one that is not 0 is no money.
struct yuan {
  std::int64_t thousandths = 0;
  form as = form::plain;
  std::uint8_t spelling = 0;  // which of the ways to write a number, see detail/writing.cpp

  bool is_money() const { return thousandths % 10 == 0; }
};
/// `20170913231916000-0700`. What has not happened yet is null or absent.
struct stamp {
  epoch_ms at = 0;
  form as = form::null;
  bool far_zone = false;  // -0700 instead of +0800

  void happened(epoch_ms when) {
    at = when;
    as = form::plain;
  }
};

struct contact {
  text name, phone, mobile, company, im_account;
};
struct logistics_address {
  text contact, province, city, area, area_code, town, address, zip, mobile, phone;
};
struct parcel {
  number id;
  text logistics_code, waybill, company, company_no, status, type;
  stamp shipped, created, modified;
  text lines;                          // as served: "1,2,3"
  std::vector<std::int64_t> line_ids;  // the same
  text from_phone, from_mobile;
};
struct detail_line {
  number id;
  text id_text, status, status_name, refund_status, refund_id;
  number logistics_status;
  decimal quantity_factor;
  number entry_discount;
  yuan item_amount, price, refund;
  stamp created, modified, completed;
  text pay_expiry, cargo_number;
};
struct payment {
  text status;
  stamp paid;
  text way, way_name;
  yuan amount;
  number phase;
};
struct base_info {
  number id;
  text id_text, status;
  stamp created, modified, paid, all_shipped, received, confirmed, completed;
  text alipay_trade_id, refund_id, refund_status, refund_status_after_sale;
  yuan total_amount, shipping_fee, refund, product_payment;
  number discount;  // in fen
  text buyer_feedback, buyer_memo, remark, close_reason, close_remark, closed_by, trade_type;
  nested<std::vector<text>> pay_channels;
  number pay_timeout_s;
  nested<contact> buyer, seller;
  nested<receiver> to;
  bool unknown_field = false;
};
struct logistics {
  logistics_address to;
  nested<std::vector<parcel>> parcels;
};
struct refund_info {
  text id;
  number order_id, number_of_its_own;
  text status, alipay_payment_id;
  number apply_payment, refund_payment, dispute_type;  // payments in fen
  text applied, created, modified, completed;  // as they are served: nobody knows that their form is always the same
};

struct order_detail {
  nested<base_info> base;
  nested<logistics> native_logistics;
  nested<std::vector<detail_line>> lines;
  nested<std::vector<payment>> payments;
  bool has_refund = false;
  refund_info refund;  // where it has one
};

// A visitor has field(name on the wire, column or nullptr, field), and nest(name on the wire, nested field). `Of<T>` is
// T, or const T for visitors that only look.

template <class V>
void visit(V& v, typename V::template of<contact>& c) {
  v.field("name", "full_name", c.name);
  v.field("phone", "phone", c.phone);
  v.field("mobile", "mobile", c.mobile);
  v.field("companyName", "company", c.company);
  v.field("imInPlatform", "im_account", c.im_account);
}

template <class V>
void visit(V& v, typename V::template of<receiver>& r) {
  v.field("toFullName", "full_name", r.full_name);
  v.field("toDivisionCode", "division_code", r.division_code);
  v.field("toMobile", "mobile", r.mobile);
  v.field("toPhone", "phone", r.phone);
  v.field("toPost", "post_code", r.post_code);
  v.field("toArea", "address", r.address);
}

template <class V>
void visit(V& v, typename V::template of<logistics_address>& a) {
  v.field("contactPerson", "full_name", a.contact);
  v.field("province", "province", a.province);
  v.field("city", "city", a.city);
  v.field("area", "area", a.area);
  v.field("areaCode", "division_code", a.area_code);
  v.field("town", "town", a.town);
  v.field("address", "address", a.address);
  v.field("zip", "post_code", a.zip);
  v.field("mobile", "mobile", a.mobile);
  v.field("telephone", "phone", a.phone);
}

template <class V>
void visit(V& v, typename V::template of<parcel>& p) {
  v.field("id", "id", p.id);
  v.field("logisticsCode", "logistics_code", p.logistics_code);
  v.field("logisticsBillNo", "waybill", p.waybill);
  v.field("logisticsCompanyName", "company", p.company);
  v.field("logisticsCompanyNo", "company_no", p.company_no);
  v.field("status", "status", p.status);
  v.field("type", "type", p.type);
  v.field("deliveredTime", "shipped_at", p.shipped);
  v.field("gmtCreate", "created_at", p.created);
  v.field("gmtModified", "modified_at", p.modified);
  v.field("subItemIds", nullptr, p.lines);
  v.field("fromPhone", nullptr, p.from_phone);
  v.field("fromMobile", nullptr, p.from_mobile);
}

template <class V>
void visit(V& v, typename V::template of<detail_line>& l) {
  v.field("subItemID", "id", l.id);
  v.field("subItemIDString", nullptr, l.id_text);
  v.field("status", "status", l.status);
  v.field("statusStr", "status_name", l.status_name);
  v.field("refundStatus", "refund_status", l.refund_status);
  v.field("refundId", "refund_id", l.refund_id);
  v.field("logisticsStatus", "logistics_status", l.logistics_status);
  v.field("quantityFactor", "quantity_factor", l.quantity_factor);
  v.field("entryDiscount", "entry_discount_fen", l.entry_discount);
  v.field("itemAmount", "item_amount_fen", l.item_amount);
  v.field("price", "price_fen", l.price);
  v.field("refund", "refund_fen", l.refund);
  v.field("gmtCreate", "created_at", l.created);
  v.field("gmtModified", "modified_at", l.modified);
  v.field("gmtCompleted", "completed_at", l.completed);
  v.field("gmtPayExpireTime", "pay_expiry", l.pay_expiry);
  v.field("cargoNumber", "cargo_number", l.cargo_number);
}

template <class V>
void visit(V& v, typename V::template of<payment>& p) {
  v.field("payStatus", "status", p.status);
  v.field("payTime", "paid_at", p.paid);
  v.field("payWay", "way", p.way);
  v.field("payWayDesc", "way_name", p.way_name);
  v.field("phasAmount", "amount_fen", p.amount);
  v.field("phase", "phase", p.phase);
}

template <class V>
void visit(V& v, typename V::template of<base_info>& b) {
  v.field("id", nullptr, b.id);
  v.field("idOfStr", nullptr, b.id_text);
  v.field("status", "status", b.status);
  v.field("createTime", "created_at", b.created);
  v.field("modifyTime", "modified_at", b.modified);
  v.field("payTime", "paid_at", b.paid);
  v.field("allDeliveredTime", "all_shipped_at", b.all_shipped);
  v.field("receivingTime", "received_at", b.received);
  v.field("confirmedTime", "confirmed_at", b.confirmed);
  v.field("completeTime", "completed_at", b.completed);
  v.field("alipayTradeId", "alipay_trade_id", b.alipay_trade_id);
  v.field("refundId", "refund_id", b.refund_id);
  v.field("refundStatus", "refund_status", b.refund_status);
  v.field("refundStatusForAs", "refund_status_after_sale", b.refund_status_after_sale);
  v.field("totalAmount", "total_amount_fen", b.total_amount);
  v.field("shippingFee", "shipping_fee_fen", b.shipping_fee);
  v.field("refund", "refund_fen", b.refund);
  v.field("sumProductPayment", "product_payment_fen", b.product_payment);
  v.field("discount", "discount_fen", b.discount);
  v.field("buyerFeedback", "buyer_feedback", b.buyer_feedback);
  v.field("buyerMemo", "buyer_memo", b.buyer_memo);
  v.field("remark", "remark", b.remark);
  v.field("closeReason", "close_reason", b.close_reason);
  v.field("closeRemark", "close_remark", b.close_remark);
  v.field("closeOperateType", "closed_by", b.closed_by);
  v.field("tradeTypeDesc", "trade_type", b.trade_type);
  v.field("payTimeout", "pay_timeout_s", b.pay_timeout_s);
  v.nest("payChannelList", b.pay_channels);
  v.nest("buyerContact", b.buyer);
  v.nest("sellerContact", b.seller);
  v.nest("receiverInfo", b.to);
}

template <class V>
void visit(V& v, typename V::template of<logistics>& l) {
  visit<V>(v, l.to);
  v.nest("logisticsItems", l.parcels);
}

template <class V>
void visit(V& v, typename V::template of<refund_info>& r) {
  v.field("id", nullptr, r.number_of_its_own);
  v.field("refundId", "refund_id", r.id);
  v.field("orderId", "tb_order_id", r.order_id);
  v.field("status", "status", r.status);
  v.field("disputeType", nullptr, r.dispute_type);
  v.field("alipayPaymentId", "alipay_payment_id", r.alipay_payment_id);
  v.field("applyPayment", "apply_payment_fen", r.apply_payment);
  v.field("refundPayment", "refund_payment_fen", r.refund_payment);
  v.field("gmtApply", "applied", r.applied);
  v.field("gmtCreate", "created", r.created);
  v.field("gmtModified", "modified", r.modified);
  v.field("gmtCompleted", "completed", r.completed);
}

template <class V>
void visit(V& v, typename V::template of<order_detail>& d) {
  v.nest("baseInfo", d.base);
  v.nest("nativeLogistics", d.native_logistics);
  v.nest("productItems", d.lines);
  v.nest("tradeTerms", d.payments);
}

}  // namespace pandapon_sim
