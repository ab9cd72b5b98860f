#include "sync/sharing/worker_watch.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace ordersync::sync::sharing {
namespace {

// Between two looks that follow each other.
constexpr std::chrono::seconds longest_pause{2};

}  // namespace

void worker_watch::note(const std::string& worker, const std::string& beat, bool connected, time_point at) {
  const auto [one, fresh] = signs_.try_emplace(worker, sign{beat, connected, at, at});
  auto& known = one->second;
  if (fresh || (known.beat == beat && known.connected == connected)) return;
  // That a session has ended is no sign of life: who froze and dies is lost no later for that. Unless we did not look
  // for a while: then the database was away, and all sessions have ended.
  const bool ended = known.connected && !connected && at - looked_before_ < longest_pause;
  known = {beat, connected, ended ? known.since : at, at};
}

void worker_watch::saw(const view& seen) {
  looked_before_ = std::exchange(looked_at_, seen.begun);
  std::set<std::string> named;
  for (const auto& each : seen.workers) {
    named.insert(each.id);
    note(each.id, each.beat, each.connected, seen.ended);
  }
  // Whoever owns something and is in no row has said so long ago.
  const auto without_row = [&](const std::string& worker) {
    if (!worker.empty() && named.insert(worker).second) note(worker, "", false, seen.ended);
  };
  for (const auto& each : seen.leases) without_row(each.owner);
  for (const auto& each : seen.slices) without_row(each.worker);
  std::erase_if(signs_, [&](const auto& each) { return !named.contains(each.first); });

  std::map<std::string, time_point> since;
  for (const auto& each : seen.leases) {
    if (!each.owner.empty() && !lost(each.owner)) continue;
    const auto before = ownerless_since_.find(each.account);
    since[each.account] = before == ownerless_since_.end() ? seen.ended : before->second;
  }
  ownerless_since_ = std::move(since);
}

bool worker_watch::lost(const std::string& worker) const {
  const auto at = signs_.find(worker);
  if (at == signs_.end()) return true;
  const auto& [beat, connected, since, session_end] = at->second;
  return looked_at_ - since >= lost_with_session || (!connected && looked_at_ - session_end >= lost_without_session);
}

bool worker_watch::stopped_sending(const std::string& worker) const {
  const auto at = signs_.find(worker);
  // It may have looked once more just before its session ended.
  return at != signs_.end() && looked_at_ - std::max(at->second.since, at->second.session_end) >= slice_free;
}

std::chrono::nanoseconds worker_watch::ownerless(const std::string& account) const {
  const auto at = ownerless_since_.find(account);
  return at == ownerless_since_.end() ? std::chrono::nanoseconds{0} : looked_at_ - at->second;
}

}  // namespace ordersync::sync::sharing
