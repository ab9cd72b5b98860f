// A run against an API that allows fewer requests a second than sync.rate: admission, retries and the rate together, in
// made-up time.

#include "sync/flow/admission.hpp"
#include "sync/flow/retry.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <random>
#include <vector>

namespace ordersync::sync::flow {
namespace {

using namespace std::chrono_literals;
using point = admission::clock::time_point;

struct throttled_run {
  struct request {
    retry tries{retry_rules{}};
    point sent{};
  };
  enum class kind { ask, answer };
  struct event {
    kind what;
    std::size_t which;
    admission::ticket ticket = 0;
  };

  admission gate{{.per_second = 10, .burst = 4, .in_flight = 4}};
  std::size_t limit = 5;  // requests in any second
  std::vector<request> requests;
  std::multimap<point, event> due;
  std::map<admission::ticket, std::size_t> waiting;
  std::deque<point> served_at;
  std::mt19937_64 engine{5};
  point now{1000h};
  int served = 0;
  int refused = 0;
  int given_up = 0;

  void run(std::size_t pages) {
    requests.resize(pages);
    for (std::size_t i = 0; i < pages; ++i) due.emplace(now, event{kind::ask, i});
    while (!due.empty() || !waiting.empty()) {
      let_in();
      const auto again = gate.look_again(now);
      if (due.empty() || (again && *again < due.begin()->first)) {
        now = again.value();
        continue;
      }
      const auto next = due.extract(due.begin());
      now = std::max(now, next.key());
      work(next.mapped());
    }
  }

  void let_in() {
    while (const auto t = gate.admit(now)) {
      const auto which = waiting.extract(*t).mapped();
      requests[which].sent = now;
      due.emplace(now + 150ms, event{kind::answer, which, *t});
    }
  }

  void work(const event& e) {
    if (e.what == kind::ask) {
      waiting.emplace(gate.ask(urgency::backfill, "main"), e.which);
      return;
    }
    gate.leave(e.ticket);
    while (!served_at.empty() && served_at.front() + 1s <= now) served_at.pop_front();
    if (served_at.size() < limit) {
      served_at.push_back(now);
      ++served;
      gate.succeeded("main", now);
    } else {
      refuse(e.which);
    }
  }

  void refuse(std::size_t which) {
    ++refused;
    gate.failed("main");
    const auto pause = requests[which].tries.after(core::make_error(core::failure::overloaded, ""), engine());
    if (!pause) {
      ++given_up;
      return;
    }
    gate.throttled("main", now, *pause, requests[which].sent);
    due.emplace(now + *pause, event{kind::ask, which});
  }
};

TEST(throttled_run, reads_everything_with_few_refusals) {
  throttled_run api;
  const auto begun = api.now;
  api.run(60);  // 3,000 orders, 50 a page
  EXPECT_EQ(api.served, 60);
  EXPECT_EQ(api.given_up, 0);
  EXPECT_LE(api.refused, 12);
  EXPECT_LE(api.now - begun, 30s);  // 12 s at the limit itself
}

TEST(throttled_run, keeps_near_to_the_limit_of_a_long_one) {
  throttled_run api;
  const auto begun = api.now;
  api.run(6000);
  EXPECT_EQ(api.served, 6000);
  EXPECT_EQ(api.given_up, 0);
  EXPECT_LE(api.refused, 60);
  EXPECT_LE(api.now - begun, 25min);  // 20 at the limit itself
  EXPECT_NEAR(api.gate.load().found_per_second.value(), 5, 0.6);
}

}  // namespace
}  // namespace ordersync::sync::flow
