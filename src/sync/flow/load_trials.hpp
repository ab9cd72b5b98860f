#pragma once
// Whether a refusal for a reason that is not known is one for the load: what trials showed. Pure: the caller brings the
// time. One thread.
//
// In a trial the refused request is asked once more alone. Where it is answered then, it was the load; where it is
// refused again in the same words, it was not, and for a while nobody tries again: a window that is refused for its
// length must not slow everything down. A limit that counts by the minute or the day looks like the latter.

#include <chrono>
#include <map>
#include <optional>
#include <string>

namespace ordersync::sync::flow {

class load_trials {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  enum class verdict { load, other };

  // What is known of a request that was refused in these words at `refused`: that it was the load where a trial since
  // then showed it, that it was not where one did within the last minute.
  std::optional<verdict> known(const std::string& words, time_point refused, time_point now) const;
  void note(const std::string& words, verdict shown, time_point now);

 private:
  struct finding {
    verdict shown = verdict::other;
    time_point at;
  };
  std::map<std::string, finding> found_;  // by the refusal's words
};

}  // namespace ordersync::sync::flow
