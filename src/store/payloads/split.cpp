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

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// A shape is kept for good, so nothing gets into it that may be somebody's name or number.
bool is_name_of_field(std::string_view name) {
  constexpr std::size_t longest = 64;
  constexpr auto most_digits = 4;
  return !name.empty() && name.size() <= longest && is_letter(name.front()) &&
         std::ranges::all_of(name, [](char c) { return is_letter(c) || is_digit(c); }) &&
         std::ranges::count_if(name, is_digit) <= most_digits;
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
  if (!std::ranges::all_of(
          host, [](char c) { return is_letter(c) || is_digit(c) || c == '.' || c == '-' || c == ':' || c == '/'; }))
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

bool ends_scalar(char c) {
  switch (c) {
    case '{':
    case '}':
    case '[':
    case ']':
    case ',':
    case ':':
    case ' ':
    case '\t':
    case '"':
    case '\\':
      return true;
    default:
      return false;
  }
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
  explicit splitter(split_payload& into) : text_{into.payload}, into_{into} {}

  bool run() {
    into_.pieces.push_back({});
    std::size_t at = 0;
    if (!text_.starts_with('{') || !container(at, 0) || at != text_.size()) return false;
    take_shape(at);
    return true;
  }

 private:
  // From a bracket up to behind the one that closes it.
  bool container(std::size_t& at, std::size_t level) {
    open_brackets open;
    do {
      if (at == text_.size()) return false;
      if (!token(at, level, open)) return false;
    } while (!open.none());
    return true;
  }

  bool token(std::size_t& at, std::size_t level, open_brackets& open) {
    const char c = text_[at];
    switch (c) {
      case '{':
        if (open.in_list()) begin_piece(at);
        [[fallthrough]];
      case '[':
        ++at;
        return open.open(c == '[');
      case '}':
      case ']':
        ++at;
        return open.close(c == ']');
      case ',':
      case ':':
      case ' ':
      case '\t':
        ++at;
        return true;
      case '"':
      case '\\':
        return string(at, level);
      default:
        scalar(at);
        return true;
    }
  }

  void scalar(std::size_t& at) {
    const auto begin = at;
    while (at < text_.size() && !ends_scalar(text_[at])) ++at;
    take_value(begin, at);
  }

  bool string(std::size_t& at, std::size_t level) {
    const auto quote = quotes[level];
    if (text_.compare(at, quote.size(), quote) != 0) return false;
    const auto begin = at + quote.size();
    if (nested(begin, at, level)) return true;
    const auto end = end_of_string(begin, level);
    if (end == npos) return false;
    const auto content = text_.substr(begin, end - begin);
    at = end + quote.size();
    if (at < text_.size() && text_[at] == ':') return is_name_of_field(content);
    take_value(begin + common_part(content), end);
    return true;
  }

  // JSON in a string; else all is as it was.
  bool nested(std::size_t begin, std::size_t& at, std::size_t level) {
    if (level + 1 == quotes.size() || begin == text_.size()) return false;
    if (text_[begin] != '{' && text_[begin] != '[') return false;
    const auto values = into_.values.size(), pieces = into_.pieces.size(), shapes = into_.shapes.size();
    const auto shaped = shaped_;
    const auto quote = quotes[level];
    auto end = begin;
    if (container(end, level + 1) && text_.compare(end, quote.size(), quote) == 0) {
      at = end + quote.size();
      return true;
    }
    into_.values.resize(values);
    into_.pieces.resize(pieces);
    into_.shapes.resize(shapes);
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
    into_.pieces.push_back({at, into_.shapes.size(), into_.values.size()});
  }

  void take_value(std::size_t begin, std::size_t end) {
    take_shape(begin);
    into_.shapes += "%s";
    into_.values.push_back(text_.substr(begin, end - begin));
    shaped_ = end;
  }

  void take_shape(std::size_t end) {
    into_.shapes.append(text_, shaped_, end - shaped_);
    shaped_ = end;
  }

  std::string_view text_;
  split_payload& into_;
  std::size_t shaped_ = 0;  // what stands before is in shapes or values
};

}  // namespace

std::string_view split_payload::text_of(std::size_t number) const {
  const auto end = number + 1 == pieces.size() ? payload.size() : pieces[number + 1].at;
  return payload.substr(pieces[number].at, end - pieces[number].at);
}

std::string_view split_payload::shape_of(std::size_t number) const {
  const auto end = number + 1 == pieces.size() ? shapes.size() : pieces[number + 1].shape;
  return std::string_view{shapes}.substr(pieces[number].shape, end - pieces[number].shape);
}

std::size_t split_payload::end_of_values(std::size_t number) const {
  return number + 1 == pieces.size() ? values.size() : pieces[number + 1].first_value;
}

bool split(std::string_view payload, split_payload& into) {
  into.payload = payload;
  into.shapes.clear();
  into.values.clear();
  into.pieces.clear();
  return payload.find('\n') == npos && splitter(into).run();
}

}  // namespace ordersync::store::payloads
