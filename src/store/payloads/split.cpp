#include "store/payloads/split.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace ordersync::store::payloads {
namespace {

constexpr auto npos = std::string_view::npos;

// JSON within a string of JSON, and so on. Each level doubles the backslashes before a quote, and adds one.
constexpr std::array<std::string_view, 4> quotes{R"(")", R"(\")", R"(\\\")", R"(\\\\\\\")"};

constexpr std::size_t deepest = 60;  // brackets of one text that are open at a time

// What a character is between the strings of JSON; a word is a scalar of characters that the name of a field may have.
enum kind : unsigned char { scalar, word, opening, closing, between, quoting };

constexpr auto kinds = [] {
  std::array<unsigned char, 256> table{};
  const auto set = [&](std::string_view those, unsigned char to) {
    for (const char c : those) table[static_cast<unsigned char>(c)] = to;
  };
  set("{[", opening);
  set("}]", closing);
  set(",: \t", between);
  set("\"\\", quoting);
  set("0123456789_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", word);
  return table;
}();

unsigned char kind_of(char c) {
  return kinds[static_cast<unsigned char>(c)];
}

bool is_word(char c) {
  return kind_of(c) == word;
}

bool is_scalar(char c) {
  return kind_of(c) <= word;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_letter(char c) {
  return is_word(c) && !is_digit(c);
}

// Letters and digits. A shape is kept for good, so nothing gets into it that may be somebody's name or number.
bool may_be_kept(std::string_view name) {
  constexpr std::size_t longest = 64;
  constexpr auto most_digits = 4;
  return !name.empty() && name.size() <= longest && is_letter(name.front()) &&
         std::count_if(name.begin(), name.end(), is_digit) <= most_digits;
}

// How much of a value belongs to the shape: of a web address the host and the directories without digits.
std::size_t common_part(std::string_view value) {
  constexpr std::size_t longest = 100;
  if (!value.starts_with("http")) return 0;
  auto at = value.find("://");
  if (at == npos || at > 5) return 0;
  at = value.find('/', at + 3);
  if (at == npos || at > longest) return 0;
  const auto host = value.substr(0, at);
  if (!std::ranges::all_of(host, [](char c) { return is_word(c) || c == '.' || c == '-' || c == ':' || c == '/'; }))
    return 0;
  auto common = at + 1;
  for (at = common; at < std::min(value.size(), longest); ++at) {
    const auto c = value[at];
    if (c == '/' || c == '=' || c == '?')
      common = at + 1;
    else if (!is_letter(c) && c != '.' && c != '-')
      break;
  }
  return common;
}

// The brackets that are open, the innermost in the lowest bit; 1: a list.
class open_brackets {
 public:
  bool open(bool list) {
    if (count_ == deepest) return false;
    lists_ = lists_ << 1U | (list ? 1U : 0U);
    ++count_;
    return true;
  }
  bool close(bool list) {
    if (count_ == 0 || in_list() != list) return false;
    lists_ >>= 1U;
    --count_;
    return true;
  }
  bool none() const { return count_ == 0; }
  bool in_list() const { return count_ > 0 && (lists_ & 1U) != 0; }

 private:
  std::uint64_t lists_ = 0;
  std::size_t count_ = 0;
};

class splitter {
 public:
  explicit splitter(split_payload& into) : text_{into.payload}, into_{into} {
    // At most two characters more for each value, which takes one at least, or two quotes.
    const auto enough = 3 * text_.size();
    if (into_.shapes.size() < enough) into_.shapes.resize(enough);
  }

  bool run() {
    into_.pieces.push_back({});
    std::size_t at = 0;
    if (!text_.starts_with('{') || !container(at, 0) || at != text_.size()) return false;
    begin_piece(at);
    return true;
  }

 private:
  // From a bracket up to behind the one that closes it.
  bool container(std::size_t& at, std::size_t level) {
    open_brackets open;
    do {
      if (at == text_.size()) return false;
      const char c = text_[at];
      switch (kind_of(c)) {
        case between:
          ++at;
          break;
        case quoting:
          if (!string(at, level)) return false;
          break;
        case opening:
          if (c == '{' && open.in_list()) begin_piece(at);
          if (!open.open(c == '[')) return false;
          ++at;
          break;
        case closing:
          if (!open.close(c == ']')) return false;
          ++at;
          break;
        default:
          scalar_value(at);
      }
    } while (!open.none());
    return true;
  }

  void scalar_value(std::size_t& at) {
    const auto begin = at;
    while (at < text_.size() && is_scalar(text_[at])) ++at;
    take_value(begin, at);
  }

  bool has_quote(std::size_t at, std::size_t level) const {
    const auto backslashes = quotes[level].size() - 1;
    if (text_.size() - at <= backslashes || text_[at + backslashes] != '"') return false;
    for (std::size_t i = 0; i < backslashes; ++i) {
      if (text_[at + i] != '\\') return false;
    }
    return true;
  }

  bool string(std::size_t& at, std::size_t level) {
    if (!has_quote(at, level)) return false;
    const auto quote = quotes[level].size();
    const auto begin = at + quote;
    if (nested(begin, at, level)) return true;
    auto end = begin;
    while (end < text_.size() && is_word(text_[end])) ++end;
    const bool plain = has_quote(end, level);
    if (!plain) end = end_of_string(begin, level);
    if (end == npos) return false;
    const auto content = text_.substr(begin, end - begin);
    at = end + quote;
    if (at < text_.size() && text_[at] == ':') return plain && may_be_kept(content);
    take_value(plain ? begin : begin + common_part(content), end);
    return true;
  }

  // JSON in a string; else all is as it was.
  bool nested(std::size_t begin, std::size_t& at, std::size_t level) {
    if (level + 1 == quotes.size() || begin == text_.size() || kind_of(text_[begin]) != opening) return false;
    const auto values = into_.values.size(), pieces = into_.pieces.size();
    const auto shapes = shapes_end_, shaped = shaped_;
    auto end = begin;
    if (container(end, level + 1) && has_quote(end, level)) {
      at = end + quotes[level].size();
      return true;
    }
    into_.values.resize(values);
    into_.pieces.resize(pieces);
    shapes_end_ = shapes;
    shaped_ = shaped;
    return false;
  }

  // Where the quote stands that ends it. How many backslashes stand before a quote says which level's quote it is;
  // each backslash of the value itself is twice as many as the level's opening quote has characters.
  std::size_t end_of_string(std::size_t begin, std::size_t level) const {
    const auto own = quotes[level].size() - 1;
    const auto period = 2 * quotes[level].size();
    for (auto quote = text_.find('"', begin); quote != npos; quote = text_.find('"', quote + 1)) {
      auto slash = quote;
      while (slash > begin && text_[slash - 1] == '\\') --slash;
      const auto slashes = (quote - slash) % period;
      if (slashes == own) return quote - own;
      if (slashes != period - 1) return npos;
    }
    return npos;
  }

  void begin_piece(std::size_t at) {
    take_shape(at);
    into_.pieces.push_back({at, shapes_end_, into_.values.size()});
  }

  void take_value(std::size_t begin, std::size_t end) {
    take_shape(begin);
    into_.shapes[shapes_end_++] = '%';
    into_.shapes[shapes_end_++] = 's';
    into_.values.push_back(text_.substr(begin, end - begin));
    shaped_ = end;
  }

  void take_shape(std::size_t end) {
    shapes_end_ += text_.copy(&into_.shapes[shapes_end_], end - shaped_, shaped_);
    shaped_ = end;
  }

  std::string_view text_;
  split_payload& into_;
  std::size_t shapes_end_ = 0;
  std::size_t shaped_ = 0;  // what stands before is in shapes or values
};

}  // namespace

bool split(std::string_view payload, split_payload& into) {
  constexpr std::size_t longest = 1024UL * 1024;
  into.payload = payload;
  into.values.clear();
  into.pieces.clear();
  return payload.size() <= longest && payload.find('\n') == npos && splitter(into).run();
}

}  // namespace ordersync::store::payloads
