#pragma once
// What libpq makes of a url, beside what store.hpp has. Any thread.

#include "core/error.hpp"

#include <string_view>

namespace ordersync::store {

// As check_url() of store.hpp, for a service that runs as another user than this process, and without a home directory.
core::result<void> check_url_for_service(std::string_view url);

}  // namespace ordersync::store
