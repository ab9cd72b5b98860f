#pragma once
// What time it is on the API's server: its last Date header, carried on by a clock that nobody sets. So a jump of this
// machine's wall clock changes nothing, and one of the server's is followed at its next reply. Pure; one thread.

#include "core/time.hpp"

#include <chrono>
#include <optional>

namespace ordersync::sync::flow {

class server_clock {
 public:
  // A reply came at `at` (this machine's clocks said so and `local`) whose Date was `server`. A Date has whole seconds
  // and was written before the reply arrived, so now() is up to a second and the reply's way late, and never early.
  void observe(std::chrono::steady_clock::time_point at, core::instant local, core::second server);

  // This machine's wall clock until the first observation.
  core::second now(std::chrono::steady_clock::time_point at, core::instant local) const;

  // How far this machine's clock was ahead of the server's at the last observation (negative: behind); 0 when that is
  // under 2 s, for a Date tells no better. None before the first.
  std::optional<std::chrono::seconds> skew() const;

 private:
  struct observation {
    std::chrono::steady_clock::time_point at;
    core::instant local;
    core::second server;
  };
  std::optional<observation> last_;
};

}  // namespace ordersync::sync::flow
