#pragma once
// What time it is on the API's server: its last Date header, carried on by a clock that nobody sets. So a jump of this
// machine's wall clock changes nothing, and one of the server's is followed at its next reply. Pure; one thread.

#include "core/time.hpp"

#include <chrono>
#include <optional>

namespace ordersync::sync::flow {

class server_clock {
 public:
  // A reply came at `at` whose Date was `server`. A Date has whole seconds and was written before the reply arrived, so
  // now() is up to a second and the reply's way late, and never early.
  void observe(std::chrono::steady_clock::time_point at, core::second server);

  // This machine's wall clock until the first observation.
  core::second now(std::chrono::steady_clock::time_point at, core::instant local) const;

 private:
  struct observation {
    std::chrono::steady_clock::time_point at;
    core::second server;
  };
  std::optional<observation> last_;
};

}  // namespace ordersync::sync::flow
