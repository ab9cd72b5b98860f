#pragma once
// `run`: the daemon from its first to its last moment, signals included.

#include "app/setup/build_identity.hpp"
#include "app/setup/loading.hpp"

#include <string>
#include <vector>

namespace ordersync::app {

struct served {
  std::vector<std::string> problems;  // with the configuration or its address, a line each; then nothing was begun
  bool in_time = true;                // whether it could end in order once a signal came
};

// Blocks until SIGTERM or SIGINT, then finishes the transaction in hand, within 5 s; a second signal ends the process
// at once. SIGHUP: configuration and secrets are read again. The other daemons see the version. Throws on a defect.
served serve(const setup::configuration_files& files, const setup::build_identity& build);

}  // namespace ordersync::app
