// Brings a database up to this version: the steps that are missing, what new tables of a Citus cluster need, and the
// readers' rights. Logs each step, and the roles that an administrator has to create. Again goes on where it ended.
#pragma once

#include "core/error.hpp"
#include "core/log.hpp"
#include "store/migrations/distributed.hpp"
#include "store/migrations/migrator.hpp"
#include "store/pg/transaction_runner.hpp"

#include <boost/asio/awaitable.hpp>

#include <vector>

namespace ordersync::store {

// The steps that it applied. `transactions` and `log` outlive it.
boost::asio::awaitable<core::result<std::vector<migrations::migration_state>>> migrate(
    pg::transaction_runner& transactions, core::log& log);

// Distributes the orders of a database that is up to date, see store/migrations/distribution.hpp. All or nothing.
boost::asio::awaitable<core::result<migrations::distributed>> distribute(pg::transaction_runner& transactions,
                                                                         core::log& log);

}  // namespace ordersync::store
