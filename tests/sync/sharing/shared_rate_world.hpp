#pragma once
// Workers that share accounts and rate over one database, all simulated: what each statement reads and writes, how late
// it and its answer are, and what befalls the workers and the database. One seed, one run.

#include "sync/flow/rate_budget.hpp"
#include "sync/sharing/account_sharing.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <queue>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace ordersync::sync::testing {

using std::chrono::milliseconds;

class sharing_world {
 public:
  static constexpr double rate = 10;
  static constexpr int burst = 8;

  sharing_world(std::uint64_t seed, int accounts);

  void add_worker();
  void run(milliseconds length);

  // Somebody at random; nothing happens where there is nobody.
  void kill_one();
  void pause_one(milliseconds length);
  void slow_one(milliseconds length);
  void reload_one();  // it has one account fewer, or all again
  void stop_one();
  void restart_database(milliseconds down);
  void heal();  // all that is left of it, but for the dead

  std::uint64_t random(std::uint64_t below) { return random_() % below; }
  std::size_t workers() const;  // that live
  // Of the workers that live, by how much the numbers of accounts that they hold differ at most.
  std::size_t unevenness() const;
  std::string unowned() const;  // accounts that nobody works, by name
  double usable() const;        // requests a second, of all workers
  // The longest time for which an account had no live owner while one and the same worker that has it in its
  // configuration was well: it reached the database, was neither paused nor slow nor stopping, and no statement of it
  // from before was on its way. An owner lives while it works the account, or its take is on its way back, and it is
  // not paused; whoever takes one and falters meanwhile counts as an owner that ended at that moment.
  milliseconds longest_rest() const { return longest_rest_; }
  // By how many requests any stretch of time went beyond the rate, at most.
  double most_beyond_rate() const { return most_beyond_; }
  std::size_t writes_of_former_owners() const { return refused_; }  // that were refused

 private:
  struct life {
    std::string id;
    bool alive = true;
    bool stopping = false;
    milliseconds paused_until{0}, slow_until{0}, idle_until{0};
    milliseconds paused_at{0}, well_since{0};
    int late = 0;  // statements on their way from when it was slow
    std::set<std::string> accounts;
    std::map<std::string, milliseconds> may_since;  // from when on its configuration has them
    std::set<std::string> taking;                   // the answer is on its way
    std::unique_ptr<sharing::account_sharing> share;
    std::map<std::string, std::int64_t> working;  // epochs
    flow::rate_budget budget{rate, burst};
    std::size_t generation = 0;  // of its configuration
  };
  struct event {
    milliseconds at;
    std::uint64_t number;
    std::shared_ptr<life> whose;  // deferred while paused, dropped when it has died
    std::function<void()> what;
    bool operator<(const event& other) const { return std::pair(at, number) > std::pair(other.at, other.number); }
  };
  using worker = std::shared_ptr<life>;

  sharing::time_point steady(milliseconds at) const { return sharing::time_point{std::chrono::hours{1}} + at; }
  bool is_well(const life& w) const;
  void let_send();
  void let_write();
  void measure_rests();
  void configure(const worker& w);
  void reload(const worker& w, std::set<std::string> accounts);
  worker pick();
  void later(milliseconds delay, worker whose, std::function<void()> what);
  milliseconds delay(const worker& w);
  // One statement: it reaches the server, and its answer comes back; `failed` when the database is away.
  void ask(const worker& w, std::function<void()> at_server, std::function<void()> answered,
           std::function<void()> failed);
  void look(const worker& w);
  void looked(const worker& w, const sharing::view& seen);
  void take(const worker& w, const std::vector<sharing::lease>& list);
  void write_slices(const worker& w, std::deque<sharing::slice_wish> wishes);
  void hand_over(const worker& w, const std::string& account);
  void release(const worker& w, const std::string& account, std::int64_t epoch);
  void use_rate(const worker& w);
  sharing::view read() const;

  std::mt19937_64 random_;
  std::vector<std::string> names_;
  std::vector<worker> workers_;
  std::priority_queue<event> events_;
  std::uint64_t last_event_ = 0;
  int last_worker_ = 0;
  milliseconds now_{0};

  // The database.
  milliseconds down_until_{0};
  std::map<std::string, std::uint64_t> sessions_;  // the last query of each worker with a session
  std::map<std::string, std::set<std::string>> rows_;
  std::map<std::string, sharing::lease> leases_;
  std::map<std::string, sharing::slice> slices_;
  std::uint64_t last_query_ = 0;
  std::int64_t last_number_ = 0;

  // What was seen.
  double beyond_ = 0, most_beyond_ = 0;             // of a bucket without a bottom that the rate drains
  std::map<std::string, milliseconds> last_owned_;  // by an owner that lived
  milliseconds longest_rest_{0};
  std::size_t refused_ = 0;
};

}  // namespace ordersync::sync::testing
