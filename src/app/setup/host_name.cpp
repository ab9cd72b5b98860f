#include "app/setup/host_name.hpp"

#include <climits>

#include <array>
#include <unistd.h>

namespace ordersync::app::setup {

std::string host_name() {
  std::array<char, HOST_NAME_MAX + 1> name{};
  ::gethostname(name.data(), name.size() - 1);
  return name.data();
}

}  // namespace ordersync::app::setup
