#pragma once
// Quarantine by kind, and accepting what is in it. Inside the caller's transaction, which may run again.

#include "store/maintenance/quarantine.hpp"
#include "store/pg/connection.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace ordersync::store::maintenance {

struct counted_quarantine {
  quarantine_counts all;
  std::map<std::string, quarantine_counts> accounts;  // who has none is left out
};
// Reads an index alone.
counted_quarantine count_quarantine(pg::connection& db);

// See maintenance::quarantine_kinds.
std::vector<quarantine_kind> read_kinds(pg::connection& db, const quarantine_choice& of);
// Of what is not resolved, most values first; `orders` is 0. For the status page, which asks again and again.
std::vector<quarantine_kind> read_largest_kinds(pg::connection& db, int limit);

// Throw precondition_failed as maintenance says. `done` is what an earlier run of the same transaction did.
void accept_value(pg::connection& db, std::int64_t id, const std::string& why);
void stop_accepting_value(pg::connection& db, std::int64_t id, bool& done);
std::vector<quarantine_kind> accept_kinds(pg::connection& db, const kind_choice& of, const std::string& why);
std::vector<quarantine_kind> stop_accepting_kinds(pg::connection& db, const kind_choice& of,
                                                  std::vector<quarantine_kind>& done);

}  // namespace ordersync::store::maintenance
