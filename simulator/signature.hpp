// The vendor's request signature. Source: a public client of the API; it fits the vendor's documentation.
#pragma once

#include <string>
#include <string_view>

namespace pandapon_sim {

/// UPPERCASE_HEX(MD5(access_key + timestamp + nonce + secret)), nothing in between and nothing of the body.
std::string sign(std::string_view access_key, std::string_view timestamp, std::string_view nonce,
                 std::string_view secret);

}  // namespace pandapon_sim
