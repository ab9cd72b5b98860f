#pragma once
// Orders of the mirror to try the API with, and how many there are. Inside the caller's transaction.

#include "store/pq_connection.hpp"
#include "store/trials.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace ordersync::store {

// See the functions of trials of the same names.
std::vector<known_order> read_known_orders(connection& db, const std::string& account, int count, std::uint64_t random);
std::int64_t count_vanished(connection& db, const std::string& account, const core::window& created,
                            core::instant since);
std::int64_t count_held(connection& db, const std::string& account, const core::window& created);

}  // namespace ordersync::store
