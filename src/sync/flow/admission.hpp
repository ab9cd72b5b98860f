#pragma once
// Who of all that want to ask the API may send the next request: the rate, the requests in flight, three classes of
// urgency, and fairness between accounts. Pure: the caller brings the time. One thread.
//
// One that has to be alone waits until nothing is in flight and nothing has left for a while, and all others wait for
// it.
//
// A class goes before the ones below it, but each one that waits gets at least one of 16 turns. Within a class the
// account that was served least recently goes first, and keeps its turn until its read is through, so that accounts are
// read equally often though one needs a request and another ten; what is as urgent as live windows without being one
// takes turns of its own. A failing account (its last answer was a failure) has one request
// in flight until one succeeds, and all such accounts together hold no more than half of the places: requests that hang
// until their timeout must not take the places of those that work.

#include "sync/flow/rate_budget.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace ordersync::sync::flow {

enum class urgency { live, revisit, backfill };

// A class that was passed over so often goes first. Two classes may have come to that at once: then the second one is
// served with the 16th grant after its last.
inline constexpr int most_passed_over = 14;
// Of the turns, what a class gets while it waits and the one above it takes all that it can.
inline constexpr double least_share = 1.0 / (most_passed_over + 1);

// Which read of its account a request is part of: its requests share a turn. 0: it is part of none.
using read_number = std::uint64_t;

struct admission_rules {
  double per_second = 10;  // requests, > 0
  int burst = 1;           // of them at once after a pause, >= 1
  int in_flight = 4;       // at most, >= 1
  // Nothing has left for so long when a request is alone: a limit that is counted by the second is not the reason then.
  std::chrono::milliseconds quiet{2'000};
};

// How much of what is allowed is used, at a moment.
struct admission_load {
  double allowed_per_second = 0;
  double configured_per_second = 0;  // or this process's slice of it
  int in_flight = 0;
  int in_flight_limit = 0;
  std::array<std::size_t, 3> waiting{};    // by urgency
  std::optional<double> found_per_second;  // the rate that the API was found to allow; none while never throttled
};

class admission {
 public:
  using clock = rate_budget::clock;
  using ticket = std::uint64_t;

  explicit admission(admission_rules rules);
  admission(const admission&) = delete;
  admission& operator=(const admission&) = delete;

  // Joins the queue.
  ticket ask(urgency how, std::string_view account, read_number read = 0);
  // The same, to be alone. One at a time (std::logic_error).
  ticket ask_alone(std::string_view account);
  // Leaves the queue, or gives the place in flight back. A ticket that has left already is ignored.
  void leave(ticket t);

  // Who may send now; it holds a place in flight from here on. Call until it gives none.
  std::optional<ticket> admit(clock::time_point now);
  // After admit() gave none: when it may give one though nothing else happens. None: only an event helps.
  std::optional<clock::time_point> look_again(clock::time_point now) const;

  // What came of a request. A throttled account waits for `pause`, and everybody with it and at a lower rate. Where it
  // is refused again and again while others are served, the limit is its own, and the others are left alone. `sent`:
  // when the refused request left.
  void succeeded(std::string_view account, clock::time_point now);
  void failed(std::string_view account);
  void throttled(std::string_view account, clock::time_point now, clock::duration pause,
                 std::optional<clock::time_point> sent = std::nullopt);

  // See rate_budget::allow.
  void allow(clock::time_point now, double per_second, clock::time_point until, int sharers) {
    budget_.allow(now, per_second, until, sharers);
  }

  // Whether a request that left at `sent` and has come back had company: others left around it, or are in flight still.
  bool had_company(clock::time_point sent) const noexcept;

  // Requests that are allowed at the moment, at most what was configured.
  double per_second() const noexcept { return budget_.per_second(); }
  admission_load load() const noexcept;

 private:
  static constexpr std::size_t classes = 3;
  // Live windows, and whatever else is as urgent; revisits; backfills.
  static constexpr std::size_t queue_count = 4;
  static constexpr std::size_t class_of(std::size_t queue) noexcept { return queue == 0 ? 0 : queue - 1; }
  struct queued {
    ticket number = 0;
    read_number read = 0;
  };
  struct queue {
    std::deque<queued> waiting;
    std::uint64_t served = 0;  // number of the last grant
    read_number read = 0;      // whose turn it is
    std::uint64_t before = 0;  // `served` when that began
    int taken = 0;             // requests of it

    // Of one that is not empty: whether the turn has not ended, and the number of which the least goes first.
    bool goes_on() const noexcept;
    std::uint64_t rank() const noexcept { return goes_on() ? before : served; }
  };
  struct account_state {
    std::array<queue, queue_count> queues;
    int in_flight = 0;
    bool failing = false;
    clock::time_point not_before{};
    std::optional<std::uint64_t> throttled_since;  // successes of all when a row of refusals began
  };
  struct holder {
    account_state* account = nullptr;
    std::size_t of_queue = 0;
    bool in_flight = false;
    bool alone = false;
  };

  account_state& state_of(std::string_view account);
  bool has_place(const account_state& account) const noexcept;
  queue* next_of(std::size_t of_class, clock::time_point now);
  ticket grant(std::size_t of_class, queue& from, clock::time_point now);
  void send(ticket t, clock::time_point now);
  clock::time_point alone_at(clock::time_point now) const;
  std::optional<ticket> admit_alone(clock::time_point now);

  admission_rules rules_;
  rate_budget budget_;
  std::map<std::string, account_state, std::less<>> accounts_;  // its nodes stay where they are
  std::map<ticket, holder> holders_;
  std::array<int, classes> passed_over_{};  // grants to others while one of this class could have been served
  int in_flight_ = 0;
  std::optional<ticket> alone_;                   // waits, or is in flight
  std::array<clock::time_point, 2> last_sent_{};  // the two latest, the latest first
  ticket last_ticket_ = 0;
  std::uint64_t grants_ = 0;
  std::uint64_t successes_ = 0;
};

}  // namespace ordersync::sync::flow
