#pragma once
// All that works while this process leads. For the daemon's own sources.

#include "app/daemon.hpp"
#include "app/proof_watch.hpp"
#include "app/quarantine_watch.hpp"
#include "app/retention_keeper.hpp"
#include "app/trouble_keeper.hpp"

#include <memory>
#include <vector>

namespace ordersync::app {

struct daemon::team {
  explicit team(daemon& of);

  void stop();
  boost::asio::awaitable<void> join();

  sync::turnstile turns;
  std::vector<std::unique_ptr<account_worker>> workers;
  retention_keeper keeper;
  quarantine_watch quarantine;
  proof_watch proofs;
  trouble_keeper troubles_kept;
  task_group tasks;
  boost::asio::steady_timer ended;
  std::chrono::steady_clock::time_point since;
};

}  // namespace ordersync::app
