#include "store/pg/connection.hpp"
#include "store/pg/libpq.hpp"
#include "store/store.hpp"

namespace ordersync::store {

core::result<void> check_url(std::string_view url) {
  return pg::check_connection_url(std::string{url});
}

std::string local_role(std::string_view url) {
  return pg::local_role(std::string{url});
}

std::string libpq_version() {
  return pg::libpq_version();
}

}  // namespace ordersync::store
