#include "pandapon/json/json.hpp"

#include "pandapon/json/json_slices.hpp"
#include "pandapon/text/plain_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>

namespace ordersync::pandapon::json {
namespace {

constexpr auto npos = std::string_view::npos;

// By the character after the backslash; 0 where it makes no escape, or one of its own (u).
constexpr auto meaning_of_escape = [] {
  std::array<char, 256> table{};
  constexpr std::string_view from = "\"\\/bfnrt";
  constexpr std::string_view to = "\"\\/\b\f\n\r\t";
  for (std::size_t i = 0; i < from.size(); ++i) table[static_cast<unsigned char>(from[i])] = to[i];
  return table;
}();

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

void append_utf8(char*& out, unsigned code) {
  const auto put = [&out](unsigned byte) { *out++ = static_cast<char>(byte); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0U | code >> 6U);
    put(0x80U | (code & 0x3FU));
  } else if (code < 0x10000) {
    put(0xE0U | code >> 12U);
    put(0x80U | (code >> 6U & 0x3FU));
    put(0x80U | (code & 0x3FU));
  } else {
    put(0xF0U | code >> 18U);
    put(0x80U | (code >> 12U & 0x3FU));
    put(0x80U | (code >> 6U & 0x3FU));
    put(0x80U | (code & 0x3FU));
  }
}

int hex_digit(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

class parser {
 public:
  parser(std::string_view bytes, json_arena& arena) : bytes_(bytes), arena_(arena), pending_(arena.pending()) {}

  json_document run() {
    pending_.emplace_back();
    const bool parsed = parse(0, 0);
    if (parsed) skip_space();
    if (count_ > most_json_values) return {std::nullopt, "has more JSON values than any order can have"};
    if (!parsed || at_ != bytes_.size()) return {std::nullopt, fmt::format("not valid JSON at byte {}", at_)};
    return {pending_.front(), {}};
  }

 private:
  char peek() const { return at_ < bytes_.size() ? bytes_[at_] : '\0'; }

  void skip_space() {
    while (at_ < bytes_.size()) {
      const char c = bytes_[at_];
      if (c != ' ' && c != '\n' && c != '\r' && c != '\t') return;
      ++at_;
    }
  }

  bool take(char c) {
    if (peek() != c) return false;
    ++at_;
    return true;
  }

  // Each value is parsed into its place in pending_ and not copied there: a copy would wait for what was just written.
  // Its children move pending_, so a container is found by its place again.
  bool parse(std::size_t place, int depth) {
    if (++count_ > most_json_values) return false;
    skip_space();
    const auto begin = at_;
    if (!parse_by_first(place, depth)) return false;
    auto& value = pending_[place];
    value.raw = bytes_.substr(begin, at_ - begin);
    if (value.kind == json_kind::number) value.text = value.raw;
    return true;
  }

  bool parse_by_first(std::size_t place, int depth) {
    auto& value = pending_[place];
    switch (peek()) {
      case '"':
        return parse_text(value);
      case '{':
      case '[':
        return depth < deepest_json ? parse_container(place, depth) : skip_container(value);
      case 't':
        value.truth = true;
        return parse_word("true", json_kind::boolean, value);
      case 'f':
        return parse_word("false", json_kind::boolean, value);
      case 'n':
        return parse_word("null", json_kind::null, value);
      default:
        value.kind = json_kind::number;
        return parse_number();
    }
  }

  bool parse_word(std::string_view word, json_kind kind, json_value& value) {
    if (bytes_.substr(at_, word.size()) != word) return false;
    at_ += word.size();
    value.kind = kind;
    return true;
  }

  bool parse_digits() {
    if (!is_digit(peek())) return false;
    while (is_digit(peek())) ++at_;
    return true;
  }

  bool parse_number() {
    take('-');
    if (!take('0') && !parse_digits()) return false;
    if (take('.') && !parse_digits()) return false;
    if (take('e') || take('E')) {
      if (!take('+')) take('-');
      return parse_digits();
    }
    return true;
  }

  bool skip_container(json_value& value) {
    const auto end = end_of_json(bytes_, at_);
    if (end == npos) return false;
    at_ = end;
    value.kind = json_kind::unusable;
    value.text = "nested deeper than 32 levels";
    return true;
  }

  bool parse_container(std::size_t place, int depth) {
    const bool object = peek() == '{';
    const char close = object ? '}' : ']';
    const auto first = pending_.size();
    ++at_;
    skip_space();
    if (!take(close)) {
      do {
        if (!parse_child(object, depth)) return false;
        skip_space();
      } while (take(','));
      if (!take(close)) return false;
    }
    auto& value = pending_[place];
    value.kind = object ? json_kind::object : json_kind::array;
    value.children = arena_.keep(std::span(pending_).subspan(first));
    pending_.resize(first);
    return true;
  }

  bool parse_child(bool member, int depth) {
    const auto place = pending_.size();
    auto& child = pending_.emplace_back();
    bool named = true;
    if (member && !parse_name(child.name, named)) return false;
    if (!parse(place, depth + 1)) return false;
    if (!named) {
      auto& unnamed = pending_[place];
      unnamed.kind = json_kind::unusable;
      unnamed.text = "its key contains a NUL character or half a surrogate pair";
      unnamed.children = {};
    }
    return true;
  }

  bool parse_name(std::string_view& name, bool& usable) {
    skip_space();
    const auto begin = at_;
    if (peek() != '"' || !parse_string(name, usable)) return false;
    if (!usable) name = bytes_.substr(begin + 1, at_ - begin - 2);
    skip_space();
    return take(':');
  }

  bool parse_text(json_value& value) {
    bool usable = true;
    if (!parse_string(value.text, usable)) return false;
    value.kind = usable ? json_kind::text : json_kind::unusable;
    if (!usable) value.text = "contains a NUL character or half a surrogate pair";
    return true;
  }

  bool parse_string(std::string_view& text, bool& usable) {
    const auto begin = ++at_;
    at_ = text::end_of_plain(bytes_, at_);
    if (at_ < bytes_.size() && bytes_[at_] == '"') {
      text = bytes_.substr(begin, at_++ - begin);
      return true;
    }
    const auto first_stop = at_;
    if (parse_escaped(begin, text, usable)) return true;
    if (end_of_json(bytes_, begin - 1) == npos) at_ = first_stop;
    return false;
  }

  // What an escape makes is never longer than the escape, so the raw length is room enough.
  bool parse_escaped(std::size_t begin, std::string_view& text, bool& usable) {
    char* const room = arena_.scratch(bytes_.size() - begin + text::plain_step);
    char* out = room;
    usable_ = true;
    for (at_ = begin;;) {
      at_ = text::copy_plain(bytes_, at_, out);
      if (take('"')) break;
      if (!take('\\') || !parse_escape(out)) return false;
    }
    text = arena_.keep(std::string_view(room, static_cast<std::size_t>(out - room)));
    usable = usable_;
    return true;
  }

  bool parse_escape(char*& out) {
    const char c = peek();
    if (c == 'u') return parse_unicode(out);
    const char meant = meaning_of_escape[static_cast<unsigned char>(c)];
    if (meant == '\0') return false;
    ++at_;
    *out++ = meant;
    return true;
  }

  // 'uXXXX', at_ on the u; -1 when it is not that.
  int parse_unit() {
    if (peek() != 'u' || at_ + 5 > bytes_.size()) return -1;
    int unit = 0;
    for (std::size_t i = 1; i <= 4; ++i) {
      const int digit = hex_digit(bytes_[at_ + i]);
      if (digit < 0) return -1;
      unit = unit * 16 + digit;
    }
    at_ += 5;
    return unit;
  }

  bool parse_unicode(char*& out) {
    const int unit = parse_unit();
    if (unit < 0) return false;
    auto code = static_cast<unsigned>(unit);
    const bool high = code >= 0xD800 && code <= 0xDBFF;
    if (high && bytes_.substr(at_, 2) == "\\u") {
      const auto back = at_++;
      const int low = parse_unit();
      if (low < 0) return false;
      if (low >= 0xDC00 && low <= 0xDFFF) {
        append_utf8(out, 0x10000 + ((code - 0xD800) << 10U) + (static_cast<unsigned>(low) - 0xDC00));
        return true;
      }
      at_ = back;
    }
    if (code == 0 || (code >= 0xD800 && code <= 0xDFFF)) usable_ = false;
    if (usable_) append_utf8(out, code);
    return true;
  }

  std::string_view bytes_;
  json_arena& arena_;
  std::size_t at_ = 0;
  std::size_t count_ = 0;
  std::vector<json_value>& pending_;  // children of the containers that are still open
  bool usable_ = true;                // the text being unescaped
};

}  // namespace

std::span<const json_value> json_arena::keep(std::span<const json_value> values) {
  if (values.empty()) return {};
  auto* const room = static_cast<json_value*>(memory_.allocate(values.size_bytes(), alignof(json_value)));
  std::uninitialized_copy(values.begin(), values.end(), room);
  return {room, values.size()};
}

std::string_view json_arena::keep(std::string_view text) {
  char* const room = static_cast<char*>(memory_.allocate(text.size(), 1));
  std::copy(text.begin(), text.end(), room);
  return {room, text.size()};
}

json_document parse_json(std::string_view bytes, json_arena& arena) {
  return parser(bytes, arena).run();
}

}  // namespace ordersync::pandapon::json
