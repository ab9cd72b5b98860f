#include "app/setup/core_dumps.hpp"

#include <sys/prctl.h>
#include <sys/resource.h>

namespace ordersync::app::setup {

void forbid_core_dumps() noexcept {
  // Either alone is enough where the other one is refused, as by a filter of system calls.
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

}  // namespace ordersync::app::setup
