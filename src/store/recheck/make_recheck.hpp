#pragma once
// The checks by counts of a database, on the database's own runner.

#include "store/leadership/fenced_transactions.hpp"
#include "store/recheck/recheck.hpp"

#include <memory>

namespace ordersync::store::recheck {

// `work` outlives it.
std::unique_ptr<recheck> make_recheck(leadership::fenced_transactions& work);

}  // namespace ordersync::store::recheck
