#include "app/daemon/retention_keeper.hpp"

#include "app/tasks/maintenance_tasks.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

namespace ordersync::app::daemon {

namespace asio = boost::asio;

namespace {

using std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr std::chrono::hours between_runs{24};
// After a failure, which the store has outlasted as far as it could.
constexpr std::chrono::minutes rest_after_failure{10};

// Rows of reads that found nothing new stay for so long, a little longer than doctor looks back; of those that did, for
// people who ask what happened.
constexpr std::chrono::hours uneventful_for{25};
constexpr std::chrono::days eventful_for{30};
// Between two steps of pruning, in terms of what one took: others have the database for nearly all of the time.
constexpr int rests_for_each = 20;
constexpr std::chrono::milliseconds least_rest = 50ms;
// While others wait for the database it is looked again so often, and a step is done all the same after so many looks.
constexpr std::chrono::milliseconds between_looks = 100ms;
constexpr int most_looks = 300;

}  // namespace

retention_keeper::retention_keeper(const asio::any_io_executor& executor, store::maintenance::retention_rules rules,
                                   store::database& database, std::function<core::instant()> observed_now,
                                   core::log& log)
    : rules_(rules), database_(database), observed_now_(std::move(observed_now)), log_(log), rest_(executor) {}

void retention_keeper::stop() {
  stopping_ = true;
  rest_.cancel();
}

asio::awaitable<void> retention_keeper::run() {
  while (!stopping_) {
    const bool erased = rules_.off() || co_await erase();
    const bool pruned = co_await prune();
    co_await rest(erased && pruned ? steady_clock::duration{between_runs} : steady_clock::duration{rest_after_failure});
  }
}

asio::awaitable<void> retention_keeper::rest(steady_clock::duration length) {
  if (stopping_) co_return;
  rest_.expires_after(length);
  co_await rest_.async_wait(asio::as_tuple(asio::use_awaitable));
}

asio::awaitable<bool> retention_keeper::erase() {
  const tasks::retention_listener quiet = [](const store::maintenance::erasure&) {};
  const auto done = co_await tasks::retain(database_, rules_, false, quiet, stopping_);
  if (done.has_error() && !stopping_)
    log_.write(core::severity::error, "retention_failed",
               {{"failure", core::name(done.error().kind)}, {"reason", done.error().what}});
  if (done.has_value() && done->took.orders + done->took.quarantined > 0)
    log_.write(core::severity::info, "retention_erased",
               {{"orders", done->took.orders},
                {"receivers", done->took.receivers},
                {"warehouse_addresses", done->took.warehouse_addresses},
                {"payloads", done->took.payloads},
                {"contacts", done->took.contacts},
                {"texts", done->took.quarantined}});
  co_return done.has_value();
}

asio::awaitable<void> retention_keeper::wait_until_idle() {
  for (int looks = 0; looks < most_looks && database_.waiting() > 0 && !stopping_; ++looks)
    co_await rest(between_looks);
}

asio::awaitable<bool> retention_keeper::prune() {
  const auto now = observed_now_();
  const store::maintenance::prune_rules rules{.uneventful_before = now - uneventful_for,
                                              .eventful_before = now - eventful_for};
  std::int64_t pruned = 0;
  for (std::optional<store::maintenance::prune_position> next{std::in_place}; next && !stopping_;) {
    co_await wait_until_idle();
    if (stopping_) break;
    const auto began = steady_clock::now();
    auto stepping = database_.maintenance().prune_reads(rules, std::move(*next));
    auto step = co_await std::move(stepping);
    if (step.has_error()) {
      if (!stopping_)
        log_.write(core::severity::warning, "pruning_failed",
                   {{"failure", core::name(step.error().kind)}, {"reason", step.error().what}});
      co_return false;
    }
    pruned += step->pruned;
    next = std::move(step->next);
    const auto took = steady_clock::now() - began;
    if (next) co_await rest(std::max<steady_clock::duration>(least_rest, rests_for_each * took));
  }
  if (pruned > 0) log_.write(core::severity::info, "reads_pruned", {{"reads", pruned}});
  co_return true;
}

}  // namespace ordersync::app::daemon
