#include "store/values/literals.hpp"

#include <fmt/format.h>

#include <string_view>

namespace ordersync::store::values {

std::string array_literal(const std::vector<std::string>& values) {
  std::string out = "{";
  for (const auto& value : values) {
    out += out.size() == 1 ? "\"" : ",\"";
    for (const char c : value) {
      if (c == '"' || c == '\\') out.push_back('\\');
      out.push_back(c);
    }
    out.push_back('"');
  }
  return out += '}';
}

std::string array_literal(const std::vector<std::int64_t>& values) {
  return fmt::format("{{{}}}", fmt::join(values, ","));
}

std::string bytea_literal(std::span<const unsigned char> bytes) {
  constexpr std::string_view hex_digits = "0123456789abcdef";
  std::string out = "\\x";
  for (const auto byte : bytes) {
    out.push_back(hex_digits[byte >> 4U]);
    out.push_back(hex_digits[byte & 15U]);
  }
  return out;
}

}  // namespace ordersync::store::values
