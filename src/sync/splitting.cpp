#include "sync/splitting.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace ordersync::sync {

std::pair<core::window, core::window> split(const core::window& w, std::int64_t total, std::int64_t max_orders) {
  if (!is_divisible(w)) throw std::logic_error("a window of one second cannot be split");
  const double target = std::max(1.0, 0.875 * static_cast<double>(max_orders));
  const double parts = std::max(2.0, std::ceil(static_cast<double>(total) / target));
  const double share = total > max_orders ? std::floor(parts / 2) / parts : 0.5;
  const auto length = w.length().count();
  const auto left =
      std::clamp<std::int64_t>(static_cast<std::int64_t>(static_cast<double>(length) * share), 1, length - 1);
  const auto middle = w.begin + std::chrono::seconds{left};
  return {{w.begin, middle}, {middle, w.end}};
}

}  // namespace ordersync::sync
