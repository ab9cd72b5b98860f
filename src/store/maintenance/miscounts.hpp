#pragma once
// Whether the counts kept in order_counts are those of the orders. They are unless somebody has changed tables past the
// program: by SQL where no trigger sees it, in a cluster, or because the program has a defect.
//
// Reads every order of the part; takes about a second for a million.

#include "store/maintenance/maintenance.hpp"
#include "store/pg/connection.hpp"

#include <vector>

namespace ordersync::store::maintenance {

// By account, day and status.
std::vector<miscount> find_miscounts(pg::connection& db, const counted_part& of);

// Under the writers' lock.
std::vector<miscount> correct_counts(pg::connection& db, const counted_part& of);

}  // namespace ordersync::store::maintenance
