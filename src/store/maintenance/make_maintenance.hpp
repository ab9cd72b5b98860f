#pragma once
// The maintenance of a database, on the database's own runner.

#include "store/leadership/fenced_transactions.hpp"
#include "store/maintenance/maintenance.hpp"

#include <memory>

namespace ordersync::store::maintenance {

// `work` outlives it.
std::unique_ptr<maintenance> make_maintenance(leadership::fenced_transactions& work);

}  // namespace ordersync::store::maintenance
