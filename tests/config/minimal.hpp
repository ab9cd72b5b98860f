#pragma once
// The shortest configuration that loads, and what tests do with it.

#include "config/load.hpp"

#include <string>
#include <string_view>

namespace ordersync::config {

inline constexpr std::string_view minimal_text =
    "accounts:\n"
    "  - name: main\n"
    "    access_key: key\n"
    "    user_id: \"2100007341207\"\n";

// The problems of `text`, a line each; empty when it loads.
inline std::string problems_of(std::string_view text) {
  const auto loaded = load_text(text, "f");
  return loaded ? std::string() : to_text(loaded.error());
}

// The same for the shortest configuration followed by `more`, whose lines begin at 5.
inline std::string problems_with(std::string_view more) {
  return problems_of(std::string(minimal_text) + std::string(more));
}

}  // namespace ordersync::config
