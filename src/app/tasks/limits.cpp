#include "app/tasks/limits.hpp"

#include "app/setup/spoken.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ordersync::app::tasks {
namespace {

using std::chrono::seconds;

std::optional<std::int64_t> count_of(const std::optional<std::chrono::milliseconds>& d) {
  return d ? std::optional(std::chrono::floor<seconds>(*d).count()) : std::nullopt;
}

void set(std::vector<limit_view>& limits, std::string name, std::optional<std::int64_t> value) {
  if (!value) return;
  std::erase_if(limits, [&](const auto& limit) { return limit.is.name == name; });
  store::coverage::api_limit is{.name = std::move(name), .value = *value};
  limits.push_back({std::move(is), true});
}

}  // namespace

std::vector<limit_view> limits_of(const std::vector<store::coverage::api_limit>& found,
                                  const config::api_limits& by_hand) {
  std::vector<limit_view> limits;
  for (const auto& limit : found) {
    const bool none = limit.name == "by_status" && limit.value == 0;
    if (!none) limits.push_back({limit, false});
  }
  set(limits, "longest_range", count_of(by_hand.longest_range));
  set(limits, "nearest_end", count_of(by_hand.nearest_end));
  set(limits, "page_size", by_hand.page_size);
  set(limits, "total", by_hand.total);
  std::ranges::sort(limits, {}, [](const auto& limit) { return limit.is.name; });
  return limits;
}

std::string limit_text(std::string_view name, std::int64_t value) {
  if (name == "longest_range") return setup::spoken(seconds{value});
  if (name == "nearest_end") return setup::spoken(seconds{value}) + " before now";
  if (name == "by_status") return "orders are requested status by status";
  if (name == "rate") return fmt::format("{:g} requests a second", static_cast<double>(value) / 1'000);
  return fmt::format("{} orders", value);
}

seconds settle_of(std::chrono::milliseconds settle, const std::vector<limit_view>& limits) {
  auto longest = std::chrono::ceil<seconds>(settle);
  for (const auto& limit : limits)
    if (limit.is.name == "nearest_end") longest = std::max(longest, seconds{limit.is.value});
  return longest;
}

}  // namespace ordersync::app::tasks
