#include "compose.hpp"

#include "field_forms.hpp"
#include "identity.hpp"
#include "json_text.hpp"
#include "random.hpp"
#include "statuses.hpp"
#include "vocabulary.hpp"

#include <algorithm>
#include <charconv>
#include <string>
#include <utility>

namespace pandapon_sim {
namespace {

std::string number_text(std::int64_t value) {
  std::string out;
  append_number(out, value);
  return out;
}

/// Most orders have one line, a few have many.
std::uint32_t line_count(dice& roll, std::uint32_t most) {
  std::uint32_t lines = 1;
  while (lines < most && roll.percent(38)) ++lines;
  return lines;
}

/// A number nobody can own: no network hands out the prefix 100.
std::string mobile(dice& roll) {
  return "100" + number_text(roll.between(10'000'000, 99'999'999));
}

std::string phone(dice& roll) {
  switch (roll.below(12)) {
    case 0:
      return "86-";
    case 1:
      return " ";
    case 2:
      return "0000-" + number_text(roll.between(1'000'000, 9'999'999));
    default:
      return "";
  }
}

std::string full_name(dice& roll) {
  const std::string_view name = pick(roll, words::receivers());
  const std::string number = number_text(roll.between(100, 999'999));
  return std::string(name) + number;
}

std::string street_address(dice& roll, std::string_view town) {
  std::string out(town);
  out += ' ';
  out += pick(roll, words::streets());
  append_number(out, roll.between(1, 300));
  out += "号样品仓库";
  append_number(out, roll.between(1, 40));
  return out;
}

struct address_facts {
  const place& where;
  std::string name, mobile, phone, street;
};

receiver make_receiver(const address_facts& facts) {
  receiver out;
  out.full_name.value = facts.name;
  out.division_code.value = facts.where.division_code;
  out.mobile.value = facts.mobile;
  out.phone.value = facts.phone;
  out.post_code.value = facts.where.post_code;
  const auto& [province, city, area, town, division, post] = facts.where;
  for (const std::string_view part : {province, city, area, std::string_view(facts.street)})
    out.address.value.append(out.address.value.empty() ? "" : " ").append(part);
  return out;
}

warehouse_address make_warehouse(const address_facts& facts) {
  warehouse_address out;
  out.full_name.value = facts.name;
  out.mobile.value = facts.mobile;
  out.phone.value = facts.phone;
  out.post_code.value = facts.where.post_code;
  out.city.value = facts.where.city;
  out.province.value = facts.where.province;
  out.area.value = facts.where.area;
  out.town.value = facts.where.town;
  out.address.value = facts.street;
  out.district_code.value = facts.where.division_code;
  return out;
}

void add_addresses(order& o, dice& roll) {
  const place& where = pick(roll, words::places());
  const address_facts facts{where, full_name(roll), mobile(roll), phone(roll), street_address(roll, where.town)};
  o.receiver_info.content = make_receiver(facts);
  o.warehouse.content = make_warehouse(facts);
}

void add_parties(order& o, dice& roll, const line_context& context) {
  const std::string user = user_id(context.from.seed, context.of.serial, context.from.users);
  o.user_id.value = user;
  o.develop_id.value = 1'053'981'698'523'398'640 + static_cast<std::int64_t>(context.from.seed % 1'000'000);
  o.sub_buyer_login_id.value.append("samplebuyer:u").append(user.substr(user.size() - 2));
  o.seller_login_id.value.append(pick(roll, words::shops())).append(pick(roll, words::trades()));
  o.flow.value = pick(roll, words::flows());
  o.trade_type.value = pick(roll, words::trade_types());
}

void add_numbers(order& o, dice& roll, const line_context& context) {
  o.id.value = context.order_id;
  o.order_no.value = number_text(context.order_id - roll.between(1, 5000));
  o.tb_order_id.value = number_text(context.tb_order_id);
  o.created.value = context.of.created;
  o.tb_created.value = context.of.created + context.of.tb_offset_s * epoch_ms{1000};
  o.is_invoice.value = roll.percent(5) ? 1 : 0;
  o.platform_order.value = roll.percent(3) ? 1 : 0;
}

void add_standing(order& o, const line_context& context) {
  const standing& now = context.now;
  o.order_status.value = status_number(context.from, context.of, now.status);
  o.pay_status.value = static_cast<std::int64_t>(now.pay);
  o.refund_status.value = now.refund_status;
  o.refund_amount.value = now.refunded_fen;
  if (now.status == order_status::cancel || now.status == order_status::terminated) {
    const auto reasons = words::close_reasons();
    o.close_reason.value = reasons[now.close_reason % reasons.size()];
  } else {
    o.close_reason.as = form::null;
  }
}

void add_lines(order& o, dice& roll, const line_context& context) {
  const std::uint32_t first = line_count(roll, context.from.lines_max);
  const std::uint32_t left = first - std::min(first - 1, context.now.lines_gone);
  o.lines.reserve(left);
  for (std::uint32_t i = 0; i < left; ++i) o.lines.push_back(compose_line(context, i));
  o.cargo.content.reserve(first);
  for (const order_line& line : o.lines) {
    cargo_row row;
    std::from_chars(line.product_id.value.data(), line.product_id.value.data() + line.product_id.value.size(),
                    row.offer_id.value);
    row.spec_id.value = line.spec_id.value;
    row.quantity.thousandths = line.quantity.thousandths;
    o.cargo.content.push_back(std::move(row));
  }
}

/// As in the sample: total = sum of the lines + shipping + price changes; the product amount is its own number.
void add_money(order& o, dice& roll, const standing& now) {
  std::int64_t sum = 0;
  for (const order_line& line : o.lines) sum += line.item_amount.value;
  o.shipping_fee.value = roll.percent(40) ? 0 : 100 * roll.between(3, 20);
  o.product_amount.value = sum + roll.between(0, 700);
  o.discount.value = roll.percent(80) ? now.price_change_fen : now.price_change_fen - 10 * roll.between(1, 60);
  o.total_amount.value = sum + o.shipping_fee.value + now.price_change_fen;
}

void add_submission(order& o, dice& roll) {
  submission& said = o.submission_info.content;
  said.success = !roll.percent(2);
  said.order_id.value = o.tb_order_id.value;
  said.post_fee.value = o.shipping_fee.value;
  said.total.value = o.total_amount.value;
  if (said.success) return;
  said.order_id.as = form::absent;
  said.post_fee.as = said.total.as = form::absent;
}

}  // namespace

std::string spec_id(std::uint64_t hash) {
  static constexpr std::string_view hex = "0123456789abcdef";
  std::string out(32, '0');
  std::uint64_t bits = hash;
  for (std::size_t i = 0; i < 32; ++i, bits >>= 4) {
    if (i == 16) bits = mix(hash);
    out[i] = hex[bits & 15];
  }
  return out;
}

order compose(const recipe& from, const record& of) {
  const standing now = stand(from, of.serial, of.mutations);
  const line_context context{from, of, now, order_id(from.seed, of.serial), tb_order_id(from.seed, of.serial)};
  dice roll(from.seed, purpose::facts, of.serial);
  order o;
  add_numbers(o, roll, context);
  add_parties(o, roll, context);
  add_addresses(o, roll);
  add_standing(o, context);
  add_lines(o, roll, context);
  add_money(o, roll, now);
  add_submission(o, roll);
  choose_forms(o, from, of);
  return o;
}

}  // namespace pandapon_sim
