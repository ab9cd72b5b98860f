#pragma once
// The statements about audits and contradictions. Inside the caller's transaction.

#include "store/coverage/trials.hpp"
#include "store/pg/connection.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace ordersync::store::coverage {

// The transaction of an earlier try, by which a later one finds whether that was committed; empty before the first.
using earlier_try = std::string;

// Adds to today's row, once however often it is tried; lets go of what is too old.
void add_audit(pg::connection& db, const std::string& account, const audit_counts& counts, earlier_try& before);

audit_figures read_audit_figures(pg::connection& db, const std::string& account);
std::int64_t count_open_contradictions(pg::connection& db, const std::string& account);
std::optional<contradiction_report> read_last_contradiction(pg::connection& db, const std::string& account);

}  // namespace ordersync::store::coverage
