#include "service/folding.hpp"

#include <utility>

namespace ordersync::service {

namespace {
// Keys are names of events and accounts, so there are few; a bound all the same.
constexpr std::size_t most_keys = 1000;
}  // namespace

std::optional<std::uint64_t> folding::admit(const std::string& key, clock::time_point now, std::chrono::seconds every,
                                            teller by) {
  if (told_.size() >= most_keys) forget_old(now, every);
  const auto [place, fresh] = told_.try_emplace(key, told{now});
  if (by == teller::whole) place->second.whole = true;
  if (fresh) return 0;
  if (now - place->second.at < every) {
    ++place->second.withheld;
    return std::nullopt;
  }
  place->second.at = now;
  place->second.open = true;
  return std::exchange(place->second.withheld, 0);
}

std::optional<std::uint64_t> folding::admit_end(const std::string& key, teller by) {
  const auto place = told_.find(key);
  if (place == told_.end() || (by == teller::part && place->second.whole)) return std::nullopt;
  place->second.whole = false;
  if (!std::exchange(place->second.open, false)) return std::nullopt;
  return std::exchange(place->second.withheld, 0);
}

void folding::forget_old(clock::time_point now, std::chrono::seconds every) {
  std::erase_if(told_, [&](const auto& entry) { return now - entry.second.at >= every; });
}

}  // namespace ordersync::service
