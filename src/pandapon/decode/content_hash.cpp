#include "pandapon/decode/content_hash.hpp"

#include "pandapon/columns/hash_text.hpp"

namespace ordersync::pandapon::decode {
namespace {

class order_text : public columns::hash_text<order_text> {
 public:
  using hash_text::add;
  using hash_text::hash_text;

  void add(const core::order_cargo& c) { add_all(c.position, c.offer_id, c.spec_id, c.quantity); }
  void add(const core::order_receiver& r) {
    add_all(r.full_name, r.mobile, r.phone, r.post_code, r.division_code, r.address);
  }
  void add(const core::order_warehouse_address& a) {
    add_all(a.full_name, a.mobile, a.phone, a.post_code, a.province, a.city, a.area, a.town, a.address,
            a.district_code);
  }
  // sku_attributes is spelt as served; the extras hold what it means.
  void add(const core::order_item& i) {
    add_all(i.id, i.position, i.sub_tb_order_id, i.product_id, i.name, i.quantity, i.unit, i.sku_id, i.spec_id,
            i.item_amount_fen, i.price_fen, i.refund_fen, i.status, i.image_urls, i.snapshot_url, i.created_at);
  }
};

}  // namespace

core::sha256 content_hash(const core::order& o, const std::vector<std::pair<std::string, std::string>>& extras) {
  // Without much text in them.
  constexpr std::size_t fields = 1'024;
  constexpr std::size_t fields_of_a_line = 512;
  order_text text(fields + fields_of_a_line * o.items.size());
  text.add_all(o.id, o.develop_id, o.flow, o.order_no, o.tb_order_id, o.discount_fen, o.product_amount_fen,
               o.shipping_fee_fen, o.total_amount_fen, o.refund_amount_fen, o.sub_buyer_login_id, o.seller_login_id,
               o.close_reason, o.trade_type, o.is_invoice, o.pay_status, o.order_status, o.refund_status,
               o.platform_order, o.user_id, o.created_at, o.tb_created_at);
  text.add_all(o.submission_success, o.submission_order_id, o.submission_post_fee_fen, o.submission_total_fen);
  text.add_all(o.items, o.cargo, o.receiver, o.warehouse_address, o.notes, extras);
  return core::sha256_of(text.text());
}

}  // namespace ordersync::pandapon::decode
