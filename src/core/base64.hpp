#pragma once
// Base64 with padding (RFC 4648), for the whole program. Any thread.

#include <string>
#include <string_view>

namespace ordersync::core {

std::string base64_of(std::string_view bytes);

}  // namespace ordersync::core
