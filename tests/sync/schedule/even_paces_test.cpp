// Two hundred accounts at a rate that does not carry them: all are read equally often, and as often as demand says.
#include "sync/flow/admission.hpp"
#include "sync/manual_clock.hpp"
#include "sync/schedule/demand.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <map>
#include <string>

namespace ordersync::sync {
namespace {

using namespace std::chrono_literals;
using flow::admission;
using std::chrono::milliseconds;

constexpr milliseconds reply_takes{150};
constexpr milliseconds step{10};

// A read under way. Its first request says how many are left; the last one confirms it after the others.
struct open_read {
  schedule::task of;
  int left = 0;       // to ask for, the last one not included
  bool last = false;  // one more when nothing is in flight
  int in_flight = 0;  // or waiting
};

struct account {
  std::string name;
  schedule::schedule plan;
  int live_requests = 1;
  std::map<std::uint64_t, open_read> open{};
  milliseconds looked_until{0};  // nothing is due before
  int live_reads = 0;            // that were counted
};

class busy_gate {
 public:
  explicit busy_gate(std::deque<account>& accounts) : accounts_(accounts) {}

  void run(milliseconds from, milliseconds to, bool counted) {
    for (auto now = from; now < to; now += step) {
      take_replies(now, counted);
      for (auto& each : accounts_)
        if (now >= each.looked_until) start_what_is_due(each, now);
      while (const auto t = gate_.admit(testing::after(now).steady)) in_flight_.push_back({*t, now + reply_takes});
    }
  }

 private:
  struct sent {
    admission::ticket number;
    milliseconds back;
  };
  struct asker {
    account* of;
    std::uint64_t task;
  };

  static flow::read_number read_of(const schedule::task& t) {
    return t.kind == sweep_kind::live || t.kind == sweep_kind::revisit ? t.id : 0;
  }

  void ask(account& of, open_read& read) {
    ++read.in_flight;
    askers_[gate_.ask(read.of.how, of.name, read_of(read.of))] = {&of, read.of.id};
  }

  void start_what_is_due(account& of, milliseconds now) {
    const auto moment = testing::after(now);
    while (const auto due = of.plan.next(moment)) {
      auto& read = of.open[due->id] = {.of = *due};
      if (due->kind == sweep_kind::live) read = {.of = *due, .left = std::max(0, of.live_requests - 2)};
      if (due->kind != sweep_kind::live) read.left = 2;
      read.last = due->kind != sweep_kind::live || of.live_requests > 1;
      ask(of, read);
    }
    of.looked_until = now + std::chrono::ceil<milliseconds>(
                                std::max<std::chrono::nanoseconds>(step, of.plan.wake(moment) - moment.steady));
  }

  void take_replies(milliseconds now, bool counted) {
    while (!in_flight_.empty() && in_flight_.front().back <= now) {
      const auto number = in_flight_.front().number;
      in_flight_.pop_front();
      gate_.leave(number);
      const auto [of, task] = askers_.at(number);
      askers_.erase(number);
      gate_.succeeded(of->name, testing::after(now).steady);
      take_reply(*of, of->open.at(task), now, counted);
    }
  }

  void take_reply(account& of, open_read& read, milliseconds now, bool counted) {
    --read.in_flight;
    for (; read.left > 0; --read.left) ask(of, read);
    if (read.in_flight > 0) return;
    if (std::exchange(read.last, false)) return ask(of, read);
    if (counted && read.of.kind == sweep_kind::live) ++of.live_reads;
    testing::finish(of.plan, read.of, testing::after(now));
    of.open.erase(read.of.id);
    of.looked_until = now;
  }

  std::deque<account>& accounts_;
  admission gate_{{.per_second = 10, .burst = 4, .in_flight = 4}};
  std::deque<sent> in_flight_;
  std::map<admission::ticket, asker> askers_;
};

std::vector<schedule::tier> usual_tiers() {
  return {{2h, 1min}, {72h, 15min}, {720h, 6h}, {4320h, 168h}};
}

// Of every seventh nothing is proven, so all of its last two days is missing.
std::deque<account> two_hundred(const std::vector<schedule::tier>& tiers, int most_requests) {
  std::deque<account> all;
  for (int i = 0; i < 200; ++i) {
    auto plan = most_requests > 1 && i % 7 == 0 ? schedule::schedule(testing::rules(testing::noon - 48h, tiers), {}, {})
                                                : testing::caught_up(tiers);
    all.push_back({.name = "account " + std::to_string(i), .plan = std::move(plan)});
    if (i % 10 == 0) all.back().live_requests = most_requests;
  }
  return all;
}

std::pair<int, int> least_and_most(const std::deque<account>& accounts) {
  const auto [least, most] = std::ranges::minmax_element(accounts, {}, &account::live_reads);
  return {least->live_reads, most->live_reads};
}

TEST(two_hundred_accounts, are_read_equally_often_whatever_each_read_costs_and_whatever_else_is_read) {
  auto accounts = two_hundred(usual_tiers(), 6);
  busy_gate gate(accounts);
  gate.run(0s, 5min, false);
  gate.run(5min, 35min, true);
  const auto [least, most] = least_and_most(accounts);
  EXPECT_GT(least, 30);
  EXPECT_LE(most, 1.3 * least);
}

TEST(two_hundred_accounts, are_read_as_often_as_is_said) {
  auto accounts = two_hundred(usual_tiers(), 1);
  busy_gate gate(accounts);
  gate.run(0s, 5min, false);
  gate.run(5min, 35min, true);
  const auto said = schedule::demand_of(
      {.accounts = 200, .rate = 10, .live_every = 10s, .tiers = usual_tiers(), .recheck_share = 0, .audit_share = 0});
  const auto expected = 30 * 60 / said.live_period.count();
  const auto [least, most] = least_and_most(accounts);
  EXPECT_GE(least, 0.95 * expected - 1);
  EXPECT_LE(most, 1.05 * expected + 1);
}

}  // namespace
}  // namespace ordersync::sync
