// What befalls the workers and the database.

#include "sync/sharing/shared_rate_world.hpp"

#include <algorithm>
#include <utility>

namespace ordersync::sync::testing {

using namespace std::chrono_literals;

sharing_world::worker sharing_world::pick() {
  std::vector<worker> alive;
  for (const auto& w : workers_)
    if (w->alive && !w->stopping) alive.push_back(w);
  return alive.empty() ? nullptr : alive[random(alive.size())];
}

void sharing_world::kill_one() {
  const auto w = pick();
  if (!w) return;
  w->alive = false;
  sessions_.erase(w->id);
}

void sharing_world::pause_one(milliseconds length) {
  const auto w = pick();
  if (!w) return;
  if (w->paused_until <= now_) w->paused_at = now_;
  w->paused_until = std::max(w->paused_until, now_ + length);
}

void sharing_world::slow_one(milliseconds length) {
  const auto w = pick();
  if (!w) return;
  w->slow_until = now_ + length;
}

void sharing_world::reload_one() {
  const auto w = pick();
  if (!w || w->paused_until > now_) return;
  std::set<std::string> accounts{names_.begin(), names_.end()};
  if (w->accounts == accounts && names_.size() > 1) accounts.erase(names_[random(names_.size())]);
  reload(w, std::move(accounts));
}

void sharing_world::heal() {
  down_until_ = now_;
  for (const auto& w : workers_) {
    if (!w->alive || w->stopping) continue;
    w->paused_until = w->slow_until = now_;
    if (w->accounts.size() < names_.size()) reload(w, {names_.begin(), names_.end()});
  }
}

// Its accounts end and are released first, then it goes on with others.
void sharing_world::reload(const worker& w, std::set<std::string> accounts) {
  for (const auto& [account, epoch] : std::exchange(w->working, {})) release(w, account, epoch);
  for (const auto& name : accounts)
    if (!w->accounts.contains(name)) w->may_since[name] = now_;
  w->accounts = std::move(accounts);
  configure(w);
  w->budget.allow(steady(now_), 0, {});
}

void sharing_world::stop_one() {
  const auto w = pick();
  if (!w || w->paused_until > now_) return;
  w->stopping = true;
  w->taking.clear();
  w->budget.allow(steady(now_), 0, {});
  ask(
      w,
      [=, this] {
        rows_[w->id].clear();
        slices_.erase(w->id);
      },
      [] {}, [] {});
  for (const auto& [account, epoch] : std::exchange(w->working, {}))
    later(milliseconds{random(300)}, w, [=, this] { release(w, account, epoch); });
  later(1s, w, [=, this] {
    ask(
        w,
        [=, this] {
          for (auto& [account, row] : leases_)
            if (row.owner == w->id) row.owner.clear();
          rows_.erase(w->id);
          slices_.erase(w->id);
          sessions_.erase(w->id);
        },
        [=] { w->alive = false; }, [=] { w->alive = false; });
  });
}

void sharing_world::restart_database(milliseconds down) {
  down_until_ = now_ + down;
  sessions_.clear();
}

}  // namespace ordersync::sync::testing
