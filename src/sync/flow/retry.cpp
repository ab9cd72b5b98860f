#include "sync/flow/retry.hpp"

#include <algorithm>

namespace ordersync::sync::flow {

namespace {

std::chrono::milliseconds doubled(std::chrono::milliseconds first, int tries, std::chrono::milliseconds most) {
  return std::min<std::chrono::milliseconds>(most, first * (std::int64_t{1} << std::min(tries - 1, 20)));
}

}  // namespace

std::optional<std::chrono::milliseconds> retry::ceiling(const core::error& failed, bool alone) {
  const bool refused = failed.kind == core::failure::refused || failed.kind == core::failure::untrusted;
  if (rules_.outlast && !alone && (refused || core::is_transient(failed.kind)))
    return doubled(rules_.first_ceiling, ++outlasted_, refused ? rules_.refused_ceiling : rules_.last_ceiling);
  if (!core::is_transient(failed.kind)) return std::nullopt;
  const bool overloaded = failed.kind == core::failure::overloaded;
  const int tries = overloaded ? ++overloaded_ : ++broken_;
  if (tries >= (overloaded ? rules_.overload_tries : rules_.tries)) return std::nullopt;
  return doubled(rules_.first_ceiling, tries, rules_.last_ceiling);
}

std::optional<std::chrono::milliseconds> retry::after(const core::error& failed, std::uint64_t random, bool alone) {
  const auto most = ceiling(failed, alone);
  if (!most) return std::nullopt;
  const auto span = static_cast<std::uint64_t>(most->count()) + 1;
  const std::chrono::milliseconds wait{static_cast<std::int64_t>(random % span)};
  return std::max(wait, failed.retry_after.value_or(wait));
}

}  // namespace ordersync::sync::flow
