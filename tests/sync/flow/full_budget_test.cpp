// What reads orders sooner than their windows are due leaves live windows their pace, even where it takes all of the
// rate that it may.
#include "sync/flow/admission.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

namespace ordersync::sync::flow {
namespace {

using namespace std::chrono_literals;
using point = admission::clock::time_point;

// Asks for requests at a pace, each of which takes a while; remembers how long the longest waited for its turn.
class asking {
 public:
  asking(admission& gate, urgency how, std::chrono::milliseconds every) : gate_(gate), how_(how), every_(every) {}

  void ask_when_due(point now) {
    if (now < due_) return;
    due_ = now + every_;
    waiting_[gate_.ask(how_, "a")] = now;
  }
  bool admitted(admission::ticket t, point now) {
    const auto at = waiting_.find(t);
    if (at == waiting_.end()) return false;
    longest_ = std::max(longest_, now - at->second);
    waiting_.erase(at);
    return true;
  }
  admission::clock::duration longest() const { return longest_; }

 private:
  admission& gate_;
  const urgency how_;
  const std::chrono::milliseconds every_;
  point due_{};
  std::map<admission::ticket, point> waiting_;
  admission::clock::duration longest_{0};
};

// The longest that a live request waits in ten minutes, at ten requests a second that take 300 ms each.
admission::clock::duration longest_wait(bool beside_checks, bool beside_messages) {
  admission gate({10, 1, 4});
  asking live(gate, urgency::live, 1s);
  asking checks(gate, urgency::revisit, 111ms);  // nine tenths of the rate
  asking messages(gate, urgency::live, 200ms);   // half of the rate
  std::map<admission::ticket, point> in_flight;
  for (point now{1000h}; now < point{1000h} + 10min; now += 5ms) {
    std::erase_if(in_flight, [&](const auto& each) {
      if (now - each.second < 300ms) return false;
      gate.leave(each.first);
      gate.succeeded("a", now);
      return true;
    });
    live.ask_when_due(now);
    if (beside_checks) checks.ask_when_due(now);
    if (beside_messages) messages.ask_when_due(now);
    while (const auto t = gate.admit(now)) {
      in_flight[*t] = now;
      live.admitted(*t, now) || checks.admitted(*t, now) || messages.admitted(*t, now);
    }
  }
  return live.longest();
}

TEST(full_budget, live_windows_wait_for_one_turn_at_most_beside_checks_by_counts) {
  EXPECT_EQ(longest_wait(false, false), 0ms);
  EXPECT_LE(longest_wait(true, false), 200ms);
}

TEST(full_budget, live_windows_wait_for_few_turns_beside_push_messages_too) {
  EXPECT_LE(longest_wait(true, true), 400ms);
}

}  // namespace
}  // namespace ordersync::sync::flow
