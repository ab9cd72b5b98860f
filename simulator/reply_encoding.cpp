#include "reply_encoding.hpp"

#include "encoding.hpp"

#include <string>

namespace pandapon_sim {
namespace {

void set_encoding(reply& out, encoding as) {
  out.body = encode(out.body, as);
  out.headers.push_back({"Content-Encoding", std::string(name_of(as))});
}

void break_gzip(reply& out, bool cut) {
  set_encoding(out, encoding::gzip);
  constexpr std::size_t checksum_from_end = 8;
  if (cut) {
    out.body.resize(out.body.size() / 2);
  } else {
    out.body[out.body.size() - checksum_from_end] ^= '\x55';
  }
}

/// False where `by` is another fault.
bool encode_by_fault(reply& out, const fault& by) {
  switch (by.what) {
    case action::gzip:
      set_encoding(out, encoding::gzip);
      return true;
    case action::gzip_bomb:
      out.body = gzip_bomb(out.body, static_cast<std::uint64_t>(by.number));
      out.headers.push_back({"Content-Encoding", "gzip"});
      return true;
    case action::gzip_broken:
      break_gzip(out, by.text == "cut");
      return true;
    default:
      return false;
  }
}

}  // namespace

void encode_reply(const reply_rules& rules, reply& out) {
  if (out.content_type == "application/json" && !out.body.empty()) out.body.insert(0, rules.leading);
  bool encoded = false;
  for (const fault& by : out.faults) encoded = encoded || encode_by_fault(out, by);
  if (!encoded && rules.as != encoding::identity && !out.body.empty()) set_encoding(out, rules.as);
  // In front, so that a fault can still end the reply in another way.
  if (rules.close_delimited) out.faults.insert(out.faults.begin(), {action::no_length, 0, '=', ""});
  if (rules.close_delimited_rude) out.faults.insert(out.faults.begin(), {action::no_length_rude, 0, '=', ""});
}

}  // namespace pandapon_sim
