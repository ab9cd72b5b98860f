#include "sync/weeks.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ordersync::sync::testing {

namespace {

using namespace std::chrono_literals;
using std::chrono::seconds;

constexpr std::chrono::steady_clock::time_point power_on{1000h};
constexpr auto latency = 200ms;
constexpr auto request_timeout = 30s;
constexpr auto retry_wait = 5s;
constexpr double page_size = 50;
constexpr double window_orders = 2000;
constexpr auto never = std::numeric_limits<std::int64_t>::min();
constexpr auto room = std::chrono::days{60};  // minutes remembered after the beginning

}  // namespace

weeks::weeks(schedule::schedule_rules rules, flow::admission_rules gate, std::vector<account_life> accounts,
             std::vector<core::window> known)
    : rules_(std::move(rules)), gate_rules_(gate), begin_(known.empty() ? rules_.start : known.back().end) {
  first_minute_ = std::min(rules_.start, begin_);
  const auto minutes = static_cast<std::size_t>((begin_ + room - first_minute_) / 1min);
  for (auto& life : accounts) {
    auto& a = accounts_.emplace_back();
    a.life = std::move(life);
    a.proven = interval_set(known);
    a.last_read.assign(minutes, never);
    a.first_read.assign(minutes, never);
    for (const auto& w : known) {
      a.read.read(w, begin_);
      for (auto m = (w.begin - first_minute_) / 1min; m < (w.end - first_minute_) / 1min; ++m)
        a.last_read[static_cast<std::size_t>(m)] = a.first_read[static_cast<std::size_t>(m)] = 0;
    }
  }
  begin_plans();
}

void weeks::begin_plans() {
  gate_ = std::make_unique<flow::admission>(gate_rules_);
  for (std::size_t i = 0; i < accounts_.size(); ++i) {
    auto& a = accounts_[i];
    a.plan = std::make_unique<schedule::schedule>(rules_, a.proven.windows(), a.read);
    if (!a.life.job.empty()) a.plan->set_jobs({{1, a.life.job}});
    a.wake = elapsed_;
    later(0ms, kind::wake, i);
  }
}

core::second weeks::now() const {
  return begin_ + std::chrono::floor<seconds>(elapsed_);
}

std::chrono::steady_clock::time_point weeks::steady() const {
  return power_on + elapsed_;
}

schedule::moment weeks::now_by_clocks() const {
  return {steady(), now() + clock_error_, now()};
}

void weeks::later(elapsed wait, kind what, std::size_t account, work of, flow::admission::ticket ticket) {
  events_.push({elapsed_ + wait, ++event_number_, what, account, of, ticket});
}

void weeks::run(elapsed how_long) {
  const auto end = elapsed_ + how_long;
  while (!events_.empty() && events_.top().at <= end) {
    const auto e = events_.top();
    events_.pop();
    elapsed_ = e.at;
    handle(e);
    let_in();
  }
  elapsed_ = end;
}

void weeks::handle(const event& e) {
  switch (e.what) {
    case kind::wake:
      if (accounts_[e.account].wake <= elapsed_) poll(e.account);
      break;
    case kind::alarm:
      if (alarm_ <= elapsed_) alarm_ = elapsed::max();
      break;
    case kind::reply:
      reply(e.of, e.ticket);
      break;
    case kind::ask:
      ask(e.of);
      break;
  }
}

void weeks::poll(std::size_t account) {
  auto& a = accounts_[account];
  while (auto t = a.plan->next(now_by_clocks())) {
    const auto r = running_.insert(running_.end(), {account, *t, 0, t->ranges.front().begin, {}, 0, now(), {}, true});
    next_window(r);
  }
  most_entries_ = std::max(most_entries_, a.plan->reading_entries());
  const auto wake = std::chrono::ceil<elapsed>(a.plan->wake(now_by_clocks()) - power_on);
  if (a.wake <= elapsed_ || wake < a.wake) {
    a.wake = std::max(wake, elapsed_ + 1ms);
    later(a.wake - elapsed_, kind::wake, account);
  }
}

void weeks::next_window(work r) {
  auto& a = accounts_[r->account];
  const auto& ranges = r->what.ranges;
  if (r->from >= ranges[r->range].end) {
    if (++r->range == ranges.size()) {
      if (r->what.tier) {
        auto& longest = longest_revisit_[*r->what.tier];
        longest = std::max(longest, now() - r->began);
      }
      a.plan->ended(r->what.id, r->whole, now_by_clocks());
      const auto account = r->account;
      running_.erase(r);
      poll(account);
      return;
    }
    r->from = ranges[r->range].begin;
  }
  const auto fits = seconds{static_cast<std::int64_t>(window_orders / a.life.orders_per_second)};
  r->window = {r->from, std::min(ranges[r->range].end, r->from + fits)};
  r->from = r->window.end;
  const auto orders = static_cast<double>(r->window.length().count()) * a.life.orders_per_second;
  const auto pages = std::max(1, static_cast<int>(std::ceil(orders / page_size)));
  r->requests_left = pages == 1 ? 1 : pages + 1;
  r->window_began.reset();
  ask(r);
}

void weeks::ask(work r) {
  waiting_.emplace(gate_->ask(r->what.how, accounts_[r->account].life.name), r);
}

void weeks::let_in() {
  while (const auto t = gate_->admit(steady())) grant(*t);
  const auto again = gate_->look_again(steady());
  if (!again) return;
  const auto at = std::chrono::ceil<elapsed>(*again - power_on);
  if (at >= alarm_) return;
  alarm_ = at;
  later(at - elapsed_, kind::alarm, 0);
}

void weeks::grant(flow::admission::ticket t) {
  const auto r = waiting_.extract(t).mapped();
  auto& a = accounts_[r->account];
  ++a.grants[static_cast<std::size_t>(r->what.how)];
  last_second_.push_back(elapsed_);
  while (last_second_.front() + 1s <= elapsed_) last_second_.pop_front();
  most_in_a_second_ = std::max(most_in_a_second_, static_cast<int>(last_second_.size()));
  if (!r->window_began) r->window_began = now();
  later(a.life.answers == answer::silence ? elapsed(request_timeout) : elapsed(latency), kind::reply, r->account, r, t);
}

void weeks::reply(work r, flow::admission::ticket t) {
  auto& a = accounts_[r->account];
  gate_->leave(t);
  if (a.life.answers != answer::orders) {
    gate_->failed(a.life.name);
    r->window_began.reset();
    later(retry_wait, kind::ask, r->account, r);
    return;
  }
  gate_->succeeded(a.life.name, power_on + elapsed_);
  if (--r->requests_left > 0) {
    ask(r);
    return;
  }
  store(r);
  const auto account = r->account;
  next_window(r);
  poll(account);
}

void weeks::store(work r) {
  auto& a = accounts_[r->account];
  const auto settled = now_by_clocks().server - rules_.settle;
  interval_set proven({{r->window.begin, std::min(r->window.end, settled)}});
  for (const auto& gap : a.life.hopeless) {
    if (gap.overlaps(r->window)) a.plan->stored(gap, std::nullopt, *r->window_began);
    proven.remove(gap);
  }
  if (!proven.missing(r->window).empty()) r->whole = false;
  for (const auto& w : proven.windows()) store_proven(*r, w);
}

void weeks::store_proven(running& r, const core::window& w) {
  auto& a = accounts_[r.account];
  a.plan->stored(w, w, *r.window_began);
  a.proven.add(w);
  a.read.read(w, *r.window_began);
  // The second in the middle of a minute stands for it.
  const auto first = std::max<std::int64_t>(0, (w.begin - first_minute_ + 29s) / 1min);
  for (auto m = first; first_minute_ + m * 1min + 30s < w.end; ++m) {
    const auto created = first_minute_ + m * 1min + 30s;
    const auto i = static_cast<std::size_t>(m);
    if (created < w.begin || i >= a.last_read.size() || created + rules_.settle > *r.window_began) continue;
    a.last_read[i] = std::max(a.last_read[i], (*r.window_began - begin_).count());
    if (a.first_read[i] == never) a.first_read[i] = (now() - begin_).count();
  }
}

void weeks::restart_after(elapsed down) {
  events_ = {};
  waiting_.clear();
  running_.clear();
  alarm_ = elapsed::max();
  elapsed_ += down;
  begin_plans();
}

seconds weeks::stalest(std::size_t account, seconds from, seconds to) const {
  const auto& a = accounts_[account];
  seconds worst{0};
  const auto first = std::max<std::int64_t>(0, (std::max(now() - to, rules_.start) - first_minute_) / 1min);
  for (auto m = first; first_minute_ + m * 1min + 30s < now() - from; ++m) {
    if (first_minute_ + m * 1min + 30s <= now() - to) continue;
    const auto read = a.last_read[static_cast<std::size_t>(m)];
    worst = std::max(worst, read == never ? seconds::max() : now() - begin_ - seconds{read});
  }
  return worst;
}

std::optional<core::second> weeks::first_read(std::size_t account, core::second created) const {
  const auto read = accounts_[account].first_read[static_cast<std::size_t>((created - first_minute_) / 1min)];
  return read == never ? std::nullopt : std::optional(begin_ + seconds{read});
}

std::int64_t weeks::grants(std::size_t account, flow::urgency how) const {
  return accounts_[account].grants[static_cast<std::size_t>(how)];
}

std::int64_t weeks::grants(std::size_t account) const {
  return grants(account, flow::urgency::live) + grants(account, flow::urgency::revisit) +
         grants(account, flow::urgency::backfill);
}

}  // namespace ordersync::sync::testing
