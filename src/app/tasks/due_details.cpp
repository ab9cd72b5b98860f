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

// False: nothing more is to be read.
asio::awaitable<bool> read_some(const task_dependencies& around, const std::string& account,
                                details::detail_batch& batch, details_result& into) {
  auto whose = account;
  auto asking = around.database.details().due(std::move(whose), most_taken);
  auto due = co_await std::move(asking);
  if (due.has_error()) {
    into.obstacle = due.error().what;
    co_return false;
  }
  if (due->empty()) co_return false;
  auto reading = batch.read(std::move(*due));
  const auto found = co_await std::move(reading);
  into.stored += found.stored;
  into.put_off += found.put_off;
  if (found.refused) into.refusal = found.refused->what;
  if (found.obstacle) into.obstacle = found.obstacle->what;
  co_return !found.refused && !found.obstacle;
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
  bool more = true;
  while (more && !stop.requested()) more = co_await read_some(around, account, batch, result);
  if (result.refusal.empty() && result.stored == 0) co_return result;
  auto whose = account;
  auto text = result.refusal;
  auto noting = around.database.details().set_refused(std::move(whose), std::move(text));
  if (!stop.requested()) co_await std::move(noting);
  co_return result;
}

}  // namespace ordersync::app::tasks
