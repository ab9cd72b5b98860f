#include "wire_fields.hpp"

#include "json_text.hpp"

namespace pandapon_sim {

bool open_scalar(std::string& out, std::string_view key, form as) {
  if (as == form::absent) return false;
  append_key(out, key);
  if (as != form::null) return true;
  out += "null,";
  return false;
}

void put(std::string& out, std::string_view key, const number& n) {
  if (!open_scalar(out, key, n.as)) return;
  if (n.as == form::other_type) out += '"';
  append_number(out, n.value);
  out += n.as == form::other_type ? "\"," : ",";
}

void put(std::string& out, std::string_view key, const status_code& s) {
  if (s.word.empty() || s.as != form::plain) return put(out, key, static_cast<const number&>(s));
  append_key(out, key);
  append_quoted(out, s.word);
  out += ',';
}

void put(std::string& out, std::string_view key, const decimal& d) {
  if (!open_scalar(out, key, d.as)) return;
  if (d.as == form::other_type) out += '"';
  append_thousandths(out, d.thousandths);
  out += d.as == form::other_type ? "\"," : ",";
}

void put(std::string& out, std::string_view key, const text& t) {
  if (!open_scalar(out, key, t.as)) return;
  if (t.as == form::other_type) {
    out += t.value;
  } else {
    append_quoted(out, t.value);
  }
  out += ',';
}

}  // namespace pandapon_sim
