#include "app/commands/status.hpp"

#include "app/commands/coverage.hpp"
#include "app/setup/clock_and_random.hpp"
#include "app/status/mirror_look.hpp"
#include "app/status/standing.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <optional>
#include <utility>

namespace ordersync::app::commands {

namespace asio = boost::asio;

core::result<status::status_view> read_status(session& in) {
  auto stored = in.run_on_schema(in.database().status());
  if (stored.has_error()) return stored.error();
  auto view = status::look_at(in.configuration().settings, std::move(*stored), setup::wall_clock()());
  const auto added = in.run(status::add_details(in.database(), view));
  if (added.has_error()) return added.error();
  status::assess_standings({.now = view.at}, view);
  return view;
}

bool pause(session& in, std::chrono::milliseconds time) {
  if (in.interrupted()) return false;
  asio::steady_timer timer(in.executor(), time);
  const auto wait = [](asio::steady_timer& on) -> asio::awaitable<core::result<void>> {
    co_await on.async_wait(asio::as_tuple(asio::use_awaitable));
    co_return core::result<void>{};
  };
  const auto waited = in.run(wait(timer), [&] { timer.cancel(); });
  return waited.has_value() && !in.interrupted();
}

status::verdict assess(session& in, const status::status_view& view) {
  const auto& settings = in.configuration().settings;
  status::situation seen{.now = view.at, .view = &view};
  seen.requests = status::request_limits_of(settings, settings.sync.rate);
  const auto incomplete = [](const status::account_view& account) { return !account.complete.complete(); };
  if (std::ranges::any_of(view.accounts, incomplete))
    if (auto coverage = read_coverage(in, std::nullopt, std::nullopt, std::nullopt); coverage.has_value())
      seen.coverage = std::move(coverage->accounts);
  return status::assess(seen);
}

}  // namespace ordersync::app::commands
