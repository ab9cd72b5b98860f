#include "service/folding.hpp"

#include <utility>

namespace ordersync::service {

namespace {
// Keys are names of events and accounts, so there are few; a bound all the same.
constexpr std::size_t most_keys = 1000;
}  // namespace

std::optional<std::uint64_t> folding::admit(const std::string& key, clock::time_point now, std::chrono::seconds every,
                                            reporter by) {
  if (entries_.size() >= most_keys) forget_old(now, every);
  const auto [place, fresh] = entries_.try_emplace(key, entry{now});
  if (by == reporter::whole) place->second.whole = true;
  if (fresh) return 0;
  if (now - place->second.at < every) {
    ++place->second.suppressed;
    return std::nullopt;
  }
  place->second.at = now;
  place->second.open = true;
  return std::exchange(place->second.suppressed, 0);
}

std::optional<std::uint64_t> folding::admit_end(const std::string& key, reporter by) {
  const auto place = entries_.find(key);
  if (place == entries_.end() || (by == reporter::part && place->second.whole)) return std::nullopt;
  place->second.whole = false;
  if (!std::exchange(place->second.open, false)) return std::nullopt;
  return std::exchange(place->second.suppressed, 0);
}

void folding::forget_old(clock::time_point now, std::chrono::seconds every) {
  std::erase_if(entries_, [&](const auto& one) { return now - one.second.at >= every; });
}

}  // namespace ordersync::service
