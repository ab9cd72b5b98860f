#include "detail/forms.hpp"

#include "odds.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

namespace pandapon_sim {
namespace {

/// What names an order, a line, a parcel or a refund.
bool is_id(std::string_view wire) {
  static constexpr std::array<std::string_view, 6> ids{"id",      "idOfStr", "subItemID", "subItemIDString",
                                                       "orderId", "phase"};
  return std::find(ids.begin(), ids.end(), wire) != ids.end();
}

/// Goes through all fields, those in lists and objects included, whatever these look like.
template <class Derived>
class walker {
 public:
  template <class T>
  using of = T;

  template <class Content>
  void nest(std::string_view wire, nested<Content>& f) {
    self().nesting_of(wire, f);
    walk(f.content);
  }

 protected:
  template <class Content>
  void walk(Content& content) {
    visit(self(), content);
  }
  template <class Content>
  void walk(std::vector<Content>& list) {
    for (Content& one : list) walk(one);
  }
  void walk(text& /*t*/) {}

 private:
  Derived& self() { return static_cast<Derived&>(*this); }
};

class form_chooser : public walker<form_chooser> {
 public:
  form_chooser(odds& by, const recipe& from, const record& whose)
      : by_(by),
        thirds_(from.seed, purpose::detail_form, whose.serial, 1000 + whose.mutations),
        far_zone_(dice(from.seed, purpose::detail_form, whose.serial, 1).percent(10)),
        third_rate_(from.detail_thirds),
        numbers_(from.detail_numbers) {}

  void field(std::string_view wire, const char* /*column*/, number& n) {
    if (n.as != form::plain || !by_.scalar_is_odd()) return;
    n.as = is_id(wire) ? form::other_type : static_cast<form>(1 + by_.roll().below(3));
  }
  void field(std::string_view wire, const char* /*column*/, text& t) {
    if (numbers_ && is_id(wire)) t.as = form::other_type;
    if (t.as != form::plain || !by_.scalar_is_odd()) return;
    const std::uint32_t part = by_.roll().below(4);
    if (part > 1 && writes_as_number(t.value)) t.as = form::other_type;
    if (part < 2 && !is_id(wire)) t.as = part == 0 ? form::null : form::absent;
  }
  void field(std::string_view /*wire*/, const char* /*column*/, decimal& d) {
    if (by_.scalar_is_odd()) d.as = form::other_type;
  }
  void field(std::string_view /*wire*/, const char* /*column*/, yuan& y) {
    if (thirds_.per_ten_thousand(third_rate_)) y.thousandths += thirds_.between(1, 9);
    y.spelling = static_cast<std::uint8_t>(by_.nested_is_odd() ? by_.roll().below(4) : 0);
    if (by_.scalar_is_odd()) y.as = static_cast<form>(1 + by_.roll().below(3));
  }
  void field(std::string_view /*wire*/, const char* /*column*/, stamp& s) {
    s.far_zone = far_zone_;
    if (s.as == form::null && by_.nested_is_odd()) s.as = form::absent;
    if (s.as == form::plain && by_.scalar_is_odd()) s.as = by_.roll().percent(50) ? form::null : form::absent;
  }
  template <class Content>
  void nesting_of(std::string_view /*wire*/, nested<Content>& f) {
    if (!by_.nested_is_odd()) return;
    f.as = static_cast<nesting>(by_.roll().below(8));
    f.damage = static_cast<std::uint8_t>(by_.roll().below(4));
  }

 private:
  odds& by_;
  dice thirds_;
  bool far_zone_;
  std::uint32_t third_rate_;
  bool numbers_;
};

class form_changer : public walker<form_changer> {
 public:
  explicit form_changer(odds& by) : by_(by) {}

  void field(std::string_view /*wire*/, const char* /*column*/, number& n) { choose(n.as, true); }
  void field(std::string_view /*wire*/, const char* /*column*/, text& t) { choose(t.as, writes_as_number(t.value)); }
  void field(std::string_view /*wire*/, const char* /*column*/, decimal& d) { choose(d.as, true); }
  void field(std::string_view /*wire*/, const char* /*column*/, yuan& y) {
    if (!y.is_money()) return;  // is kept as it came, so another spelling would be another content
    choose(y.as, true);
    y.spelling = static_cast<std::uint8_t>(by_.roll().below(4));
  }
  void field(std::string_view /*wire*/, const char* /*column*/, stamp& s) { s.far_zone = by_.roll().percent(10); }
  template <class Content>
  void nesting_of(std::string_view /*wire*/, nested<Content>& f) {
    if (f.readable()) f.as = by_.nested_is_odd() ? static_cast<nesting>(by_.roll().below(3)) : nesting::structure;
  }

 private:
  void choose(form& as, bool has_other_type) {
    if (as == form::null || as == form::absent) return;
    as = by_.scalar_is_odd() && has_other_type ? form::other_type : form::plain;
  }
  odds& by_;
};

}  // namespace

void choose_forms(order_detail& d, const recipe& from, const record& of) {
  odds by(from, of, purpose::detail_form, of.mutations);
  form_chooser chooser(by, from, of);
  visit(chooser, d);
  visit(chooser, d.refund);
  d.base.content.unknown_field = by.scalar_is_odd();
}

void change_forms(order_detail& d, const recipe& from, const record& of, std::uint64_t call) {
  odds by(from, of, purpose::detail_form, mix(of.mutations, call, 1));
  form_changer changer(by);
  visit(changer, d);
  visit(changer, d.refund);
}

}  // namespace pandapon_sim
