#include "app/status/finding.hpp"

#include <fmt/format.h>

#include <array>

namespace ordersync::app::status {

const char* name(health of) noexcept {
  constexpr std::array<const char*, 4> names{"good", "notice", "catching_up", "bad"};
  return names.at(static_cast<std::size_t>(of));
}

std::string plural(std::int64_t n, std::string_view one, std::string_view more) {
  return fmt::format("{} {}", n, n == 1 ? one : more);
}

}  // namespace ordersync::app::status
