#pragma once
// The caretaker of a database, on the database's own lane.

#include "store/care.hpp"
#include "store/fenced_transactions.hpp"

#include <memory>

namespace ordersync::store {

// `work` outlives it.
std::unique_ptr<caretaker> make_caretaker(fenced_transactions& work);

}  // namespace ordersync::store
