#include "app/tasks/maintenance_tasks.hpp"

#include "app/tasks/redecoding.hpp"
#include "app/tasks/sweeping.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace ordersync::app::tasks {

namespace asio = boost::asio;

namespace {

// Orders decoded at once while retrying; bounds memory and the transaction.
constexpr std::size_t retry_batch = 1'000;
// More open rows than this are retried by a second run.
constexpr int most_retried = 100'000;

std::vector<std::int64_t> ids_of(const std::vector<store::maintenance::stored_payload>& payloads) {
  std::vector<std::int64_t> ids;
  ids.reserve(payloads.size());
  for (const auto& payload : payloads) ids.push_back(payload.order_id);
  return ids;
}

}  // namespace

asio::awaitable<core::result<replay_result>> replay(store::database& database, std::optional<core::second> from,
                                                    std::optional<core::second> to, std::string program,
                                                    const replay_listener& listener, const bool& stopping) {
  if (auto current = co_await database.require_current(); current.has_error()) co_return current.error();
  auto state = co_await database.maintenance().begin_replay(from, to, std::move(program));
  if (state.has_error()) co_return state.error();
  const bool resumed = state->resumed;
  replay_result result;
  while (!state->finished && !stopping) {
    const auto payloads = co_await database.maintenance().replay_batch(*state);
    if (payloads.has_error()) co_return payloads.error();
    // Before the position moves on: whoever dies here begins the batch again, which changes nothing.
    auto details = co_await decode_details_again(database, ids_of(*payloads));
    if (details.has_error()) co_return details.error();
    result.details_changed += details->changed;
    auto fresh = tasks::decode_again(*payloads);
    store::maintenance::replay_piece piece{.orders = std::move(fresh.orders),
                                           .unusable = fresh.unusable,
                                           .detail_drift = std::move(details->unknown_paths),
                                           .position = payloads->empty() ? state->position : payloads->back().order_id,
                                           .through = payloads->empty()};
    auto now = co_await database.maintenance().advance_replay(*state, std::move(piece));
    if (now.has_error()) co_return now.error();
    state = std::move(now);
    state->resumed = resumed;
    listener(*state);
  }
  result.interrupted = !state->finished;
  result.state = *state;
  co_return result;
}

asio::awaitable<core::result<retention_result>> retain(store::database& database,
                                                       store::maintenance::retention_rules rules, bool dry_run,
                                                       const retention_listener& listener, const bool& stopping) {
  if (auto current = co_await database.require_current(); current.has_error()) co_return current.error();
  retention_result result;
  if (dry_run) {
    const auto would = co_await database.maintenance().estimate_retention(rules);
    if (would.has_error()) co_return would.error();
    result.took = *would;
    co_return result;
  }
  std::optional<std::int64_t> next = 0;
  while (next && !stopping) {
    const auto step = co_await database.maintenance().retain(rules, *next);
    if (step.has_error()) co_return step.error();
    result.took += step->took;
    next = step->next;
    listener(result.took);
  }
  result.interrupted = next.has_value();
  co_return result;
}

retrying::retrying(task_dependencies around) : around_(std::move(around)) {}

asio::awaitable<core::result<std::vector<store::maintenance::quarantined>>> retrying::wanted(
    std::optional<std::int64_t> id) {
  if (!id)
    co_return co_await around_.database.maintenance().quarantine({store::maintenance::quarantine_part::unresolved},
                                                                 most_retried);
  auto one = co_await around_.database.maintenance().quarantined_value(*id);
  if (one.has_error()) co_return one.error();
  if (one->resolved_at) co_return core::make_error(core::failure::input, "this value is already resolved");
  std::vector<store::maintenance::quarantined> list;
  list.push_back(std::move(*one));
  co_return list;
}

// Which orders have a payload, and which a detail's.
asio::awaitable<core::result<retrying::decodable>> retrying::decode_again(
    const std::vector<store::maintenance::quarantined>& values, retry_result& result) {
  std::set<std::int64_t> distinct;
  for (const auto& value : values)
    if (value.order_id) distinct.insert(*value.order_id);
  const std::vector<std::int64_t> ids{distinct.begin(), distinct.end()};
  decodable with_payload;
  for (std::size_t at = 0; at < ids.size() && !stop_.requested(); at += retry_batch) {
    const auto begin = ids.begin() + static_cast<std::ptrdiff_t>(at);
    const std::vector<std::int64_t> some{begin,
                                         begin + static_cast<std::ptrdiff_t>(std::min(retry_batch, ids.size() - at))};
    const auto payloads = co_await around_.database.maintenance().payloads(some);
    if (payloads.has_error()) co_return payloads.error();
    for (const auto& payload : *payloads) with_payload.orders.push_back(payload.order_id);
    auto fresh = tasks::decode_again(*payloads);
    const auto counts = co_await around_.database.maintenance().rewrite(std::move(fresh.orders));
    if (counts.has_error()) co_return counts.error();
    result.orders.changed += counts->changed;
    result.orders.unchanged += counts->unchanged;
    result.orders.overtaken += counts->overtaken;
    const auto details = co_await decode_details_again(around_.database, some);
    if (details.has_error()) co_return details.error();
    with_payload.details.insert(with_payload.details.end(), details->orders.begin(), details->orders.end());
    result.details_changed += details->changed;
  }
  std::ranges::sort(with_payload.orders);
  co_return with_payload;
}

asio::awaitable<core::result<void>> retrying::read_again(const store::maintenance::quarantined& order,
                                                         retry_result& result) {
  for (const auto& range : order.ranges) {
    if (stop_.requested()) break;
    sweeping task(around_);
    const auto stopped_at_stop = stop_.stops(task);
    sweep_request how{
        .kind = sync::sweep_kind::verify, .range = range, .only_unproven = false, .account = order.account};
    const progress_listener quiet = [](std::string_view, const sync::sweep::sweep_progress&) {};
    const auto swept = co_await task.perform(how, quiet);
    if (swept.has_error()) co_return swept.error();
    for (const auto& account : swept->accounts) {
      result.calls += account.progress.calls;
      if (account.stopped_by) result.failed.push_back(*account.stopped_by);
    }
  }
  co_return core::result<void>{};
}

asio::awaitable<core::result<retry_result>> retrying::perform(std::optional<std::int64_t> id) {
  if (auto current = co_await around_.database.require_current(); current.has_error()) co_return current.error();
  auto values = co_await wanted(id);
  if (values.has_error()) co_return values.error();
  retry_result result;
  const auto with_payload = co_await decode_again(*values, result);
  if (with_payload.has_error()) co_return with_payload.error();
  for (const auto& value : *values) {
    if (value.order_id || stop_.requested()) continue;
    // Reading one whole order's window may have resolved this one, too.
    const auto now = co_await around_.database.maintenance().quarantined_value(value.id);
    if (now.has_error()) co_return now.error();
    if (now->resolved_at) continue;
    auto read = co_await read_again(*now, result);
    if (read.has_error()) co_return read.error();
  }
  for (auto& value : *values) {
    if (stop_.requested()) break;
    auto now = co_await around_.database.maintenance().quarantined_value(value.id);
    if (now.has_error()) co_return now.error();
    const auto& kept = value.path.starts_with("detail.") ? with_payload->details : with_payload->orders;
    const bool gone = value.order_id && !std::ranges::binary_search(kept, *value.order_id);
    const auto came_to = now->resolved_at ? retried::outcome::resolved
                         : gone           ? retried::outcome::payload_erased
                                          : retried::outcome::still_bad;
    result.values.push_back({std::move(*now), came_to});
  }
  result.interrupted = stop_.requested();
  co_return result;
}

}  // namespace ordersync::app::tasks
