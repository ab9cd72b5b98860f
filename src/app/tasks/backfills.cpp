#include "app/tasks/backfills.hpp"

#include "app/setup/clock_and_random.hpp"
#include "app/setup/wiring.hpp"
#include "sync/sweep/splitting.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

namespace ordersync::app::tasks {

namespace asio = boost::asio;
using std::chrono::steady_clock;

std::int64_t calls_for(std::int64_t orders, const config::sync_settings& sync) {
  const double pages = std::ceil(static_cast<double>(orders) / sync.page_size);
  const double windows = std::ceil(static_cast<double>(orders) / (sync::sweep::fill * sync.max_window_orders));
  const double beside = windows > 1 ? 2.5 * windows + 1 : pages > 1 ? 1 : 0;
  return std::max<std::int64_t>(1, static_cast<std::int64_t>(pages + beside));
}

std::vector<core::window> until(const std::vector<core::window>& windows, core::second end) {
  std::vector<core::window> parts;
  for (const auto& w : windows)
    if (w.begin < end) parts.push_back({w.begin, std::min(w.end, end)});
  return parts;
}

asio::awaitable<core::result<backfill_estimate>> estimate_backfill(asio::any_io_executor executor,
                                                                   const setup::configuration& from, std::size_t index,
                                                                   core::window range, core::log& log) {
  const auto& settings = from.settings;
  auto source = setup::make_source(std::move(executor), from, index, setup::wall_clock(), log);
  if (source.has_error()) co_return source.error();
  const sync::page_request first{.window = range, .page = 1, .page_size = settings.sync.page_size};
  const auto page = co_await (*source)->fetch(first, steady_clock::now() + settings.api.request_timeout);
  if (page.has_error()) co_return page.error();
  backfill_estimate result{.account = settings.accounts[index].name, .orders = page->total};
  result.calls = calls_for(page->total, settings.sync);
  result.time = std::chrono::seconds{
      static_cast<std::int64_t>(std::ceil(static_cast<double>(result.calls) / settings.sync.rate))};
  co_return result;
}

asio::awaitable<core::result<awaited_jobs>> job_watch::wait(std::vector<store::jobs::backfill_job> jobs,
                                                            const job_listener& listener) {
  constexpr std::chrono::milliseconds between_looks{500};
  for (;;) {
    bool open = false;
    for (auto& job : jobs) {
      if (!store::jobs::is_open(job.state)) continue;
      auto now = co_await database_.job(job.id);
      if (stopping_) co_return awaited_jobs{jobs, true};
      if (now.has_error()) co_return now.error();
      job = std::move(*now);
      listener(job);
      open = open || store::jobs::is_open(job.state);
    }
    if (!open) co_return awaited_jobs{jobs, false};
    timer_.expires_after(between_looks);
    co_await timer_.async_wait(asio::as_tuple(asio::use_awaitable));
    if (stopping_) co_return awaited_jobs{jobs, true};
  }
}

void job_watch::stop() {
  stopping_ = true;
  timer_.cancel();
  database_.close();
}

}  // namespace ordersync::app::tasks
