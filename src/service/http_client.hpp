#pragma once
// Asks the endpoint of a daemon on this machine one question, for whoever has no HTTP client. Blocks; any thread.

#include "core/error.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace ordersync::service {

struct health_answer {
  unsigned status = 0;
  std::string body;  // at most 64 KiB
};

// GET `path` of the IP address and port; all of it within `timeout`. failure::unreachable says what is the matter.
core::result<health_answer> ask_health(const std::string& host, std::uint16_t port, const std::string& path,
                                       std::chrono::milliseconds timeout);

}  // namespace ordersync::service
