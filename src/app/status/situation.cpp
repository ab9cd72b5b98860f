#include "app/status/situation.hpp"

#include <algorithm>

namespace ordersync::app::status {

using std::chrono::floor;
using std::chrono::seconds;

namespace {

// A leader that is well says so several times in so long.
constexpr seconds longest_heartbeat_gap{10};

}  // namespace

request_limits request_limits_of(const config::settings& settings, double per_second) {
  return {.timeout = settings.api.request_timeout,
          .in_flight = std::max(1, settings.sync.concurrency),
          .per_second = per_second,
          .page_size = std::max(1, settings.sync.page_size)};
}

// What a standby has not replayed yet may hold a younger heartbeat.
seconds silence_of_leader(const store::reports::status_report& totals) {
  using std::chrono::milliseconds;
  const auto seen = totals.heartbeat_age.value_or(milliseconds{0}) - totals.server.replay_lag.value_or(milliseconds{0});
  return floor<seconds>(std::max(seen, milliseconds{0}));
}

const store::leadership::account_owner* owner_of(const store::reports::status_report& totals,
                                                 const std::string& account) {
  const auto at = std::ranges::find(totals.owners, account, &store::leadership::account_owner::account);
  return at == totals.owners.end() ? nullptr : &*at;
}

bool is_led(const store::reports::status_report& totals) {
  return totals.leader && silence_of_leader(totals) <= longest_heartbeat_gap + totals.heartbeat_every;
}

}  // namespace ordersync::app::status
