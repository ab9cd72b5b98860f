#include "store/leadership/holder_watch.hpp"

namespace ordersync::store::leadership {
namespace {

// A leader beats twice a second. Silent for so long by the database's clock, and for `seen_silent` by ours, it is taken
// to be gone: soon enough to take over within 10 s, and not at a short interruption. Ours is asked too because the
// database's may jump. Silent for so long by ours it is gone whatever the database's clock says.
constexpr std::chrono::seconds silent_for_good{6};
constexpr std::chrono::seconds seen_silent{2};

}  // namespace

bool holder_watch::is_gone(const lock_holder& holder, time_point now) {
  if (!silence_ || silence_->beat != holder.beat) silence_ = silence{holder.beat, now};
  const auto seen = now - silence_->since;
  return seen >= silent_for_good || (seen >= seen_silent && holder.age >= silent_for_good);
}

}  // namespace ordersync::store::leadership
