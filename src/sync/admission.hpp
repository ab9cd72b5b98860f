#pragma once
// Who of all that want to ask the API may send the next request: the rate, the requests in flight, three classes of
// urgency, and fairness between accounts. Pure: the caller brings the time. One thread.
//
// A class goes before the ones below it, but each one that waits gets at least one of 16 turns. Within a class the
// account that was served least recently goes first. An account in trouble (its last answer was a failure) has one
// request in flight until one succeeds, and all such accounts together hold no more than half of the places: requests
// that hang until their timeout must not take the places of those that work.

#include "sync/rate_budget.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace ordersync::sync {

enum class urgency { live, revisit, backfill };

struct admission_rules {
  double per_second = 10;  // requests, > 0
  int burst = 1;           // of them at once after a pause, >= 1
  int in_flight = 4;       // at most, >= 1
};

// How much of what is allowed is used, at a moment.
struct admission_load {
  double allowed_per_second = 0;
  double configured_per_second = 0;
  int in_flight = 0;
  int in_flight_limit = 0;
  std::array<std::size_t, 3> waiting{};  // by urgency
};

class admission {
 public:
  using clock = rate_budget::clock;
  using ticket = std::uint64_t;

  explicit admission(admission_rules rules);
  admission(const admission&) = delete;
  admission& operator=(const admission&) = delete;

  // Joins the queue.
  ticket ask(urgency how, std::string_view account);
  // Leaves the queue, or gives the place in flight back. A ticket that has left already is ignored.
  void leave(ticket t);

  // Who may send now; it holds a place in flight from here on. Call until it gives none.
  std::optional<ticket> admit(clock::time_point now);
  // After admit() gave none: when it may give one though nothing else happens. None: only an event helps.
  std::optional<clock::time_point> look_again(clock::time_point now) const;

  // What came of a request. A throttled account waits for `pause`, and everybody with it and at half the rate. Where it
  // is refused again and again while others are served, the limit is its own, and the others are left alone.
  void succeeded(std::string_view account);
  void failed(std::string_view account);
  void throttled(std::string_view account, clock::time_point now, clock::duration pause);

  // Requests that are allowed at the moment, at most what was configured.
  double per_second() const noexcept { return budget_.per_second(); }
  admission_load load() const noexcept;

 private:
  static constexpr std::size_t classes = 3;
  struct account_state {
    std::array<std::deque<ticket>, classes> waiting;
    std::array<std::uint64_t, classes> served{};  // number of the last grant
    int in_flight = 0;
    bool in_trouble = false;
    clock::time_point not_before{};
    std::optional<std::uint64_t> throttled_since;  // successes of all when a row of refusals began
  };
  struct holder {
    account_state* account = nullptr;
    std::size_t of_class = 0;
    bool in_flight = false;
  };

  account_state& state_of(std::string_view account);
  bool has_place(const account_state& account) const noexcept;
  account_state* next_of(std::size_t of_class, clock::time_point now);
  ticket grant(std::size_t of_class, account_state& account, clock::time_point now);

  admission_rules rules_;
  rate_budget budget_;
  std::map<std::string, account_state, std::less<>> accounts_;  // its nodes stay where they are
  std::map<ticket, holder> holders_;
  std::array<int, classes> passed_over_{};  // grants to others while one of this class could have been served
  int in_flight_ = 0;
  ticket last_ticket_ = 0;
  std::uint64_t grants_ = 0;
  std::uint64_t successes_ = 0;
};

}  // namespace ordersync::sync
