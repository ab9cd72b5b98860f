#include "detail/writing.hpp"

#include "json_text.hpp"
#include "wire_fields.hpp"

#include <array>
#include <cstdlib>
#include <string_view>

namespace pandapon_sim {
namespace {

constexpr std::uint8_t spellings = 4;
constexpr std::int64_t far_zone_ms = -7L * 3600 * 1000;

void append_decimals(std::string& out, std::int64_t thousandths, int decimals) {
  std::string digits;
  append_number(digits, std::abs(thousandths));
  if (digits.size() < 4) digits.insert(0, 4 - digits.size(), '0');
  digits.insert(digits.size() - 3, 1, '.');
  digits.resize(digits.size() - static_cast<std::size_t>(3 - decimals));
  out += (thousandths < 0 ? "-" : "") + digits;
}

/// 12.5, 12.50, 12.500 and 125e-1 are the same amount.
void append_amount(std::string& out, const yuan& y) {
  switch (y.spelling % spellings) {
    case 0:
      return append_thousandths(out, y.thousandths);
    case 1:
      return append_decimals(out, y.thousandths, y.is_money() ? 2 : 3);
    case 2:
      return append_decimals(out, y.thousandths, 3);
    default:
      append_number(out, y.thousandths);
      out += y.as == form::other_type ? "E-3" : "e-3";
  }
}

void put(std::string& out, std::string_view key, const yuan& y) {
  if (!open_scalar(out, key, y.as)) return;
  if (y.as == form::other_type) out += '"';
  append_amount(out, y);
  out += y.as == form::other_type ? "\"," : ",";
}

void put(std::string& out, std::string_view key, const stamp& s) {
  if (!open_scalar(out, key, s.as)) return;
  out += '"';
  append_compact_time(out, s.at, s.far_zone ? far_zone_ms : vendor_zone_ms);
  out += "\",";
}

class wire_writer {
 public:
  template <class T>
  using of = const T;

  explicit wire_writer(std::string& out) : out_(out) {}

  template <class Field>
  void field(std::string_view wire, const char* /*column*/, const Field& f) {
    put(out_, wire, f);
  }

  template <class Content>
  void nest(std::string_view wire, const nested<Content>& f) {
    if (f.as == nesting::absent) return;
    append_key(out_, wire);
    if (f.readable()) {
      std::string json;
      wire_writer(json).write(f.content);
      append_as(json, f.as);
    } else {
      out_ += unreadable(f);
    }
    out_ += ',';
  }

  template <class Content>
  void write(const Content& content) {
    out_ += '{';
    visit(*this, content);
    add_unknown(content);
    close(out_, '}');
  }
  template <class Content>
  void write(const std::vector<Content>& list) {
    out_ += '[';
    for (const Content& one : list) {
      write(one);
      out_ += ',';
    }
    close(out_, ']');
  }
  void write(const text& t) { append_quoted(out_, t.value); }

 private:
  template <class Content>
  void add_unknown(const Content& /*content*/) {}
  void add_unknown(const base_info& b) {
    if (b.unknown_field) out_ += "\"sellerMemoFlag\":3,";
  }

  void append_as(const std::string& json, nesting as) {
    if (as == nesting::structure) {
      out_ += json;
      return;
    }
    std::string once;
    append_quoted(once, json);
    if (as == nesting::text) {
      out_ += once;
    } else {
      append_quoted(out_, once);
    }
  }

  /// Of a malformed object or list it is something else, which no mirror can store in columns.
  template <class Content>
  static std::string_view unreadable(const nested<Content>& f) {
    if (f.as == nesting::empty) return "\"\"";
    if (f.as == nesting::word_null) return "\"null\"";
    if (f.as == nesting::null) return "null";
    static constexpr std::array<std::string_view, 4> wrong{"7", "true", "\"[object Object]\"", "\"{\\\"a\\\":\""};
    return wrong[f.damage % wrong.size()];
  }

  std::string& out_;
};

}  // namespace

void write_detail(std::string& out, const order_detail& d) {
  wire_writer(out).write(d);
}

void write_refund(std::string& out, const refund_info& r) {
  wire_writer(out).write(r);
}

}  // namespace pandapon_sim
