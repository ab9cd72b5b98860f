#pragma once
// SHA-256, for the whole program. The only code of this room that needs a library of its own (OpenSSL's libcrypto); it
// computes and does nothing else, so it is as pure as the rest. Any thread.

#include <array>
#include <string>
#include <string_view>

namespace ordersync::core {

using sha256 = std::array<unsigned char, 32>;

// Throws std::runtime_error where this machine's OpenSSL has no SHA-256.
sha256 sha256_of(std::string_view bytes);

// HMAC-SHA256 of `bytes` under `key`, which must not be empty. Throws as sha256_of.
sha256 hmac_sha256_of(std::string_view key, std::string_view bytes);

// Takes the same time wherever they differ: for what an attacker sends and must not guess byte by byte.
bool equal_in_constant_time(const sha256& a, const sha256& b) noexcept;

// In lower-case hex, 64 characters.
std::string to_hex(const sha256& digest);

}  // namespace ordersync::core
