#include "sync/evidence/in_window.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ordersync::sync::evidence {

namespace {

using std::chrono::seconds;

constexpr seconds zone_step = std::chrono::minutes{15};
// From the zone farthest to the west of Greenwich to the one farthest to the east.
constexpr seconds largest_shift = std::chrono::hours{26};

seconds rounded_up(seconds d) {
  const auto rest = d % zone_step;
  if (rest == seconds{0}) return d;
  return rest > seconds{0} ? d - rest + zone_step : d - rest;
}

core::instant time_of(const core::order& order) {
  return order.created_at ? *order.created_at : order.tb_created_at.value_or(core::instant{});
}

bool has_time(const core::order& order) {
  return order.created_at.has_value() || order.tb_created_at.has_value();
}

}  // namespace

bool in_window(const core::window& asked, const core::order& order) noexcept {
  const core::window wide{asked.begin - in_window_margin, asked.end + in_window_margin};
  const bool created = order.created_at && wide.contains(*order.created_at);
  const bool tb_created = order.tb_created_at && wide.contains(*order.tb_created_at);
  return created || tb_created || !has_time(order);
}

std::optional<seconds> fitting_shift(const core::window& asked, const std::vector<core::order>& orders) {
  std::optional<core::instant> first;
  std::optional<core::instant> last;
  for (const auto& order : orders) {
    if (!has_time(order)) continue;
    first = std::min(first.value_or(time_of(order)), time_of(order));
    last = std::max(last.value_or(time_of(order)), time_of(order));
  }
  if (!first) return std::nullopt;
  // Asked for [begin, end), an API whose clock is `shift` ahead shows [begin - shift, end - shift).
  const auto least = std::chrono::floor<seconds>(asked.begin - *first) - in_window_margin;
  const auto most = std::chrono::ceil<seconds>(asked.end - *last) + in_window_margin;
  if (least <= seconds{0} && most >= seconds{0}) return seconds{0};
  const auto shift = least > seconds{0} ? rounded_up(least) : -rounded_up(-most);
  if (shift < least || shift > most || std::chrono::abs(shift) > largest_shift) return std::nullopt;
  return shift;
}

std::string zone_text(seconds offset) {
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(std::chrono::abs(offset)).count();
  return fmt::format("{}{:02}:{:02}", offset < seconds{0} ? '-' : '+', minutes / 60, minutes % 60);
}

std::string shift_text(seconds shift, std::optional<seconds> zone) {
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(std::chrono::abs(shift)).count();
  const auto amount =
      fmt::format("{} h {:02} min {}", minutes / 60, minutes % 60, shift > seconds{0} ? "ahead of" : "behind");
  if (!zone) return fmt::format("its time zone seems to be {} the configured one; check api.time_zone", amount);
  return fmt::format("its time zone seems to be {} api.time_zone ({}): set it to {}", amount, zone_text(*zone),
                     zone_text(*zone + shift));
}

std::string outside_reason(const core::window& asked, const std::vector<core::order>& orders,
                           std::optional<seconds> zone) {
  const auto outside = std::ranges::count_if(orders, [&](const auto& order) { return !in_window(asked, order); });
  if (outside == 0) return {};
  const auto shift = fitting_shift(asked, orders);
  const auto why = shift && *shift != seconds{0} ? shift_text(*shift, zone)
                                                 : std::string("it does not filter by the times requested");
  return fmt::format("{} of {} orders on a page were created outside the requested range: {}", outside, orders.size(),
                     why);
}

}  // namespace ordersync::sync::evidence
