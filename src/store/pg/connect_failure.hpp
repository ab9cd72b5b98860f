#pragma once
// Why a connection could not be made, by what libpq says of it: whether waiting may help, and what to do.
// Pure.
//
// A host that no name server knows is more often misspelt than away; but in clusters of containers a name goes with its
// server, so a daemon waits for it.

#include "store/pg/sql_error.hpp"

#include <string_view>

namespace ordersync::store::pg {

// `message`: of PQerrorMessage, made with PQERRORS_VERBOSE. It has a line for each host and way that was tried, and
// after a server's own words, in whatever language they are, the place in its source that said them.
sql_error connect_failure(std::string_view message, bool names_return = true);

// The first SQLSTATE in a message of libpq, wherever it stands ("FATAL:  57P01", "ERROR:  23505: words"); "" for none.
std::string_view sqlstate_in(std::string_view message) noexcept;

}  // namespace ordersync::store::pg
