#pragma once
// Simulated weeks of a daemon: several accounts' schedules behind one admission, an API that answers after a while, a
// database that remembers, and a clock that jumps from event to event. Nothing is random: the same rules give the same
// weeks. Independent of what the schedule assumes, it remembers of every minute of creation time when it was really
// read.

#include "sync/flow/admission.hpp"
#include "sync/interval_set.hpp"
#include "sync/schedule/schedule.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <queue>
#include <string>
#include <vector>

namespace ordersync::sync::testing {

enum class answer { orders, refusal, silence };  // silence: the request ends with its timeout

struct account_life {
  std::string name;
  double orders_per_second = 0.02;
  answer answers = answer::orders;
  std::vector<core::window> hopeless{};  // never proven, however often they are read
  std::vector<core::window> job{};       // left of a backfill job that never ends
};

class weeks {
 public:
  using elapsed = std::chrono::milliseconds;

  // `known`: is proven already, read at the beginning.
  weeks(schedule::schedule_rules rules, flow::admission_rules gate, std::vector<account_life> accounts,
        std::vector<core::window> known);

  void run(elapsed how_long);
  // The process dies, and another one begins after a while with what the database knows.
  void restart_after(elapsed down);
  // By how much the server's clock goes wrong, from now on.
  void set_clock_error(std::chrono::seconds error) { clock_error_ = error; }

  core::second now() const;
  const schedule::schedule& plan(std::size_t account = 0) const { return *accounts_[account].plan; }
  account_life& life(std::size_t account = 0) { return accounts_[account].life; }
  std::vector<schedule::tier_state> tiers(std::size_t account = 0) const {
    return plan(account).tiers(now_by_clocks());
  }

  // How long ago what is stored of the ages in [from, to) was read, at the worst.
  std::chrono::seconds stalest(std::size_t account, std::chrono::seconds from, std::chrono::seconds to) const;
  // When the second was first read after it had settled.
  std::optional<core::second> first_read(std::size_t account, core::second created) const;

  std::int64_t grants(std::size_t account, flow::urgency how) const;
  std::int64_t grants(std::size_t account) const;
  int most_grants_in_a_second() const { return most_in_a_second_; }
  std::size_t most_reading_entries() const { return most_entries_; }
  std::chrono::seconds longest_revisit(std::size_t tier) const { return longest_revisit_.at(tier); }

 private:
  struct running {
    std::size_t account;
    schedule::task what;
    std::size_t range = 0;
    core::second from{};  // what of the range is left
    core::window window{};
    int requests_left = 0;
    core::second began{};
    std::optional<core::second> window_began;
    bool whole = true;
  };
  using work = std::list<running>::iterator;
  struct account_state {
    account_life life;
    std::unique_ptr<schedule::schedule> plan;
    interval_set proven;                   // the database's memory
    schedule::last_read_map read;          // the same
    std::vector<std::int64_t> last_read;   // by minute since the first one; a second of it stands for all
    std::vector<std::int64_t> first_read;  // the same; only what had settled
    std::array<std::int64_t, 3> grants{};
    elapsed wake = elapsed::max();
  };
  enum class kind { wake, alarm, reply, ask };
  struct event {
    elapsed at;
    std::uint64_t number;
    kind what;
    std::size_t account = 0;
    work of{};
    flow::admission::ticket ticket = 0;
    bool operator>(const event& other) const { return at != other.at ? at > other.at : number > other.number; }
  };

  schedule::moment now_by_clocks() const;
  std::chrono::steady_clock::time_point steady() const;
  void later(elapsed wait, kind what, std::size_t account, work of = {}, flow::admission::ticket ticket = 0);
  void handle(const event& e);
  void poll(std::size_t account);
  void next_window(work r);
  void ask(work r);
  void let_in();
  void grant(flow::admission::ticket t);
  void reply(work r, flow::admission::ticket t);
  void store(work r);
  void store_proven(running& r, const core::window& w);
  void begin_plans();

  schedule::schedule_rules rules_;
  flow::admission_rules gate_rules_;
  std::unique_ptr<flow::admission> gate_;
  std::vector<account_state> accounts_;
  core::second begin_;
  core::second first_minute_;
  elapsed elapsed_{0};
  std::chrono::seconds clock_error_{0};
  std::priority_queue<event, std::vector<event>, std::greater<>> events_;
  std::uint64_t event_number_ = 0;
  elapsed alarm_ = elapsed::max();
  std::list<running> running_;
  std::map<flow::admission::ticket, work> waiting_;
  std::deque<elapsed> last_second_;
  int most_in_a_second_ = 0;
  std::size_t most_entries_ = 0;
  std::map<std::size_t, std::chrono::seconds> longest_revisit_;
};

}  // namespace ordersync::sync::testing
