#pragma once
// `health`: what the daemon on this machine says of itself at its endpoint, without the database. Of the configuration
// it needs service.listen alone: the daemon itself refuses mistakes in the rest of it.

#include "app/setup/loading.hpp"

#include <string>
#include <vector>

namespace ordersync::app::commands {

struct health {
  bool good = false;
  std::string text;  // lines: what the daemon says, or why it could not be asked
};

// `ready`: whether it does its work; otherwise whether it runs. Blocks for 5 s at most.
health ask_daemon(const setup::configuration_files& files, bool ready);

}  // namespace ordersync::app::commands
