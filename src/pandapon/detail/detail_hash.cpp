#include "pandapon/detail/detail_hash.hpp"

#include "pandapon/columns/hash_text.hpp"

namespace ordersync::pandapon::detail {
namespace {

class detail_text : public columns::hash_text<detail_text> {
 public:
  using hash_text::add;
  using hash_text::hash_text;

  void add(const core::order_payment& p) {
    add_all(p.position, p.phase, p.status, p.paid_at, p.way, p.way_name, p.amount_fen);
  }
  void add(const core::order_shipment& s) {
    add_all(s.position, s.id, s.logistics_code, s.waybill, s.company, s.company_no, s.status, s.type, s.shipped_at,
            s.created_at, s.modified_at, s.line_ids);
  }
  void add(const core::order_detail_line& l) {
    add_all(l.position, l.id, l.status, l.status_name, l.refund_status, l.refund_id, l.logistics_status,
            l.quantity_factor, l.entry_discount_fen, l.item_amount_fen, l.price_fen, l.refund_fen, l.created_at,
            l.modified_at, l.completed_at, l.pay_expiry, l.cargo_number);
  }
  void add(const core::order_contact& c) { add_all(c.role, c.full_name, c.phone, c.mobile, c.company, c.im_account); }
  void add(const core::order_detail_address& a) {
    add_all(a.role, a.full_name, a.mobile, a.phone, a.post_code, a.division_code, a.province, a.city, a.area, a.town,
            a.address);
  }
  void add(const core::order_sender& s) { add_all(s.position, s.phone, s.mobile); }
};

}  // namespace

core::sha256 content_hash(const core::order_detail& d, const extra_list& extras) {
  constexpr std::size_t usual = 8'192;
  detail_text text(usual);
  text.add_all(d.tb_order_id, d.status, d.created_at, d.modified_at, d.paid_at, d.all_shipped_at, d.received_at,
               d.confirmed_at, d.completed_at, d.alipay_trade_id, d.refund_id, d.refund_status,
               d.refund_status_after_sale, d.total_amount_fen, d.shipping_fee_fen, d.refund_fen, d.product_payment_fen,
               d.discount_fen, d.buyer_feedback, d.buyer_memo, d.remark, d.close_reason, d.close_remark, d.closed_by,
               d.trade_type, d.pay_channels, d.pay_timeout_s);
  text.add_all(d.payments, d.shipments, d.lines, d.contacts, d.addresses, d.senders, d.notes, extras);
  return core::sha256_of(text.text());
}

core::sha256 content_hash(const core::refund_info& r, const extra_list& extras) {
  constexpr std::size_t usual = 4'096;
  detail_text text(usual);
  text.add_all(r.id, r.tb_order_id, r.status, r.alipay_payment_id, r.apply_payment_fen, r.refund_payment_fen, r.applied,
               r.created, r.modified, r.completed, r.notes, extras);
  return core::sha256_of(text.text());
}

}  // namespace ordersync::pandapon::detail
