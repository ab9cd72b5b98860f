#pragma once
// The time that reads of the API are dated by. It never stands behind a date that is stored: what is read now would be
// taken for older than what is there, and dropped.

#include "core/log.hpp"
#include "core/time.hpp"
#include "store/pg/connection.hpp"

#include <chrono>

namespace ordersync::store::leadership {

// The database's clock, or the latest moment that is stored where that is later: of reads, states, and the leader's
// heartbeat. More than 5 s later is logged: somebody has set the server's clock back, or it ran ahead before.
core::instant read_observation_clock(pg::connection& db, core::log& log);

// How far the database's clock is behind what is stored; 0 when it is not. With the schema at hand.
std::chrono::milliseconds read_clock_lag(pg::connection& db);

}  // namespace ordersync::store::leadership
