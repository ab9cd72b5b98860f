#include "detail/columns.hpp"

#include "json_text.hpp"
#include "truth_fields.hpp"

#include <string_view>
#include <vector>

namespace pandapon_sim {
namespace {

using columns::has_value;

void put(std::string& out, std::string_view key, const yuan& y) {
  if (!columns::open_column(out, key, has_value(y.as) && y.is_money())) return;
  append_number(out, y.thousandths / 10);
  out += ',';
}
void put(std::string& out, std::string_view key, const stamp& s) {
  columns::put_time(out, key, number{s.at, s.as});
}
using columns::put;

/// Writes the columns of one object.
class column_writer {
 public:
  template <class T>
  using of = const T;

  explicit column_writer(std::string& out) : out_(out) {}
  template <class Field>
  void field(std::string_view /*wire*/, const char* column, const Field& f) {
    if (column != nullptr) put(out_, column, f);
  }
  template <class Content>
  void nest(std::string_view /*wire*/, const nested<Content>& /*f*/) {}

 private:
  std::string& out_;
};

/// Writes the paths of what has to be in quarantine.
class path_writer {
 public:
  template <class T>
  using of = const T;

  path_writer(std::string& out, std::string prefix) : out_(out), prefix_(std::move(prefix)) {}
  template <class Field>
  void field(std::string_view /*wire*/, const char* /*column*/, const Field& /*f*/) {}
  void field(std::string_view wire, const char* /*column*/, const yuan& y) {
    if (has_value(y.as) && !y.is_money()) add(prefix_ + std::string(wire));
  }
  template <class Content>
  void nest(std::string_view wire, const nested<Content>& f) {
    const std::string path = prefix_ + std::string(wire);
    if (f.as == nesting::malformed) add(path);
    if (f.readable()) look_into(f.content, path);
  }

 private:
  template <class Content>
  void look_into(const Content& content, const std::string& path) {
    path_writer inside(out_, path + ".");
    visit(inside, content);
  }
  template <class Content>
  void look_into(const std::vector<Content>& list, const std::string& path) {
    for (std::size_t i = 0; i < list.size(); ++i) look_into(list[i], path + "[" + std::to_string(i) + "]");
  }
  void look_into(const text& /*content*/, const std::string& /*path*/) {}
  void add(const std::string& path) {
    append_quoted(out_, path);
    out_ += ',';
  }

  std::string& out_;
  std::string prefix_;
};

template <class Content>
void put_columns(std::string& out, const Content& content) {
  column_writer columns(out);
  visit(columns, content);
}

/// Nothing where the list, or what it is in, cannot be read. `put_row` writes a row's columns.
template <class Content, class Row>
void put_rows(std::string& out, std::string_view key, const nested<std::vector<Content>>& list, bool outer,
              Row put_row) {
  append_key(out, key);
  out += '[';
  std::int64_t position = 0;
  for (const Content& row : outer&& list.readable() ? list.content : std::vector<Content>{}) {
    out += '{';
    put(out, "position", number{position++});
    put_row(row);
    close(out, '}');
    out += ',';
  }
  close(out, ']');
  out += ',';
}

void put_texts(std::string& out, std::string_view key, const nested<std::vector<text>>& list, bool outer) {
  if (!columns::open_column(out, key, outer && list.readable())) return;
  out += '[';
  for (const text& t : list.content) {
    append_quoted(out, t.value);
    out += ',';
  }
  close(out, ']');
  out += ',';
}

/// Leaves nothing of an object.
class clearing {
 public:
  template <class T>
  using of = T;
  template <class Field>
  void field(std::string_view /*wire*/, const char* /*column*/, Field& f) {
    f.as = form::null;
  }
  template <class Content>
  void nest(std::string_view /*wire*/, nested<Content>& f) {
    f.as = nesting::null;
  }
};

base_info nothing() {
  base_info none;
  clearing all;
  visit(all, none);
  return none;
}

void put_base(std::string& out, const order_detail& d, const base_info& b) {
  out += "\"detail\":{";
  put_columns(out, b);
  put_texts(out, "pay_channels", b.pay_channels, true);
  const bool known = has_value(b.created.as) && has_value(b.pay_timeout_s.as);
  columns::put_time(out, "pay_deadline",
                    {b.created.at + b.pay_timeout_s.value * 1000, known ? form::plain : form::null});
  out += "\"quarantined\":[";
  path_writer paths(out, "");
  visit(paths, d);
  close(out, ']');
  out += "},";
}

template <class Content>
void put_person(std::string& out, std::string_view role, const nested<Content>& who) {
  if (!who.readable()) return;
  out += "{\"role\":";
  append_quoted(out, role);
  out += ',';
  put_columns(out, who.content);
  close(out, '}');
  out += ',';
}

void put_people(std::string& out, const order_detail& d, const base_info& b) {
  out += "\"contacts\":[";
  put_person(out, "buyer", b.buyer);
  put_person(out, "seller", b.seller);
  close(out, ']');
  out += ",\"addresses\":[";
  put_person(out, "receiver", b.to);
  put_person(out, "delivery", d.native_logistics);
  close(out, ']');
  out += ',';
}

void put_lines_of(std::string& out, const parcel& p) {
  if (!columns::open_column(out, "line_ids", has_value(p.lines.as))) return;
  out += '[';
  for (const std::int64_t id : p.line_ids) {
    append_number(out, id);
    out += ',';
  }
  close(out, ']');
  out += ',';
}

void put_refund(std::string& out, const order_detail& d) {
  out += "\"refunds\":[";
  if (d.has_refund) {
    out += '{';
    put_columns(out, d.refund);
    close(out, '}');
  }
  out += "],";
}

}  // namespace

void write_detail_truth(std::string& out, const order_detail& d) {
  const base_info none = nothing();
  const base_info& b = d.base.readable() ? d.base.content : none;
  const auto plain = [&out](const auto& row) { put_columns(out, row); };
  const auto& parcels = d.native_logistics.content.parcels;
  const bool outer = d.native_logistics.readable();
  put_base(out, d, b);
  put_rows(out, "payments", d.payments, true, plain);
  put_rows(out, "shipments", parcels, outer, [&out](const parcel& p) {
    put_columns(out, p);
    put_lines_of(out, p);
  });
  put_rows(out, "detail_lines", d.lines, true, plain);
  put_refund(out, d);
  put_people(out, d, b);
  put_rows(out, "senders", parcels, outer, [&out](const parcel& p) {
    put(out, "phone", p.from_phone);
    put(out, "mobile", p.from_mobile);
  });
}

}  // namespace pandapon_sim
