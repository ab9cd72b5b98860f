#include "store/leadership/observation_clock.hpp"

#include "store/leadership/leadership.hpp"
#include "store/values/sql_values.hpp"

#include <algorithm>

namespace ordersync::store::leadership {
namespace {

// A daemon's own clock and the server's drift apart by less while it runs.
constexpr std::chrono::seconds worth_logging{5};

// By the ends of three indexes.
core::instant read_latest(pg::connection& db) {
  return values::read_instant(
      db.exec(
          "read the latest moment",
          "SELECT " + values::epoch_ms("greatest('epoch', (SELECT max(heartbeat_at) FROM ordersync.leader), "
                                       "(SELECT max(_changed_at) FROM ordersync.orders), "
                                       "(SELECT max(valid_from) FROM ordersync.order_history), "
                                       "(SELECT max(latest.at) FROM ordersync.coverage c CROSS JOIN LATERAL (SELECT "
                                       "max(s.finished_at) AS at FROM ordersync.sweeps s WHERE s.account = c.account) "
                                       "latest))")),
      0, 0);
}

}  // namespace

std::chrono::milliseconds read_clock_lag(pg::connection& db) {
  return std::max(read_latest(db) - read_clock(db), std::chrono::milliseconds{0});
}

core::instant read_observation_clock(pg::connection& db, core::log& log) {
  const auto latest = read_latest(db);
  const auto now = read_clock(db);
  if (latest - now > worth_logging) {
    log.write(core::severity::warning, "database_clock_behind",
              {{"behind", latest - now},
               {"reason",
                "the database server's clock is behind the latest stored time; reads are dated from that time on"}});
  }
  return std::max(latest, now);
}

}  // namespace ordersync::store::leadership
