// Turns a reply into the bytes that leave and what happens to the connection afterwards. Every fault of the wire is
// expressed here, so the server knows nothing of faults.
#pragma once

#include "http.hpp"
#include "instant.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace pandapon_sim {

enum class afterwards : std::uint8_t {
  keep,   // wait for the next request
  close,  // close with TLS's close_notify
  drop,   // close without it
  reset,  // close with a TCP reset
  stall   // send nothing more and wait until the client goes
};

struct delivery {
  std::string bytes;
  std::int64_t delay_ms = 0;
  std::int64_t bytes_per_second = 0;  // 0: as fast as it goes
  afterwards then = afterwards::keep;
};

/// `date` is what the Date header shows, none for no such header; `seed` chooses what stands in bytes that mean
/// nothing.
delivery deliver(const reply& what, std::optional<epoch_ms> date, bool keep_alive, std::uint64_t seed);

/// `size` bytes that are not a run of one value.
std::string junk(std::uint64_t seed, std::int64_t size);

}  // namespace pandapon_sim
