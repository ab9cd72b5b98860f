#include "statuses.hpp"

#include <array>

namespace pandapon_sim {
namespace {

/// By status, where an order of it has most likely been before; always a smaller number, so that a client can tell
/// which of two states is the later one.
constexpr std::array<std::int64_t, 9> before{0, 0, 1, 2, 3, 4, 1, 2, 1};

}  // namespace

bool has_status_before(std::int64_t status) {
  return status > 1;
}

void step_back(order& o) {
  const std::int64_t now = o.order_status.value;
  const std::int64_t then = before.at(static_cast<std::size_t>(now));
  for (order_line& line : o.lines)
    if (line.status.value == now) line.status.value = then;
  o.order_status.value = then;
}

}  // namespace pandapon_sim
