#pragma once
// All that works while this process leads. For the daemon's own sources.

#include "app/daemon/process.hpp"
#include "app/daemon/proof_watch.hpp"
#include "app/daemon/quarantine_watch.hpp"
#include "app/daemon/retention_keeper.hpp"
#include "app/daemon/trouble_keeper.hpp"

#include <memory>
#include <vector>

namespace ordersync::app::daemon {

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

}  // namespace ordersync::app::daemon
