#pragma once
// What is wrong with a url, beside what connection.hpp has. Connects to nothing.

#include "core/error.hpp"

#include <string>

namespace ordersync::store::pg {

// As check_connection_url(), for a service that runs as another user than this process, and without a home directory.
core::result<void> check_connection_url_of_service(const std::string& url);

// What libpq finds wrong with the values of a connection string that holds no password: "invalid channel_binding
// value". Empty: nothing. In libpq.cpp.
std::string libpq_objection(const std::string& text);

}  // namespace ordersync::store::pg
