#include "app/orders/number_search.hpp"

#include <algorithm>

namespace ordersync::app::orders {

using std::chrono::seconds;

namespace {

constexpr std::size_t longest_1688_number = 30;

}  // namespace

std::string trimmed_number(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const auto begin = text.find_first_not_of(blanks);
  if (begin == std::string_view::npos) return {};
  return std::string{text.substr(begin, text.find_last_not_of(blanks) - begin + 1)};
}

bool can_be_searched(std::string_view number) noexcept {
  return !number.empty() && number.size() <= longest_1688_number &&
         std::ranges::all_of(number, [](char c) { return c >= '0' && c <= '9'; });
}

std::vector<core::window> search_ranges(core::window whole, const sync::evidence::known_limits& limits, int most) {
  const auto length =
      std::clamp(limits.longest_range.value_or(longest_searched), seconds{1}, seconds{longest_searched});
  std::vector<core::window> ranges;
  auto end = whole.end - limits.nearest_end.value_or(seconds{0});
  for (; end > whole.begin && static_cast<int>(ranges.size()) < most; end -= length)
    ranges.push_back({std::max(whole.begin, end - length), end});
  return ranges;
}

}  // namespace ordersync::app::orders
