#include "app/daemon/running_sweep.hpp"

#include "app/setup/clock_and_random.hpp"
#include "app/tasks/missing_orders.hpp"

#include <chrono>
#include <utility>

namespace ordersync::app::daemon {

namespace asio = boost::asio;

namespace {

sync::sweep::sweep_runner_rules rules_for(const sync::schedule::task& due, sync::sweep::sweep_runner_rules rules) {
  rules.how = due.how;
  if (due.kind == sync::sweep_kind::live || due.kind == sync::sweep_kind::revisit) rules.read = due.id;
  return rules;
}

}  // namespace

reporting_store::reporting_store(store::database& database, std::optional<std::int64_t> job, commit_listener listener)
    : database_(database), job_(job), listener_(std::move(listener)) {}

asio::awaitable<core::result<sync::commit_summary>> reporting_store::commit(sync::window_batch batch) {
  batch.job = job_;
  handed_window what{.window = batch.window,
                     .proven = batch.proven,
                     .outcome = batch.outcome,
                     .read_at = std::chrono::floor<std::chrono::seconds>(batch.started_at),
                     .shown = tasks::witness_of(batch)};
  auto summary = co_await database_.commit(std::move(batch));
  auto reported = listener_(job_, std::move(what), summary);
  co_await std::move(reported);
  co_return summary;
}

running_sweep::running_sweep(dependencies around, const std::string& account, sync::schedule::task task,
                             sync::sweep::sweep_rules rules, sync::sweep::sweep_runner_rules how)
    : due(std::move(task)),
      store_(around.database, due.job, std::move(around.listener)),
      metered_(store_, around.observers),
      plan(account, due.kind, due.ranges, std::move(rules), around.log,
           {.number = setup::next_sweep_number(), .job = due.job}, &around.known),
      performer(around.executor,
                {around.source, metered_, around.turns, around.log, around.observed_now, setup::random_source()},
                rules_for(due, how)) {}

std::optional<double> live_cost(std::optional<double> before, const running_sweep& ended) {
  constexpr double weight = 0.1;  // of the last one
  if (ended.due.kind != sync::sweep_kind::live) return before;
  const auto taken = static_cast<double>(ended.performer.calls());
  return before ? *before + weight * (taken - *before) : taken;
}

}  // namespace ordersync::app::daemon
