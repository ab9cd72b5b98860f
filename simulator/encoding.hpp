// Content-Encoding that nobody asked for. The framing of gzip and zlib and their checksums are written here, after RFC
// 1950 and 1952; Beast compresses. Pure.
#pragma once

#include "behaviour.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace pandapon_sim {

/// What the header calls it; raw_deflate is called deflate, as the servers that send it do.
std::string_view name_of(encoding as);

/// `body` encoded; br gives bytes that are no Brotli.
std::string encode(std::string_view body, encoding as);

/// gzip of `body` behind so many blanks that both together have `size` bytes. Holds the compressed bytes alone in
/// memory.
std::string gzip_bomb(std::string_view body, std::uint64_t size);

std::uint32_t crc32(std::string_view bytes, std::uint32_t before = 0);
std::uint32_t adler32(std::string_view bytes);

}  // namespace pandapon_sim
