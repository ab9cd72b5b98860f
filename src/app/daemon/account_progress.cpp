#include "app/daemon/account_progress.hpp"

#include "app/tasks/completeness.hpp"

#include <algorithm>
#include <chrono>

namespace ordersync::app::daemon {

void add_progress(account_state& state, const sync::schedule::schedule& schedule, const sync::schedule::moment& at,
                  const config::sync_settings& sync) {
  const auto nearest = state.limits.nearest_end.value_or(std::chrono::seconds{0});
  const auto settle = std::max<std::chrono::milliseconds>(sync.live.settle, nearest);
  const auto grace = std::chrono::ceil<std::chrono::seconds>(settle + sync.live.overlap);
  const auto complete = tasks::completeness_of(schedule.proven(), sync.start, at.server, grace);
  state.prepared = true;
  state.complete_through = schedule.complete_through();
  state.gaps = complete.gaps.size();
  for (const auto& gap : complete.gaps) state.unproven += gap.length();
  for (const auto& tier : schedule.tiers(at)) {
    tier_view view{.younger_than = tier.rule.younger_than, .every = tier.rule.every, .behind = tier.behind};
    if (tier.oldest_read) view.staleness = at.reading - *tier.oldest_read;
    state.tiers.push_back(view);
  }
}

}  // namespace ordersync::app::daemon
