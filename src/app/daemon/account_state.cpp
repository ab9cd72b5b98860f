// What an account's worker tells of itself.

#include "app/daemon/account_worker.hpp"
#include "app/tasks/completeness.hpp"

#include <algorithm>
#include <chrono>

namespace ordersync::app::daemon {

using std::chrono::steady_clock;

account_state account_worker::state() const {
  account_state state{.name = name(), .skew = skew_};
  state.limits = trials_.known().limits();
  state.untried = trials_.known().filter_reason();
  if (state.untried.empty()) state.untried = trials_.known().trial_reason();
  if (proven_at_) state.since_success = steady_clock::now() - *proven_at_;
  if (!schedule_) return state;
  const auto at = now();
  const auto& sync = around_.from.settings.sync;
  const auto nearest = state.limits.nearest_end.value_or(std::chrono::seconds{0});
  const auto settle = std::max<std::chrono::milliseconds>(sync.live.settle, nearest);
  const auto grace = std::chrono::ceil<std::chrono::seconds>(settle + sync.live.overlap);
  const auto complete = assess(schedule_->proven(), sync.start, at.server, grace);
  state.prepared = true;
  state.complete_through = schedule_->complete_through();
  state.gaps = complete.gaps.size();
  for (const auto& gap : complete.gaps) state.unproven += gap.length();
  for (const auto& tier : schedule_->tiers(at)) {
    tier_view view{.younger_than = tier.rule.younger_than, .every = tier.rule.every, .behind = tier.behind};
    if (tier.oldest_read) view.staleness = at.reading - *tier.oldest_read;
    state.tiers.push_back(view);
  }
  return state;
}

}  // namespace ordersync::app::daemon
