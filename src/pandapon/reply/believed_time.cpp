#include "pandapon/reply/believed_time.hpp"

#include <algorithm>

namespace ordersync::pandapon::reply {

believed_time believe(std::optional<core::second> date, core::instant local) {
  const auto here = std::chrono::floor<std::chrono::seconds>(local);
  if (!date) return {here, std::nullopt};
  const auto ahead = *date - here;
  if (std::chrono::abs(ahead) > furthest_believed_date) return {here, ahead};
  return {std::min(*date, here), std::nullopt};
}

}  // namespace ordersync::pandapon::reply
