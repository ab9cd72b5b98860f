#include "sync/sweep/splitting.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace ordersync::sync::sweep {

using namespace std::chrono_literals;

std::vector<core::window> cut(const core::window& w, std::int64_t total, std::int64_t max_orders, int most) {
  if (!is_divisible(w)) throw std::logic_error("a window of one second cannot be cut");
  const auto length = w.length().count();
  const double target = std::max(1.0, fill * static_cast<double>(max_orders));
  const double leaves = std::max(2.0, std::ceil(static_cast<double>(total) / target));
  const auto parts =
      static_cast<std::int64_t>(std::min<double>({static_cast<double>(most), leaves, static_cast<double>(length)}));
  std::vector<core::window> cuts;
  auto begin = w.begin;
  for (auto left = parts; left > 0; --left) {
    const auto share = static_cast<double>(parts - left + 1) / static_cast<double>(parts);
    const auto even = total > max_orders ? std::floor(leaves * share) / leaves : share;
    const auto offset = std::chrono::seconds{static_cast<std::int64_t>(static_cast<double>(length) * even)};
    // Each part has a second at least, whatever was rounded.
    const auto end =
        left == 1 ? w.end : std::clamp(w.begin + offset, begin + 1s, w.end - std::chrono::seconds{left - 1});
    cuts.push_back({begin, end});
    begin = end;
  }
  return cuts;
}

std::vector<core::window> cut_to(const core::window& w, std::chrono::seconds longest) {
  if (longest < 1s || w.length() <= longest) throw std::logic_error("a window that is short enough is not to be cut");
  const auto pieces = (w.length().count() + longest.count() - 1) / longest.count();
  const auto parts = std::min<std::int64_t>(most_parts, pieces);
  std::vector<core::window> cuts;
  auto begin = w.begin;
  for (std::int64_t i = 1; i <= parts; ++i) {
    // Whole pieces in each part, so that none is cut once more than it must be.
    const auto end = std::min(w.end, w.begin + longest * (pieces * i / parts));
    if (begin < end) cuts.push_back({begin, end});
    begin = end;
  }
  cuts.back().end = w.end;
  return cuts;
}

}  // namespace ordersync::sync::sweep
