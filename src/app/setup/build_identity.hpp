#pragma once
// Which build of the program this is: only what links the program knows.

#include <string>

namespace ordersync::app::setup {

struct build_identity {
  std::string version;  // "0.1.0"
  std::string commit;
};

}  // namespace ordersync::app::setup
