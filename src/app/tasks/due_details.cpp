#include "app/tasks/due_details.hpp"

#include "app/details/detail_batch.hpp"
#include "app/details/detail_requests.hpp"

#include <algorithm>
#include <utility>

namespace ordersync::app::tasks {

namespace asio = boost::asio;

namespace {

// In memory at once.
constexpr std::size_t most_taken = 200;

// Times, one after the other, that several orders in a row may fail as all would: each time others are asked for.
constexpr int most_in_vain = 3;

struct detail_run {
  const task_dependencies& around;
  const std::string& account;
  details::detail_batch& batch;
  details_result& into;
  int in_vain = 0;
  bool refunds_read = false;
};

// What was read before, by whomever. Some that wait for their refunds are tried.
asio::awaitable<void> learn(store::details::details& stored, std::string account, details::detail_batch& batch) {
  auto whose = account;
  auto asking = stored.permitted(std::move(whose));
  const auto known = co_await std::move(asking);
  if (known.has_value()) batch.expect(*known);
  auto trying = stored.try_refunds(std::move(account), details::failure_row::several);
  co_await std::move(trying);
}

// True: orders are still due, and may be read.
bool add(detail_run& run, const details::detail_batch_result& found) {
  run.into.stored += found.stored;
  run.into.put_off += found.put_off;
  run.refunds_read = run.refunds_read || found.refunds_read;
  if (found.refunds_refused)
    run.into.refusal = std::string{store::details::refunds_refused} + found.refunds_refused->what;
  if (found.refused) run.into.refusal = found.refused->what;
  if (found.refused) return false;
  if (found.stored > 0) run.in_vain = 0;
  if (!found.obstacle) return true;
  if (details::may_be_all(found.obstacle->kind) && ++run.in_vain < most_in_vain) return true;
  run.into.obstacle = found.obstacle->what;
  return false;
}

// False: nothing more is to be read.
asio::awaitable<bool> read_some(detail_run& run) {
  auto whose = run.account;
  auto asking =
      run.around.database.details().due(std::move(whose), run.in_vain > 0 ? details::failure_row::several : most_taken);
  auto due = co_await std::move(asking);
  if (due.has_error()) {
    run.into.obstacle = due.error().what;
    co_return false;
  }
  if (due->empty()) co_return false;
  auto reading = run.batch.read(std::move(*due));
  const auto found = co_await std::move(reading);
  co_return add(run, found);
}

// What was seen of the API's permission.
asio::awaitable<void> note_permission(const detail_run& run) {
  auto whose = run.account;
  auto& details = run.around.database.details();
  if (!run.into.refusal.empty()) {
    auto reason = run.into.refusal;
    auto noting = details.set_refused(std::move(whose), std::move(reason));
    co_await std::move(noting);
  } else if (run.into.stored > 0) {
    auto noting = details.set_permitted(std::move(whose), run.refunds_read);
    co_await std::move(noting);
  }
}

}  // namespace

asio::awaitable<details_result> read_due_details(const task_dependencies& around, std::size_t index,
                                                 sync::flow::request_gate& turns,
                                                 std::function<core::instant()> observed_now,
                                                 runtime::stop_signal& stop) {
  const auto& settings = around.from.settings;
  const auto& account = settings.accounts[index].name;
  details_result result;
  const auto source = around.make_details(around.executor, around.from, index, std::move(observed_now), around.log);
  if (source.has_error()) {
    result.obstacle = source.error().what;
    co_return result;
  }
  details::detail_requests requests({turns, **source, []() -> asio::awaitable<void> { co_return; }},
                                    {account, settings.api.request_timeout, sync::flow::urgency::backfill});
  telemetry::observer nobody;
  details::detail_batch batch({around.executor, around.database.details(), requests, around.log, nobody},
                              {account, static_cast<std::size_t>(settings.sync.concurrency)});
  const runtime::stop_signal::registration closed_at_stop{stop, [&api = **source] { api.close(); }};
  const auto requests_at_stop = stop.stops(requests);
  const auto batch_at_stop = stop.stops(batch);
  detail_run run{.around = around, .account = account, .batch = batch, .into = result};
  auto learning = learn(around.database.details(), account, batch);
  co_await std::move(learning);
  bool more = true;
  while (more && !stop.requested()) more = co_await read_some(run);
  auto noting = note_permission(run);
  if (!stop.requested()) co_await std::move(noting);
  co_return result;
}

}  // namespace ordersync::app::tasks
