#pragma once
// Orders of the mirror to try the API with, and how many there are. Inside the caller's transaction.

#include "store/coverage/trials.hpp"
#include "store/pg/connection.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace ordersync::store::coverage {

// See the functions of trials of the same names.
std::vector<known_order> read_known_orders(pg::connection& db, const std::string& account, int count,
                                           std::uint64_t random);
std::int64_t count_vanished(pg::connection& db, const std::string& account, const core::window& created,
                            core::instant since);
std::int64_t count_held(pg::connection& db, const std::string& account, const core::window& created);

}  // namespace ordersync::store::coverage
