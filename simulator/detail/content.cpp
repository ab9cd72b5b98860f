#include "detail/content.hpp"

#include "compose.hpp"
#include "detail/forms.hpp"
#include "detail/life.hpp"
#include "detail/parcels.hpp"
#include "identity.hpp"
#include "random.hpp"
#include "statuses.hpp"
#include "vocabulary.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace pandapon_sim {
namespace {

constexpr std::int64_t pay_timeout_s = 3LL * 24 * 3600;

/// By refundStatus of the list.
struct refund_words {
  std::string_view of_order, of_line;
};
constexpr std::array<refund_words, 5> refund_states{{{"", ""},
                                                     {"waitselleragree", "WAIT_SELLER_AGREE"},
                                                     {"waitsellerreceive", "WAIT_SELLER_RECEIVE"},
                                                     {"refundsuccess", "REFUND_SUCCESS"},
                                                     {"waitbuyermodify", "WAIT_BUYER_MODIFY"}}};

const refund_words& refund_state(const standing& now) {
  if (now.status == order_status::terminated && now.refunded_fen != 0) return refund_states[3];
  return refund_states.at(static_cast<std::size_t>(now.refund_status));
}

void set(stamp& to, const std::optional<epoch_ms>& at) {
  if (at) to.happened(*at);
}
void set(text& to, std::string value) {
  to.value = std::move(value);
  to.as = form::plain;
}
yuan of_fen(std::int64_t fen) {
  return {fen * 10};
}

/// 1688's own word for where the order stands. What the list numbers 8 has none, and is called so.
std::string_view word_of(const order& o) {
  return o.order_status.word.empty() ? std::string_view("unenumerated") : o.order_status.word;
}

void add_times(base_info& b, const life& l) {
  b.created.happened(l.created);
  b.modified.happened(l.modified);
  set(b.paid, l.paid);
  set(b.all_shipped, l.all_shipped);
  set(b.received, l.received);
  set(b.confirmed, l.confirmed);
  set(b.completed, l.completed);
}

void add_refund(base_info& b, const life& l, const std::string& id) {
  for (text* t : {&b.refund_id, &b.refund_status, &b.refund_status_after_sale}) t->as = form::null;
  if (!l.refund_asked) return;
  set(b.refund_id, id);
  set(l.refund_after_sale ? b.refund_status_after_sale : b.refund_status, std::string(refund_state(l.now).of_order));
}

void add_closing(base_info& b, const order& o, const life& l) {
  b.close_reason = o.close_reason;
  b.close_reason.as = l.closed ? form::plain : form::null;
  b.close_remark.as = b.closed_by.as = form::null;
  if (!l.closed) return;
  static constexpr std::array by{"CLOSE_TRADE_BY_BUYER", "CLOSE_TRADE_BY_SELLER", "CLOSE_TRADE_BY_BOPS",
                                 "CLOSE_TRADE_BY_SYSTEM"};
  set(b.closed_by, by.at(l.now.close_reason % by.size()));
  set(b.close_remark, "");
}

void add_texts(base_info& b, dice& roll) {
  for (text* t : {&b.buyer_feedback, &b.buyer_memo, &b.remark}) {
    const std::uint32_t part = roll.below(6);
    if (part == 0) t->value = std::string("请尽快发货").append(pick(roll, words::awkward()));
    if (part == 1) t->as = form::null;
  }
}

void add_contacts(base_info& b, const order& o, dice& roll) {
  contact& buyer = b.buyer.content;
  buyer.name.value = o.receiver_info.content.full_name.value;
  buyer.mobile.value = o.receiver_info.content.mobile.value;
  buyer.company.value = "样例采购公司";
  buyer.im_account.value = o.sub_buyer_login_id.value;
  contact& seller = b.seller.content;
  seller.name.value = "演示店主" + std::to_string(roll.between(100, 999'999));
  seller.phone.value = "0086-000-" + std::to_string(roll.between(1'000'000, 9'999'999));
  seller.mobile.value = "100" + std::to_string(roll.between(10'000'000, 99'999'999));
  seller.company.value = o.seller_login_id.value + "有限公司";
  seller.im_account.value = o.seller_login_id.value;
  b.to.content = o.receiver_info.content;
}

void add_money(base_info& b, const order& o) {
  b.total_amount = of_fen(o.total_amount.value);
  b.shipping_fee = of_fen(o.shipping_fee.value);
  b.refund = of_fen(o.refund_amount.value);
  std::int64_t products = 0;
  for (const order_line& line : o.lines) products += line.item_amount.value;
  b.product_payment = of_fen(products);
  b.discount.value = o.discount.value;
}

void add_payment_facts(base_info& b, const life& l, dice& roll) {
  b.pay_timeout_s.value = pay_timeout_s;
  b.alipay_trade_id.as = form::null;
  b.pay_channels.as = nesting::structure;
  const std::int64_t number = roll.between(100'000'000, 999'999'999);
  if (!l.paid) return;
  set(b.alipay_trade_id, "20240507220014" + std::to_string(number) + "88");
  b.pay_channels.content = {{"支付宝"}};
  if (roll.percent(20)) b.pay_channels.content.push_back({"跨境宝"});
}

base_info make_base(const order& o, const life& l, const line_context& context, dice& roll) {
  base_info b;
  b.id.value = context.tb_order_id;
  b.id_text.value = std::to_string(context.tb_order_id);
  b.status.value = word_of(o);
  if (dice(context.from.seed, purpose::detail, context.of.serial, 1).per_ten_thousand(context.from.detail_words))
    b.status.value = "waitcustomscheck";
  b.trade_type.value = o.trade_type.value;
  add_times(b, l);
  add_refund(b, l, refund_id(context.from.seed, context.of.serial));
  add_closing(b, o, l);
  add_texts(b, roll);
  add_contacts(b, o, roll);
  add_money(b, o);
  add_payment_facts(b, l, roll);
  return b;
}

/// Three in ten pay in two steps, the second when goods are ready to be sent.
std::vector<payment> make_payments(const order& o, const life& l, const line_context& context, dice& roll) {
  const std::int64_t total = o.total_amount.value;
  std::vector<std::int64_t> parts{total};
  if (roll.percent(30) && total > 1) parts = {total * 3 / 10, total - total * 3 / 10};
  std::vector<payment> out;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    payment p;
    p.phase.value = context.tb_order_id + 500'000 + static_cast<std::int64_t>(i);
    p.status.value = l.paid ? "2" : "1";
    p.amount = of_fen(parts[i]);
    p.way.as = p.way_name.as = form::null;
    set(p.paid, l.paid);
    if (l.paid && i == 1) p.paid.at = std::max(*l.paid, std::min(l.modified, *l.paid + 3'600'000));
    if (l.paid) set(p.way, "1");
    if (l.paid) set(p.way_name, "支付宝");
    out.push_back(std::move(p));
  }
  return out;
}

std::string_view line_status(const order& o, const order_line& line) {
  return line.status.word.empty() ? word_of(o) : line.status.word;
}

detail_line make_line(const order& o, const order_line& from, const life& l, std::int64_t number) {
  detail_line line;
  line.id.value = number;
  line.id_text.value = std::to_string(number);
  line.status.value = line_status(o, from);
  line.status_name.value = line.status.value == "waitbuyerpay" ? "等待买家付款" : "处理中";
  line.refund_status.as = line.refund_id.as = form::null;
  line.logistics_status.value = l.received ? 3 : (l.shipped ? 2 : 1);
  line.quantity_factor.thousandths = 1000;
  line.item_amount = of_fen(from.item_amount.value);
  line.price = of_fen(from.price.value);
  line.refund = of_fen(from.refund.value);
  line.created.happened(l.created);
  line.modified.happened(l.modified);
  set(line.completed, l.completed);
  append_vendor_time(line.pay_expiry.value, l.created + pay_timeout_s * 1000);
  line.cargo_number.value = "HH-" + from.spec_id.value.substr(0, 6);
  return line;
}

std::vector<detail_line> make_lines(const order& o, const life& l, const line_context& context) {
  std::vector<detail_line> out;
  for (const order_line& line : o.lines)
    out.push_back(make_line(o, line, l, context.tb_order_id + static_cast<std::int64_t>(out.size())));
  if (l.refund_asked && !out.empty()) {
    set(out.front().refund_status, std::string(refund_state(l.now).of_line));
    set(out.front().refund_id, refund_id(context.from.seed, context.of.serial));
  }
  return out;
}

logistics make_logistics(const order& o, const life& l, const line_context& context) {
  logistics out;
  const warehouse_address& at = o.warehouse.content;
  out.to = {at.full_name, at.province, at.city,      at.area,   at.district_code,
            at.town,      at.address,  at.post_code, at.mobile, at.phone};
  out.parcels = {make_parcels(l, context, o.lines.size()), nesting::structure};
  return out;
}

refund_info make_refund(const order& o, const life& l, const line_context& context) {
  refund_info r;
  r.id.value = refund_id(context.from.seed, context.of.serial);
  r.number_of_its_own.value = std::stoll(r.id.value.substr(2));
  r.order_id.value = context.tb_order_id;
  r.status.value = refund_state(l.now).of_order;
  r.alipay_payment_id.value = "20240507210010" + std::to_string(context.of.serial % 1'000'000 + 1'000'000);
  r.apply_payment.value = o.refund_amount.value;
  r.refund_payment.value = r.status.value == "refundsuccess" ? o.refund_amount.value : 0;
  r.dispute_type.value = l.refund_after_sale ? 2 : 1;
  const auto written = [](epoch_ms at) {
    std::string text;
    append_compact_time(text, at, vendor_zone_ms);
    return text;
  };
  for (text* asked : {&r.applied, &r.created}) asked->value = written(*l.refund_asked);
  for (text* changed : {&r.modified, &r.completed}) changed->value = written(*l.refund_changed);
  if (r.status.value != "refundsuccess") r.completed.as = form::null;
  return r;
}

/// What came late loses what the list's own oddities did to it: the detail has forms of its own.
void undress(order& o) {
  for (text* t : {&o.receiver_info.content.full_name, &o.receiver_info.content.division_code,
                  &o.receiver_info.content.mobile, &o.receiver_info.content.phone, &o.receiver_info.content.post_code,
                  &o.receiver_info.content.address, &o.warehouse.content.full_name, &o.warehouse.content.mobile,
                  &o.warehouse.content.phone, &o.warehouse.content.post_code, &o.warehouse.content.city,
                  &o.warehouse.content.province, &o.warehouse.content.area, &o.warehouse.content.town,
                  &o.warehouse.content.address, &o.warehouse.content.district_code})
    t->as = form::plain;
}

}  // namespace

order_detail compose_detail(const recipe& from, const record& of, std::span<const epoch_ms> steps) {
  order o = compose(from, of);
  undress(o);
  const life l = live(from, of, steps);
  o.order_status.value = static_cast<std::int64_t>(l.now.status);
  name_statuses(o, from, of);
  const line_context context{from, of, l.now, o.id.value, tb_order_id(from.seed, of.serial)};
  dice roll(from.seed, purpose::detail, of.serial, 2);
  order_detail d;
  d.base = {make_base(o, l, context, roll), nesting::structure};
  d.payments = {make_payments(o, l, context, roll), nesting::structure};
  d.lines = {make_lines(o, l, context), nesting::structure};
  d.native_logistics = {make_logistics(o, l, context), nesting::structure};
  d.base.content.buyer.as = d.base.content.seller.as = d.base.content.to.as = nesting::structure;
  d.has_refund = l.refund_asked.has_value();
  if (d.has_refund) d.refund = make_refund(o, l, context);
  choose_forms(d, from, of);
  return d;
}

}  // namespace pandapon_sim
