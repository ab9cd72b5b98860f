#include "sync/sharing/account_sharing.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace ordersync::sync::sharing {

account_sharing::account_sharing(std::string self, std::map<std::string, std::string> key_groups, double per_second,
                                 worker_watch watch)
    : self_(std::move(self)), key_groups_(std::move(key_groups)), watch_(std::move(watch)) {
  for (const auto& [account, group] : key_groups_) slices_.try_emplace(group, self_, group, per_second);
}

sharing_step account_sharing::saw(const view& seen) {
  watch_.saw(seen);
  seen_ = seen;
  sharing_step step;
  std::map<std::string, std::int64_t> mine;
  for (const auto& each : seen.leases) {
    if (each.owner != self_) continue;
    if (key_groups_.contains(each.account))
      mine[each.account] = each.epoch;
    else
      step.give_back.push_back(each);
  }
  for (const auto& [account, epoch] : held_) {
    const auto at = mine.find(account);
    if (at == mine.end() || at->second != epoch) step.lost.push_back(account);
  }
  for (const auto& account : step.lost) {
    held_.erase(account);
    leaving_.erase(account);
  }
  for (const auto& [account, epoch] : mine)
    if (held_.try_emplace(account, epoch).second) step.begin.push_back(account);
  auto plan = plan_leases(self_, seen_, watch_, leaving_);
  step.take = std::move(plan.take);
  step.hand_over = std::move(plan.hand_over);
  leaving_.insert(step.hand_over.begin(), step.hand_over.end());
  share_rate();
  return step;
}

void account_sharing::took(const std::vector<lease>& leases) {
  for (const auto& taken : leases) {
    held_[taken.account] = taken.epoch;
    const auto at = std::ranges::find(seen_.leases, taken.account, &lease::account);
    if (at != seen_.leases.end()) *at = {taken.account, at->key_group, self_, taken.epoch};
  }
  share_rate();
}

void account_sharing::released(const std::string& account) {
  held_.erase(account);
  leaving_.erase(account);
}

int account_sharing::held_in(const std::string& key_group) const {
  return static_cast<int>(
      std::ranges::count_if(held_, [&](const auto& each) { return key_groups_.at(each.first) == key_group; }));
}

int account_sharing::sharers_of(const std::string& key_group) const {
  std::set<std::string> owners{self_};
  for (const auto& each : seen_.leases)
    if (each.key_group == key_group && !each.owner.empty() && !watch_.lost(each.owner)) owners.insert(each.owner);
  return static_cast<int>(owners.size());
}

void account_sharing::share_rate() {
  for (auto& [group, mine] : slices_) {
    const auto all = std::ranges::count_if(seen_.leases, [&](const lease& each) {
      return each.key_group == group && !each.owner.empty() && (each.owner == self_ || !watch_.lost(each.owner));
    });
    mine.saw(seen_, watch_, held_in(group), static_cast<int>(all));
  }
}

std::vector<slice_wish> account_sharing::wishes() const {
  std::vector<slice_wish> list;
  for (const auto& [group, mine] : slices_)
    if (auto wanted = mine.wish()) list.push_back(std::move(*wanted));
  return list;
}

void account_sharing::granted(const std::string& key_group, double per_second, std::int64_t number, time_point asked) {
  slices_.at(key_group).granted(per_second, number, asked);
}

usable_rate account_sharing::usable() const {
  std::optional<usable_rate> least;
  for (const auto& [group, mine] : slices_) {
    if (held_in(group) == 0) continue;
    if (!least) least = usable_rate{mine.usable(), mine.lapses_at()};
    least->per_second = std::min(least->per_second, mine.usable());
    least->until = std::min(least->until, mine.lapses_at());
    least->sharers = std::max(least->sharers, sharers_of(group));
  }
  return least.value_or(usable_rate{});
}

}  // namespace ordersync::sync::sharing
