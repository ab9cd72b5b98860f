#include "sync/sharing/shared_rate_world.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace ordersync::sync::testing {

using namespace std::chrono_literals;

namespace {
constexpr milliseconds slowest{4'000};  // that a statement or its answer is under way
constexpr milliseconds step{20};
}  // namespace

sharing_world::sharing_world(std::uint64_t seed, int accounts) : random_(seed) {
  for (int i = 0; i < accounts; ++i) {
    names_.push_back("a" + std::to_string(100 + i));
    leases_[names_.back()] = {names_.back(), "key", "", 0};
    last_owned_[names_.back()] = 0ms;
  }
}

void sharing_world::later(milliseconds delay, worker whose, std::function<void()> what) {
  events_.push({now_ + delay, ++last_event_, std::move(whose), std::move(what)});
}

milliseconds sharing_world::delay(const worker& w) {
  return milliseconds{w->slow_until > now_ ? random(slowest.count()) : 1 + random(20)};
}

void sharing_world::configure(const worker& w) {
  std::map<std::string, std::string> groups;
  for (const auto& name : w->accounts) groups[name] = "key";
  auto watch = w->share ? w->share->watch() : sharing::worker_watch{};
  w->share = std::make_unique<sharing::account_sharing>(w->id, std::move(groups), rate, std::move(watch));
  w->taking.clear();
  ++w->generation;
}

void sharing_world::add_worker() {
  auto w = std::make_shared<life>();
  w->id = "w" + std::to_string(100 + ++last_worker_);
  w->accounts = {names_.begin(), names_.end()};
  w->well_since = now_;
  w->budget.allow(steady(now_), 0, {});
  configure(w);
  workers_.push_back(w);
  later(milliseconds{random(500)}, w, [=, this] { look(w); });
}

std::size_t sharing_world::workers() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(workers_, [](const auto& w) { return w->alive && !w->stopping; }));
}

// The database.

void sharing_world::ask(const worker& w, std::function<void()> at_server, std::function<void()> answered,
                        std::function<void()> failed) {
  const bool late = w->slow_until > now_;
  if (late) ++w->late;
  later(delay(w), nullptr, [=, this] {
    if (!w->alive) return;
    const bool away = down_until_ > now_;
    if (!away) {
      sessions_[w->id] = ++last_query_;
      at_server();
    }
    later(delay(w), w, [=] {
      if (late) --w->late;
      (away ? failed : answered)();
    });
  });
}

sharing::view sharing_world::read() const {
  sharing::view seen;
  for (const auto& [id, accounts] : rows_) {
    const auto at = sessions_.find(id);
    const bool connected = at != sessions_.end();
    seen.workers.push_back(
        {id, connected ? std::to_string(at->second) : "-", connected, {accounts.begin(), accounts.end()}});
  }
  for (const auto& [name, each] : leases_) seen.leases.push_back(each);
  for (const auto& [name, each] : slices_) seen.slices.push_back(each);
  return seen;
}

void sharing_world::look(const worker& w) {
  if (w->stopping) return;
  const auto begun = steady(now_);
  const auto seen = std::make_shared<sharing::view>();
  const auto generation = w->generation;
  ask(
      w,
      [=, this] {
        rows_[w->id] = w->stopping ? std::set<std::string>{} : w->accounts;
        *seen = read();
      },
      [=, this] {
        seen->begun = begun;
        seen->ended = steady(now_);
        if (generation == w->generation && !w->stopping) looked(w, *seen);
        later(500ms, w, [=, this] { look(w); });
      },
      [=, this] { later(1s, w, [=, this] { look(w); }); });
}

void sharing_world::looked(const worker& w, const sharing::view& seen) {
  const auto step = w->share->saw(seen);
  for (const auto& account : step.lost) w->working.erase(account);
  for (const auto& account : step.begin) w->working[account] = w->share->held().at(account);
  for (const auto& account : step.hand_over) hand_over(w, account);
  for (const auto& each : step.give_back) release(w, each.account, each.epoch);
  take(w, step.take);
}

void sharing_world::take(const worker& w, const std::vector<sharing::lease>& list) {
  const auto taken = std::make_shared<std::vector<sharing::lease>>();
  const auto generation = w->generation;
  const auto go_on = [=, this] {
    if (generation != w->generation || w->stopping) return;
    w->taking.clear();
    w->share->took(*taken);
    for (const auto& each : *taken) w->working[each.account] = each.epoch;
    use_rate(w);
    const auto wishes = w->share->wishes();
    write_slices(w, {wishes.begin(), wishes.end()});
  };
  if (list.empty()) return go_on();
  ask(
      w,
      [=, this] {
        for (const auto& wanted : list) {
          auto& row = leases_.at(wanted.account);
          if (row.epoch != wanted.epoch) continue;
          row.owner = w->id;
          ++row.epoch;
          taken->push_back(row);
          if (generation == w->generation && !w->stopping) w->taking.insert(wanted.account);
          const bool paused = w->paused_until > now_;
          auto& owned = last_owned_[wanted.account];
          owned = std::max(owned, paused ? w->paused_at : now_);
        }
      },
      go_on, [] {});
}

void sharing_world::write_slices(const worker& w, std::deque<sharing::slice_wish> wishes) {
  if (wishes.empty()) return;
  const auto wanted = wishes.front();
  wishes.pop_front();
  const auto asked = steady(now_);
  const auto written = std::make_shared<sharing::slice>();
  const auto generation = w->generation;
  ask(
      w,
      [=, this] {
        for (const auto& [other, number] : wanted.lapsed)
          if (const auto at = slices_.find(other); at != slices_.end() && at->second.number == number)
            slices_.erase(at);
        double rest = wanted.total;
        for (const auto& [other, each] : slices_)
          if (other != w->id) rest -= each.per_second;
        *written = {"key", w->id, std::max(0.0, std::min(wanted.per_second, rest)), ++last_number_};
        slices_[w->id] = *written;
      },
      [=, this] {
        if (generation != w->generation || w->stopping) return;
        w->share->granted("key", written->per_second, written->number, asked);
        use_rate(w);
        write_slices(w, wishes);
      },
      [] {});
}

void sharing_world::hand_over(const worker& w, const std::string& account) {
  const auto generation = w->generation;
  later(milliseconds{random(800)}, w, [=, this] {
    const auto at = w->working.find(account);
    if (generation != w->generation || at == w->working.end()) return;
    const auto epoch = at->second;
    w->working.erase(at);
    release(w, account, epoch);
  });
}

void sharing_world::release(const worker& w, const std::string& account, std::int64_t epoch) {
  ask(
      w,
      [=, this] {
        auto& row = leases_.at(account);
        if (row.owner == w->id && row.epoch == epoch) row.owner.clear();
      },
      [=] {
        const auto at = w->share->held().find(account);
        if (at == w->share->held().end() || at->second != epoch) return;
        w->share->released(account);
        w->working.erase(account);  // a look during a reload may have begun it again
      },
      [=, this] { later(1s, w, [=, this] { release(w, account, epoch); }); });
}

// Time.

void sharing_world::use_rate(const worker& w) {
  const auto usable = w->share->usable();
  w->budget.allow(steady(now_), usable.per_second, usable.until, usable.sharers);
}

// All that may send does, but for pauses in which what may be saved up is.
void sharing_world::let_send() {
  beyond_ = std::max(0.0, beyond_ - rate * std::chrono::duration<double>(step).count());
  for (const auto& w : workers_) {
    if (!w->alive || w->paused_until > now_) continue;
    if (random(100) == 0) w->idle_until = now_ + milliseconds{random(4'000)};
    while (!w->working.empty() && w->idle_until <= now_ && w->budget.ready_at(steady(now_)) <= steady(now_)) {
      w->budget.spend(steady(now_));
      beyond_ += 1;
    }
  }
  most_beyond_ = std::max(most_beyond_, beyond_);
}

// All that works an account writes.
void sharing_world::let_write() {
  for (const auto& w : workers_) {
    if (!w->alive || w->paused_until > now_) continue;
    for (const auto& [account, epoch] : w->working) {
      const auto& row = leases_.at(account);
      if (row.owner == w->id && row.epoch == epoch)
        last_owned_[account] = now_;
      else if (down_until_ <= now_)
        ++refused_;
    }
    for (const auto& account : w->taking)
      if (leases_.at(account).owner == w->id) last_owned_[account] = now_;
  }
}

bool sharing_world::is_well(const life& w) const {
  return w.alive && !w.stopping && w.paused_until <= now_ && w.slow_until <= now_ && w.late == 0 && down_until_ <= now_;
}

void sharing_world::measure_rests() {
  for (const auto& w : workers_) {
    if (!is_well(*w)) {
      w->well_since = now_;
      continue;
    }
    for (const auto& name : w->accounts) {
      const auto may = w->may_since.find(name);
      const auto since = std::max({w->well_since, last_owned_.at(name), may == w->may_since.end() ? 0ms : may->second});
      longest_rest_ = std::max(longest_rest_, now_ - since);
    }
  }
}

void sharing_world::run(milliseconds length) {
  for (const auto end = now_ + length; now_ < end; now_ += step) {
    while (!events_.empty() && events_.top().at <= now_) {
      auto next = events_.top();
      events_.pop();
      if (next.whose && !next.whose->alive) continue;
      if (next.whose && next.whose->paused_until > now_) {
        next.at = next.whose->paused_until;
        events_.push(std::move(next));
        continue;
      }
      next.what();
    }
    let_send();
    let_write();
    measure_rests();
  }
}

std::size_t sharing_world::unevenness() const {
  std::size_t least = names_.size(), most = 0;
  for (const auto& w : workers_) {
    if (!w->alive || w->stopping) continue;
    least = std::min(least, w->working.size());
    most = std::max(most, w->working.size());
  }
  return most - least;
}

std::string sharing_world::unowned() const {
  std::string list;
  for (const auto& name : names_)
    if (std::ranges::none_of(workers_, [&](const auto& w) { return w->alive && w->working.contains(name); }))
      list += name + " ";
  return list;
}

double sharing_world::usable() const {
  double sum = 0;
  for (const auto& w : workers_)
    if (w->alive) sum += w->share->usable().per_second;
  return sum;
}

}  // namespace ordersync::sync::testing
