#pragma once
// The maintenance of a database, on the database's own runner.

#include "store/maintenance/maintenance.hpp"
#include "store/pg/transaction_runner.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace ordersync::store::maintenance {

// The epoch in which what is asked for now is written, see database::lead; 0: none.
using epoch_now = std::function<std::int64_t()>;

// `work` outlives it.
std::unique_ptr<maintenance> make_maintenance(pg::transaction_runner& work, std::string instance, epoch_now epoch);

}  // namespace ordersync::store::maintenance
