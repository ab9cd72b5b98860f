#pragma once
// Content codings of replies (RFC 9110, 8.4). None is asked for, but some servers and proxies compress all the same.
// Pure; any thread.
//
// Hazard: a few bytes may unpack to gigabytes. They are first unpacked into a small scratch buffer to count them, and
// kept only when they are known to fit, so no more memory is taken than what is read needs.

#include <cstdint>
#include <string>
#include <string_view>

namespace ordersync::pandapon::http {

enum class coding_state {
  plain,      // as it came, or unpacked in its place
  too_large,  // unpacked it has more bytes than allowed; nothing is left of it
  damaged,    // it cannot be unpacked, its checksum is wrong, or something follows its end
  unknown,    // a coding that is not read, or several
};

// `coding` is the value of Content-Encoding, empty where there is none. gzip, and deflate with zlib's frame or without,
// are unpacked within `most` bytes. An empty body stays one.
coding_state unpack(std::string_view coding, std::uint64_t most, std::string& body);

// Why such a reply cannot be used, and what to do: "is encoded with br although ...".
std::string coding_flaw(coding_state state, std::string_view coding);

}  // namespace ordersync::pandapon::http
