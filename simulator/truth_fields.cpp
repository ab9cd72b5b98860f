#include "truth_fields.hpp"

#include "json_text.hpp"

namespace pandapon_sim::columns {

bool open_column(std::string& out, std::string_view key, bool has_value) {
  append_key(out, key);
  if (!has_value) out += "null,";
  return has_value;
}

bool has_value(form as) {
  return as == form::plain || as == form::other_type;
}

void put(std::string& out, std::string_view key, const number& n) {
  if (!open_column(out, key, has_value(n.as))) return;
  append_number(out, n.value);
  out += ',';
}

void put(std::string& out, std::string_view key, const decimal& d) {
  if (!open_column(out, key, has_value(d.as))) return;
  append_thousandths(out, d.thousandths);
  out += ',';
}

void put(std::string& out, std::string_view key, const text& t) {
  if (!open_column(out, key, has_value(t.as))) return;
  append_quoted(out, t.value);
  out += ',';
}

void put_time(std::string& out, std::string_view key, const number& n) {
  if (!open_column(out, key, has_value(n.as))) return;
  out += '"';
  append_iso_utc(out, n.value);
  out += "\",";
}

}  // namespace pandapon_sim::columns
