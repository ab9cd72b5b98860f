#include "service/http_target.hpp"

#include <utility>

namespace ordersync::service {
namespace {

std::optional<int> hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return std::nullopt;
}

std::optional<char> escaped_byte(std::string_view escape) {
  if (escape.size() < 3) return std::nullopt;
  const auto high = hex_digit(escape[1]);
  const auto low = hex_digit(escape[2]);
  if (!high || !low) return std::nullopt;
  return static_cast<char>(*high * 16 + *low);
}

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

std::optional<std::string> decoded(std::string_view text, bool plus_is_blank) {
  std::string result;
  while (!text.empty()) {
    const bool escape = text.front() == '%';
    auto byte = escape ? escaped_byte(text) : std::optional{text.front()};
    if (!byte || is_control(*byte)) return std::nullopt;
    if (!escape && plus_is_blank && *byte == '+') byte = ' ';
    result += *byte;
    text.remove_prefix(escape ? 3 : 1);
  }
  return result;
}

// The part of `text` before the first `mark`; `text` loses it and the mark.
std::string_view cut_at(std::string_view& text, char mark) {
  const auto found = text.find(mark);
  const auto part = text.substr(0, found);
  text.remove_prefix(found == std::string_view::npos ? text.size() : found + 1);
  return part;
}

std::optional<std::string> decoded_path(std::string_view text) {
  if (!text.starts_with('/')) return std::nullopt;
  std::string path;
  text.remove_prefix(1);
  do {
    const bool last = text.find('/') == std::string_view::npos;
    const auto segment = decoded(cut_at(text, '/'), false);
    if (!segment || *segment == "." || *segment == ".." || segment->find('/') != std::string::npos) return std::nullopt;
    path += '/' + *segment;
    if (!last && text.empty()) path += '/';
  } while (!text.empty());
  return path;
}

}  // namespace

std::optional<http_target> parse_http_target(std::string_view text) {
  if (text.find('#') != std::string_view::npos) return std::nullopt;
  auto path = decoded_path(cut_at(text, '?'));
  if (!path) return std::nullopt;
  http_target target{std::move(*path), {}};
  while (!text.empty()) {
    auto pair = cut_at(text, '&');
    if (pair.empty()) continue;
    auto name = decoded(cut_at(pair, '='), true);
    auto value = decoded(pair, true);
    if (!name || !value) return std::nullopt;
    target.query.insert_or_assign(std::move(*name), std::move(*value));
  }
  return target;
}

}  // namespace ordersync::service
