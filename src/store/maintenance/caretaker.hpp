#pragma once
// The caretaker of a database, on the database's own lane.

#include "store/maintenance/care.hpp"
#include "store/pg/lane.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace ordersync::store::maintenance {

// The epoch in which what is asked for now is written, see database::lead; 0: none.
using epoch_now = std::function<std::int64_t()>;

// `work` outlives it.
std::unique_ptr<caretaker> make_caretaker(pg::lane& work, std::string instance, epoch_now epoch);

}  // namespace ordersync::store::maintenance
