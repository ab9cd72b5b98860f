#pragma once
// What proves to the API that a request is ours. Pure; any thread.
//
// Facts: signature = upper-case hex of MD5(access-key + timestamp + nonce-str + access-secret), nothing between them
// and nothing of body, path or query in it (a public client; fits the vendor's documentation). MD5 is the vendor's
// choice.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace ordersync::pandapon {

// Gives 64 uniformly random bits a call. The composition root hands in a real one, tests a seeded one.
using random_source = std::function<std::uint64_t()>;

// Upper-case hex, 32 characters. Throws std::runtime_error where this machine's OpenSSL has no MD5 (FIPS mode).
std::string sign(std::string_view access_key, std::string_view timestamp, std::string_view nonce,
                 std::string_view access_secret);

// 32 characters out of [A-Za-z0-9], each equally likely: 190 bits, so no two requests share one.
std::string make_nonce(const random_source& random);

}  // namespace ordersync::pandapon
