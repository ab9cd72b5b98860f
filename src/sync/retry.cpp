#include "sync/retry.hpp"

#include <algorithm>

namespace ordersync::sync {

std::optional<std::chrono::milliseconds> retry::after(const core::error& failed, std::uint64_t random) {
  if (!core::is_transient(failed.kind)) return std::nullopt;
  const bool patient = failed.kind == core::failure::overloaded;
  const int tries = patient ? ++patient_ : ++broken_;
  if (tries >= (patient ? rules_.patient_tries : rules_.tries)) return std::nullopt;
  const auto doubled = rules_.first_ceiling * (std::int64_t{1} << std::min(tries - 1, 20));
  const auto ceiling = std::min(rules_.last_ceiling, std::chrono::milliseconds{doubled});
  const auto span = static_cast<std::uint64_t>(ceiling.count()) + 1;
  const std::chrono::milliseconds wait{static_cast<std::int64_t>(random % span)};
  return std::max(wait, failed.retry_after.value_or(wait));
}

}  // namespace ordersync::sync
