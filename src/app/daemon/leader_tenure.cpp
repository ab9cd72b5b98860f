#include "app/daemon/leader_tenure.hpp"

#include "app/setup/wiring.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace ordersync::app::daemon {

namespace asio = boost::asio;
using std::chrono::steady_clock;
using namespace std::chrono_literals;

daemon::team::team(daemon& of)
    : turns(of.executor_, admission_rules_of(of.configuration_.settings.sync)),
      keeper(of.executor_, retention_rules_of(of.configuration_.settings.retention), *of.database_, of.log_),
      quarantine(of.executor_, *of.database_),
      proofs(of.executor_, of.configuration_, of.self_, of.log_),
      troubles_kept(of.executor_, of.troubled_, *of.database_),
      tasks(of.executor_, [this] { ended.cancel(); }),
      ended(of.executor_, steady_clock::time_point::max()),
      since(steady_clock::now()) {
  const worker_surroundings around{of.executor_, of.configuration_, *of.database_, turns,
                                   of.log_,      of.observed_now_,  of.told_};
  for (std::size_t i = 0; i < of.configuration_.settings.accounts.size(); ++i) {
    workers.push_back(std::make_unique<account_worker>(around, i));
    tasks.spawn(workers.back()->run());
  }
  tasks.spawn(keeper.run());
  tasks.spawn(quarantine.run());
  tasks.spawn(proofs.run());
  tasks.spawn(troubles_kept.run());
}

void daemon::team::stop() {
  for (const auto& worker : workers) worker->stop();
  keeper.stop();
  quarantine.stop();
  proofs.stop();
  troubles_kept.stop();
}

asio::awaitable<void> daemon::team::join() {
  while (!tasks.empty()) co_await ended.async_wait(asio::as_tuple(asio::use_awaitable));
  tasks.rethrow();
}

daemon_state daemon::state() const {
  const auto now = steady_clock::now();
  daemon_state state{.instance = self_.id, .since_look = now - looked_at_, .database = looked_};
  state.preparing = migrator_ != nullptr;
  state.leader = leader_seen_;
  state.patience = patience_of(configuration_.settings);
  if (!team_) return state;
  state.leads = true;
  state.epoch = epoch_;
  state.led_for = now - team_->since;
  state.requests = team_->turns.load();
  state.store_waiting = database_->waiting();
  state.jobs = jobs_;
  for (const auto& worker : team_->workers) {
    auto& account = state.accounts.emplace_back(worker->state());
    account.open_quarantine = team_->quarantine.open_of(account.name);
    account.proof = team_->proofs.of(account.name);
  }
  return state;
}

}  // namespace ordersync::app::daemon
