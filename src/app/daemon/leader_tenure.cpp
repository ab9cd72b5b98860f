#include "app/daemon/leader_tenure.hpp"

#include "app/setup/demand.hpp"
#include "app/setup/wiring.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace ordersync::app::daemon {

namespace asio = boost::asio;
using std::chrono::steady_clock;

namespace {

// Of all accounts, those of which nothing is known yet left out.
setup::measured_load measured_load(const daemon_state& state) {
  setup::measured_load measured;
  double requests = 0;
  int accounts = 0;
  for (const auto& each : state.accounts) {
    if (!each.live_requests) continue;
    requests += *each.live_requests;
    ++accounts;
  }
  if (accounts > 0) measured.live_requests = requests / accounts;
  if (state.requests) measured.rate_found = state.requests->found_per_second;
  return measured;
}

}  // namespace

leader_tenure::leader_tenure(const dependencies& around)
    : from_(around.from),
      database_(around.database),
      turns_(around.executor, setup::admission_rules_of(around.from.settings.sync)),
      retention_(around.executor, setup::retention_rules_of(around.from.settings.retention), around.database,
                 around.observed_now, around.log),
      quarantine_(around.executor, around.database),
      proofs_(around.executor, around.from, around.self, around.log),
      problem_keeper_(around.executor, around.problems, around.database),
      tasks_(around.executor, [this] { ended_.cancel(); }),
      ended_(around.executor, steady_clock::time_point::max()),
      desk_({around.executor, around.from, around.database, turns_, around.log, tasks_}),
      since_(steady_clock::now()) {
  const worker_dependencies of_workers{around.executor, around.from,         around.database, turns_,
                                       around.log,      around.observed_now, around.observers};
  for (std::size_t i = 0; i < around.from.settings.accounts.size(); ++i) {
    workers_.push_back(std::make_unique<account_worker>(of_workers, i));
    desk_.add({workers_.back()->name(), [worker = workers_.back().get()] { return worker->source(); },
               [worker = workers_.back().get()] { return worker->limits(); }});
    tasks_.spawn(workers_.back()->run());
  }
  tasks_.spawn(retention_.run());
  tasks_.spawn(quarantine_.run());
  tasks_.spawn(proofs_.run());
  tasks_.spawn(problem_keeper_.run());
}

void leader_tenure::stop() {
  for (const auto& worker : workers_) worker->stop();
  desk_.stop();
  retention_.stop();
  quarantine_.stop();
  proofs_.stop();
  problem_keeper_.stop();
}

asio::awaitable<void> leader_tenure::join() {
  while (!tasks_.empty()) co_await ended_.async_wait(asio::as_tuple(asio::use_awaitable));
  tasks_.rethrow();
}

void leader_tenure::set_jobs(const std::vector<store::jobs::backfill_job>& jobs) {
  for (const auto& worker : workers_) worker->set_jobs(jobs);
}

void leader_tenure::look_for_messages() noexcept {
  for (const auto& worker : workers_) worker->look_for_messages();
}

bool leader_tenure::knows(const std::string& account) const {
  return std::ranges::any_of(workers_, [&](const auto& worker) { return worker->name() == account; });
}

std::string leader_tenure::progress() const {
  std::string text;
  for (const auto& worker : workers_) {
    const auto through = worker->complete_through();
    text += fmt::format("; {}: {}", worker->name(),
                        through ? "complete through " + core::to_text(*through) : std::string{"not complete yet"});
    if (worker->jobs() > 0) text += fmt::format(", {} backfills", worker->jobs());
  }
  return text;
}

void leader_tenure::add_to(daemon_state& state) const {
  state.leads = true;
  state.led_for = steady_clock::now() - since_;
  state.requests = turns_.load();
  state.store_waiting = database_.waiting();
  for (const auto& worker : workers_) {
    auto& account = state.accounts.emplace_back(worker->state());
    account.open_quarantine = quarantine_.open_of(account.name);
    account.proof = proofs_.of(account.name);
  }
  const auto measured = measured_load(state);
  state.demand = setup::demand_of(from_.settings, measured);
  state.overload = setup::overload_of(from_.settings, measured);
}

}  // namespace ordersync::app::daemon
