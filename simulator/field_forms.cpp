#include "field_forms.hpp"

#include "odds.hpp"
#include "random.hpp"
#include "vocabulary.hpp"

namespace pandapon_sim {
namespace {

/// Chooses each field's form out of all there are.
class form_chooser {
 public:
  explicit form_chooser(odds& by) : by_(by) {}

  /// A field without which the order could not be stored: another type at most.
  void key(number& n) {
    if (by_.scalar_is_odd()) n.as = form::other_type;
  }
  void scalar(number& n) {
    if (n.as == form::plain && by_.scalar_is_odd()) n.as = static_cast<form>(1 + by_.roll().below(3));
  }
  void scalar(decimal& d) {
    if (by_.scalar_is_odd()) d.as = form::other_type;
  }
  void scalar(text& t) {
    if (t.as != form::plain || !by_.scalar_is_odd()) return;
    const std::uint32_t part = by_.roll().below(5);
    if (part == 0) t.as = form::null;
    if (part == 1) t.as = form::absent;
    if (part == 2) t.value = " ";
    if (part > 2 && writes_as_number(t.value)) t.as = form::other_type;
  }
  template <class Content>
  void nest(nested<Content>& field) {
    if (!by_.nested_is_odd()) return;
    field.as = static_cast<nesting>(1 + by_.roll().below(7));
    field.damage = static_cast<std::uint8_t>(by_.roll().below(6));
  }
  template <class Content>
  bool inside(const nested<Content>& /*field*/) const {
    return true;
  }

 private:
  odds& by_;
};

/// Chooses again among the forms that mean the same.
class form_changer {
 public:
  explicit form_changer(odds& by) : by_(by) {}

  void key(number& n) { scalar(n); }
  void scalar(number& n) { choose(n.as, true); }
  void scalar(decimal& d) { choose(d.as, true); }
  void scalar(text& t) { choose(t.as, writes_as_number(t.value)); }
  template <class Content>
  void nest(nested<Content>& field) {
    if (!field.readable()) return;
    field.as = by_.nested_is_odd() ? static_cast<nesting>(1 + by_.roll().below(2)) : nesting::text;
  }
  /// What cannot be read is kept as it came, so another form of it would be another content.
  template <class Content>
  bool inside(const nested<Content>& field) const {
    return field.readable();
  }

 private:
  void choose(form& as, bool has_other_type) {
    if (as == form::null || as == form::absent) return;
    as = by_.scalar_is_odd() && has_other_type ? form::other_type : form::plain;
  }
  odds& by_;
};

template <class Visitor, class... Fields>
void scalars(Visitor& d, Fields&... fields) {
  (d.scalar(fields), ...);
}

template <class Visitor>
void visit(order_line& line, Visitor& d) {
  d.key(line.id);
  d.key(line.order_id);
  scalars(d, line.sub_tb_order_id, line.product_id, line.name, line.quantity, line.unit, line.sku_id, line.spec_id,
          line.item_amount, line.price, line.refund, line.status, line.snapshot_url, line.created);
  d.nest(line.sku_attributes);
  d.nest(line.image_urls);
}

template <class Visitor>
void visit_nested(order& o, Visitor& d) {
  d.nest(o.cargo);
  for (cargo_row& row : o.cargo.content)
    if (d.inside(o.cargo)) scalars(d, row.offer_id, row.spec_id, row.quantity);
  d.nest(o.receiver_info);
  receiver& to = o.receiver_info.content;
  if (d.inside(o.receiver_info))
    scalars(d, to.full_name, to.division_code, to.mobile, to.phone, to.post_code, to.address);
  d.nest(o.warehouse);
  warehouse_address& at = o.warehouse.content;
  if (d.inside(o.warehouse))
    scalars(d, at.full_name, at.mobile, at.phone, at.post_code, at.city, at.province, at.area, at.town, at.address,
            at.district_code);
  d.nest(o.submission_info);
  submission& said = o.submission_info.content;
  if (d.inside(o.submission_info)) scalars(d, said.order_id, said.post_fee, said.total);
}

template <class Visitor>
void visit(order& o, Visitor& d) {
  d.key(o.id);
  d.key(o.created);
  scalars(d, o.develop_id, o.flow, o.order_no, o.tb_order_id, o.discount, o.product_amount, o.shipping_fee,
          o.total_amount, o.refund_amount, o.sub_buyer_login_id, o.close_reason, o.seller_login_id, o.is_invoice,
          o.trade_type, o.pay_status, o.order_status, o.refund_status, o.user_id, o.platform_order, o.tb_created);
  visit_nested(o, d);
  for (order_line& line : o.lines) visit(line, d);
}

/// Oddities of the values themselves, as 1688's documentation allows them.
void spoil_values(order_line& line, odds& by) {
  if (by.nested_is_odd()) {
    line.quantity.thousandths = by.roll().between(1, 9'999);
    line.item_amount.value = line.price.value * line.quantity.thousandths / 1000;
  }
  if (by.nested_is_odd()) line.status.value = by.roll().between(1, 8);
  if (by.nested_is_odd()) line.name.value += pick(by.roll(), words::awkward());
  if (by.scalar_is_odd()) line.image_urls.content.clear();
  if (by.scalar_is_odd()) line.sku_attributes.content.clear();
  line.unknown_field = by.scalar_is_odd();
}

void spoil_values(order& o, odds& by) {
  if (by.scalar_is_odd()) o.discount.value = -1 - o.discount.value;
  if (by.scalar_is_odd()) o.total_amount.value += 123;
  if (by.scalar_is_odd()) o.trade_type.value = "null";
  if (by.scalar_is_odd()) o.flow.value.clear();
  if (o.close_reason.as == form::null && by.nested_is_odd()) o.close_reason.as = form::absent;
  o.unknown_field = by.scalar_is_odd();
  for (order_line& line : o.lines) spoil_values(line, by);
}

/// Breaking `[]` could leave JSON, so lists without members stay whole.
template <class Content>
void keep_whole_if_empty(nested<Content>& field) {
  if (field.content.empty()) field.as = nesting::text;
}

}  // namespace

void choose_forms(order& o, const recipe& from, const record& of) {
  odds by(from, of, purpose::form, of.mutations);
  spoil_values(o, by);
  form_chooser d(by);
  visit(o, d);
  for (order_line& line : o.lines) {
    keep_whole_if_empty(line.sku_attributes);
    keep_whole_if_empty(line.image_urls);
  }
}

void change_forms(order& o, const recipe& from, const record& of, std::uint64_t call) {
  odds by(from, of, purpose::form, mix(of.mutations, call));
  form_changer w(by);
  visit(o, w);
}

}  // namespace pandapon_sim
