#include "store/libpq_facts.hpp"

#include "store/pg/connection.hpp"
#include "store/pg/connection_url.hpp"
#include "store/pg/libpq.hpp"
#include "store/store.hpp"

namespace ordersync::store {

core::result<void> check_url(std::string_view url) {
  return pg::check_connection_url(std::string{url});
}

core::result<void> check_url_for_service(std::string_view url) {
  return pg::check_connection_url_of_service(std::string{url});
}

std::string local_role(std::string_view url) {
  return pg::local_role(std::string{url});
}

std::string libpq_version() {
  return pg::libpq_version();
}

}  // namespace ordersync::store
