#include "pandapon/reply/trusted_time.hpp"

#include <algorithm>

namespace ordersync::pandapon::reply {

trusted_time trusted_time_of(std::optional<core::second> date, core::instant local) {
  const auto here = std::chrono::floor<std::chrono::seconds>(local);
  if (!date) return {here, std::nullopt};
  const auto ahead = *date - here;
  if (std::chrono::abs(ahead) > furthest_trusted_date) return {here, ahead};
  return {std::min(*date, here), std::nullopt};
}

}  // namespace ordersync::pandapon::reply
