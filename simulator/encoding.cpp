#include "encoding.hpp"

#include "delivery.hpp"

#include <boost/beast/zlib/deflate_stream.hpp>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace pandapon_sim {
namespace {

namespace zlib = boost::beast::zlib;

constexpr std::array<std::uint32_t, 256> make_crc_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t c = i;
    for (int bit = 0; bit < 8; ++bit) c = (c & 1U) != 0 ? 0xedb88320U ^ (c >> 1U) : c >> 1U;
    table.at(i) = c;
  }
  return table;
}

constexpr std::array<std::uint32_t, 256> crc_table = make_crc_table();

void append_little_endian(std::string& out, std::uint32_t value) {
  for (int shift = 0; shift < 32; shift += 8) out += static_cast<char>((value >> shift) & 255U);
}

void append_big_endian(std::string& out, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>((value >> shift) & 255U);
}

/// Raw deflate, appended to a string bit by bit.
class deflater {
 public:
  explicit deflater(std::string& out) : out_(out) {}

  void add(std::string_view bytes, zlib::Flush flush = zlib::Flush::none) {
    zlib::z_params at;
    at.next_in = bytes.data();
    at.avail_in = bytes.size();
    boost::system::error_code error;
    do {
      at.next_out = block_.data();
      at.avail_out = block_.size();
      stream_.write(at, flush, error);
      out_.append(block_.data(), block_.size() - at.avail_out);
    } while (!error && at.avail_out == 0);
    if (error && error != zlib::error::end_of_stream && error != zlib::error::need_buffers)
      throw std::runtime_error("cannot deflate: " + error.message());
  }

 private:
  std::string& out_;
  zlib::deflate_stream stream_;
  std::array<char, 16UL * 1024> block_{};
};

constexpr std::string_view gzip_header{"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03", 10};
constexpr std::string_view zlib_header{"\x78\x9c", 2};

void append_gzip_trailer(std::string& out, std::uint32_t checksum, std::uint64_t size) {
  append_little_endian(out, checksum);
  append_little_endian(out, static_cast<std::uint32_t>(size));
}

}  // namespace

std::uint32_t crc32(std::string_view bytes, std::uint32_t before) {
  std::uint32_t c = ~before;
  for (const char byte : bytes) c = crc_table.at((c ^ static_cast<unsigned char>(byte)) & 255U) ^ (c >> 8U);
  return ~c;
}

std::uint32_t adler32(std::string_view bytes) {
  constexpr std::uint32_t base = 65521;
  std::uint32_t a = 1;
  std::uint32_t b = 0;
  for (const char byte : bytes) {
    a = (a + static_cast<unsigned char>(byte)) % base;
    b = (b + a) % base;
  }
  return b << 16U | a;
}

std::string_view name_of(encoding as) {
  static constexpr std::array<std::string_view, 5> names{"identity", "gzip", "deflate", "deflate", "br"};
  return names.at(static_cast<std::size_t>(as));
}

std::string encode(std::string_view body, encoding as) {
  if (as == encoding::identity) return std::string(body);
  if (as == encoding::br) return junk(body.size(), static_cast<std::int64_t>(body.size() / 4 + 8));
  std::string out;
  if (as == encoding::gzip) out = gzip_header;
  if (as == encoding::deflate) out = zlib_header;
  deflater(out).add(body, zlib::Flush::finish);
  if (as == encoding::gzip) append_gzip_trailer(out, crc32(body), body.size());
  if (as == encoding::deflate) append_big_endian(out, adler32(body));
  return out;
}

std::string gzip_bomb(std::string_view body, std::uint64_t size) {
  const std::string blanks(1024UL * 1024, ' ');
  std::string out(gzip_header);
  deflater into(out);
  std::uint32_t checksum = 0;
  for (std::uint64_t left = size - std::min<std::uint64_t>(size, body.size()); left > 0;) {
    const std::string_view block = std::string_view(blanks).substr(0, left);
    into.add(block);
    checksum = crc32(block, checksum);
    left -= block.size();
  }
  into.add(body, zlib::Flush::finish);
  append_gzip_trailer(out, crc32(body, checksum), std::max<std::uint64_t>(size, body.size()));
  return out;
}

}  // namespace pandapon_sim
