#include "pandapon/decode/content_hash.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>

namespace ordersync::pandapon::decode {
namespace {

// Every value is written with its kind or length in front, so that no two different orders write the same bytes.
class hash_text {
 public:
  explicit hash_text(std::size_t expected) : bytes_(expected, '\0') {}

  void add(std::int64_t number) {
    // Lowest byte first on every machine: the hash is stored.
    char* const out = room(sizeof number);
    for (std::size_t i = 0; i < sizeof number; ++i)
      out[i] = static_cast<char>(static_cast<std::uint64_t>(number) >> 8 * i & 0xFFU);
  }
  void add(int number) { add(std::int64_t{number}); }
  void add(bool flag) { add(std::int64_t{flag}); }
  void add(core::instant time) { add(std::int64_t{time.time_since_epoch().count()}); }
  void add(std::string_view text) {
    add(static_cast<std::int64_t>(text.size()));
    std::copy(text.begin(), text.end(), room(text.size()));
  }
  void add(const std::string& text) { add(std::string_view(text)); }

  template <class T>
  void add(const std::optional<T>& value) {
    *room(1) = value ? '+' : '-';
    if (value) add(*value);
  }
  template <class T>
  void add(const std::vector<T>& values) {
    add(static_cast<std::int64_t>(values.size()));
    for (const auto& value : values) add(value);
  }
  void add(const std::pair<std::string, std::string>& pair) { add_all(pair.first, pair.second); }
  void add(const core::quarantine_note& n) { add_all(n.path, n.raw); }
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

  template <class... Values>
  void add_all(const Values&... values) {
    (add(values), ...);
  }

  std::string_view text() const noexcept { return std::string_view(bytes_).substr(0, used_); }

 private:
  char* room(std::size_t more) {
    if (bytes_.size() - used_ < more) bytes_.resize(2 * (used_ + more));
    used_ += more;
    return bytes_.data() + (used_ - more);
  }

  std::string bytes_;
  std::size_t used_ = 0;
};

}  // namespace

core::sha256 content_hash(const core::order& o, const std::vector<std::pair<std::string, std::string>>& extras) {
  // Without much text in them.
  constexpr std::size_t fields = 1'024;
  constexpr std::size_t fields_of_a_line = 512;
  hash_text text(fields + fields_of_a_line * o.items.size());
  text.add_all(o.id, o.develop_id, o.flow, o.order_no, o.tb_order_id, o.discount_fen, o.product_amount_fen,
               o.shipping_fee_fen, o.total_amount_fen, o.refund_amount_fen, o.sub_buyer_login_id, o.seller_login_id,
               o.close_reason, o.trade_type, o.is_invoice, o.pay_status, o.order_status, o.refund_status,
               o.platform_order, o.user_id, o.created_at, o.tb_created_at);
  text.add_all(o.submission_success, o.submission_order_id, o.submission_post_fee_fen, o.submission_total_fen);
  text.add_all(o.items, o.cargo, o.receiver, o.warehouse_address, o.notes, extras);
  return core::sha256_of(text.text());
}

}  // namespace ordersync::pandapon::decode
