#include "pandapon/shown_code.hpp"

#include <algorithm>

namespace ordersync::pandapon {

std::string shown_code(std::string_view code) {
  constexpr std::size_t longest = 48;
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
           c == '_';
  };
  const bool word = !code.empty() && code.size() <= longest && std::all_of(code.begin(), code.end(), plain);
  return word ? std::string(code) : std::string{};
}

}  // namespace ordersync::pandapon
