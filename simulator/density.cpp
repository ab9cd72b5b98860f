#include "density.hpp"

#include "random.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace pandapon_sim {
namespace {

constexpr epoch_ms hour_ms = 3'600'000;
constexpr std::array<double, 24> by_hour{1.5, 0.8, 0.5, 0.3, 0.3, 0.5, 1.5, 3, 6,  9, 12, 11,
                                         8,   9,   12,  12,  11,  9,   8,   9, 10, 9, 6,  3};
constexpr std::array<double, 7> by_weekday{1, 1.1, 1.1, 1, 1, 0.75, 0.6};

/// How busy the hour that begins at `hour` (epoch hours, vendor's zone) is. The epoch's first day was a Thursday.
double weight(std::uint64_t seed, std::int64_t hour) {
  const std::int64_t day = hour / 24;
  dice roll(seed, purpose::time, static_cast<std::uint64_t>(day));
  const double mood = 0.5 + roll.below(1000) / 1000.0;
  const double festival = roll.percent(2) ? 5.0 : 1.0;
  return by_hour.at(static_cast<std::size_t>(hour % 24)) * by_weekday.at(static_cast<std::size_t>((day + 3) % 7)) *
         mood * festival;
}

/// Stretches of at most an hour with their weights summed up to each one's end.
struct stretch {
  epoch_ms from, to;
  double sum_before, weight;
};

std::vector<stretch> stretches(std::uint64_t seed, epoch_ms from, epoch_ms to) {
  std::vector<stretch> all;
  double sum = 0;
  for (epoch_ms at = from; at < to;) {
    const std::int64_t hour = (at + vendor_zone_ms) / hour_ms;
    const epoch_ms end = std::min(to, (hour + 1) * hour_ms - vendor_zone_ms);
    const double own = weight(seed, hour) * static_cast<double>(end - at) / static_cast<double>(hour_ms);
    all.push_back({at, end, sum, own});
    sum += own;
    at = end;
  }
  return all;
}

/// One order in eight goes in together with the one before it, and now and then a whole batch does.
bool joins_previous(std::uint64_t seed, std::uint32_t i) {
  if (i == 0) return false;
  const bool in_batch = mix(seed, i / 64, 1) % 100 == 0;
  return (in_batch && i % 64 != 0) || mix(seed, i, 2) % 8 == 0;
}

}  // namespace

std::vector<epoch_ms> creation_times(std::uint64_t seed, std::uint32_t orders, epoch_ms from, epoch_ms to) {
  if (orders == 0) return {};
  if (to <= from || from < 0) throw std::invalid_argument("orders need a range of time after 1970");
  const std::vector<stretch> hours = stretches(seed, from, to);
  const double total = hours.back().sum_before + hours.back().weight;
  std::vector<epoch_ms> times(orders);
  auto hour = hours.begin();
  for (std::uint32_t i = 0; i < orders; ++i) {
    if (joins_previous(seed, i)) {
      times[i] = times[i - 1];
      continue;
    }
    dice roll(seed, purpose::time, i, 1);
    const double at = (i + roll.below(1'000'000) / 1e6) / orders * total;
    while (hour + 1 != hours.end() && at >= hour->sum_before + hour->weight) ++hour;
    const double share = (at - hour->sum_before) / hour->weight;
    epoch_ms time = hour->from + static_cast<epoch_ms>(share * static_cast<double>(hour->to - hour->from));
    if (roll.percent(70)) time -= time % 1000;
    times[i] = std::clamp(time, from, to - 1);
  }
  std::sort(times.begin(), times.end());
  return times;
}

}  // namespace pandapon_sim
