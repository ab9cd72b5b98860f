#include "app/setup/spoken.hpp"

#include "config/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace ordersync::app::setup {

std::string spoken(std::chrono::seconds length) {
  const std::array<std::pair<std::int64_t, const char*>, 4> units{{{86'400, "d"}, {3'600, "h"}, {60, "min"}, {1, "s"}}};
  const auto total = std::max<std::int64_t>(0, length.count());  // a clock that was put back makes no time negative
  for (std::size_t i = 0; i + 1 < units.size(); ++i) {
    const auto [worth, unit] = units[i];
    if (total < worth) continue;
    const auto rest = total % worth / units[i + 1].first;
    return rest == 0 ? fmt::format("{} {}", total / worth, unit)
                     : fmt::format("{} {} {} {}", total / worth, unit, rest, units[i + 1].second);
  }
  return fmt::format("{} s", total);
}

std::string meant_by(std::string_view word, const std::vector<std::string_view>& names) {
  const auto name = config::nearest(word, names);
  const auto letters = std::max(word.size(), name.size());
  return config::edit_distance(word, name) * 2 <= letters ? std::string{name} : std::string{};
}

}  // namespace ordersync::app::setup
