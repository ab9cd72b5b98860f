#pragma once
// The processes of a mirror's life: PostgreSQL with a replica, and any number of daemons that know of both.

#include "e2e/stage.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace ordersync::e2e {

// Epoch milliseconds by this machine's clock, which is the simulator's and PostgreSQL's too.
std::int64_t now_ms();
// A point in time for SQL.
std::string sql_time(std::int64_t epoch_ms);

class life_processes {
 public:
  // The stage's database in the shared cluster, and a replica of that cluster. The stage is led to whichever of the two
  // takes writes.
  explicit life_processes(stage& on);

  void start_daemon();
  // Kills the daemon that leads, as `kill -9` would.
  void kill_leader();
  // SIGTERM to all; gives what was not right about how they ended, empty if nothing.
  std::string stop_daemons();
  std::string logs() const;  // of all daemons, dead ones too

  // One value of the database that takes writes; throws when there is none at the moment.
  std::string ask(const std::string& sql) const;
  std::string ask_replica(const std::string& sql) const;
  bool holds(const std::string& condition) const { return ask("select coalesce((" + condition + "), false)") == "t"; }
  // Looks again and again, until it is so; gives how many milliseconds that took. A look that throws is a no. Throws
  // when it is not so after `limit`.
  std::int64_t await(const std::string& what, const std::function<bool()>& is_so,
                     std::chrono::seconds limit = std::chrono::seconds{120}) const;
  std::int64_t await(const std::string& condition) const;

  test_support::postgres_cluster& replica() { return *replica_; }

 private:
  stage& on_;
  std::unique_ptr<test_support::postgres_cluster> replica_;
  std::string url_;
  std::vector<child_process> daemons_;
};

}  // namespace ordersync::e2e
