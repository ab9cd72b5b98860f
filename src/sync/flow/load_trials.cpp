#include "sync/flow/load_trials.hpp"

namespace ordersync::sync::flow {

namespace {
constexpr std::chrono::minutes remembered{1};
// Words with numbers in them might be new each time.
constexpr std::size_t most_words = 100;
}  // namespace

std::optional<load_trials::verdict> load_trials::known(const std::string& words, time_point refused,
                                                       time_point now) const {
  const auto at = found_.find(words);
  if (at == found_.end()) return std::nullopt;
  const auto& [shown, when] = at->second;
  const bool holds = shown == verdict::load ? when >= refused : now - when < remembered;
  return holds ? std::optional(shown) : std::nullopt;
}

void load_trials::note(const std::string& words, verdict shown, time_point now) {
  std::erase_if(found_, [&](const auto& one) { return now - one.second.at >= remembered; });
  if (found_.size() >= most_words) found_.clear();
  found_[words] = {shown, now};
}

}  // namespace ordersync::sync::flow
