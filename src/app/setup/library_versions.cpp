#include "app/setup/library_versions.hpp"

#include "store/store.hpp"

namespace ordersync::app::setup {

std::string running_libpq() {
  return store::libpq_version();
}

}  // namespace ordersync::app::setup
