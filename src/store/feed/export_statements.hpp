#pragma once
// The statements that stream tables of schema reporting, by a cursor. Inside the caller's transaction, which is one
// snapshot.

#include "store/feed/feed.hpp"
#include "store/pg/connection.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ordersync::store::feed {

// See feed::read. The transaction may last as long as it takes: the session's limits do not count for it.
std::int64_t read_rows(pg::connection& db, const selection& what, const consumer& into);
std::int64_t count_missing_details(pg::connection& db, const selection& what);
std::vector<core::window> read_gaps(pg::connection& db, const core::window& range,
                                    const std::optional<std::string>& account);

}  // namespace ordersync::store::feed
