#pragma once
// The statements about versions of orders and their numbers. Inside the caller's transaction, which is one snapshot.

#include "store/feed/feed.hpp"
#include "store/pg/connection.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace ordersync::store::feed {

// See the functions of feed of similar names.
bool is_restricted(pg::connection& db);
change_page read_changes(pg::connection& db, std::int64_t after, std::int64_t at_most,
                         const std::optional<std::string>& account);

}  // namespace ordersync::store::feed
