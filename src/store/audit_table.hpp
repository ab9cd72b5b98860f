#pragma once
// The statements about audits and contradictions. Inside the caller's transaction.

#include "store/pq_connection.hpp"
#include "store/trials.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace ordersync::store {

// The transaction of an earlier try, by which a later one finds whether that was committed; empty before the first.
using earlier_try = std::string;

// Adds to today's row, once however often it is tried; lets go of what is too old.
void add_audit(connection& db, const std::string& account, const audit_counts& counts, earlier_try& before);

audit_figures read_audit_figures(connection& db, const std::string& account);
std::int64_t count_open_contradictions(connection& db, const std::string& account);
std::optional<contradiction_report> read_last_contradiction(connection& db, const std::string& account);

}  // namespace ordersync::store
