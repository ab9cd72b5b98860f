#pragma once
// Pure.

#include <algorithm>
#include <string>
#include <string_view>

namespace ordersync::pandapon::text {

// ASCII alone; other letters stay as they are.
inline std::string lower_case(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return lower;
}

}  // namespace ordersync::pandapon::text
