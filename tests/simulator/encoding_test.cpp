#include "encoding.hpp"

#include "behaving.hpp"
#include "delivery.hpp"

#include <boost/beast/zlib/inflate_stream.hpp>

#include <algorithm>
#include <string>

namespace pandapon_sim::testing {
namespace {

/// Raw deflate unpacked, `size` bytes of it.
std::string inflated(std::string_view bytes, std::size_t size) {
  namespace zlib = boost::beast::zlib;
  std::string out(size, '\0');
  zlib::inflate_stream stream;
  zlib::z_params at;
  at.next_in = bytes.data();
  at.avail_in = bytes.size();
  at.next_out = out.data();
  at.avail_out = out.size();
  boost::system::error_code error;
  stream.write(at, zlib::Flush::sync, error);
  out.resize(size - at.avail_out);
  return out;
}

std::uint32_t little_endian(std::string_view bytes) {
  std::uint32_t out = 0;
  for (std::size_t i = 4; i-- > 0;) out = out << 8U | static_cast<unsigned char>(bytes[i]);
  return out;
}

std::string header(const reply& of, const std::string& name) {
  for (const header_line& line : of.headers)
    if (line.name == name) return line.value;
  return "";
}

reply spoilt(const std::string& fault) {
  world w = behaving("", 30);
  w.faults = fault_plan::parse("at 1 " + fault);
  return handle_page(w, ask(page_of()), noon);
}

reply page_with(const std::string& flags) {
  world w = behaving(flags, 30);
  return handle_page(w, ask(page_of()), noon);
}

const std::string& plain() {
  static const std::string body = page_with("").body;
  return body;
}

TEST(checksums, agree_with_their_known_values) {
  EXPECT_EQ(crc32("123456789"), 0xcbf43926U);
  EXPECT_EQ(crc32("6789", crc32("12345")), 0xcbf43926U);
  EXPECT_EQ(adler32("Wikipedia"), 0x11e60398U);
}

TEST(encoding, gzip_is_a_header_deflate_checksum_and_size) {
  for (const char* flags : {"--gzip", "--gzip gzip"}) {
    const reply got = page_with(flags);
    EXPECT_EQ(header(got, "Content-Encoding"), "gzip");
    EXPECT_TRUE(got.body.starts_with("\x1f\x8b\x08"));
    EXPECT_LT(got.body.size(), plain().size() / 2);
    EXPECT_EQ(inflated(std::string_view(got.body).substr(10), plain().size()), plain());
    EXPECT_EQ(little_endian(std::string_view(got.body).substr(got.body.size() - 8)), crc32(plain()));
    EXPECT_EQ(little_endian(std::string_view(got.body).substr(got.body.size() - 4)), plain().size());
  }
}

TEST(encoding, deflate_comes_with_and_without_its_frame) {
  const reply framed = page_with("--gzip deflate");
  const reply raw = page_with("--gzip raw-deflate");
  EXPECT_EQ(header(framed, "Content-Encoding"), "deflate");
  EXPECT_EQ(header(raw, "Content-Encoding"), "deflate");
  EXPECT_EQ((framed.body[0] * 256 + static_cast<unsigned char>(framed.body[1])) % 31, 0);
  EXPECT_EQ(framed.body.substr(2, raw.body.size()), raw.body);
  EXPECT_EQ(framed.body.size(), raw.body.size() + 6);
  EXPECT_EQ(inflated(raw.body, plain().size()), plain());
}

TEST(encoding, br_is_only_a_label) {
  EXPECT_EQ(header(page_with("--gzip br"), "Content-Encoding"), "br");
  EXPECT_NE(page_with("--gzip br").body, plain());
}

TEST(encoding, holds_for_refusals_too) {
  world w = behaving("--gzip");
  const reply got = handle_page(w, ask("{}"), noon);
  EXPECT_EQ(header(got, "Content-Encoding"), "gzip");
  EXPECT_NE(inflated(std::string_view(got.body).substr(10), 1000).find("40003"), std::string::npos);
}

TEST(encoding, faults_encode_single_replies) {
  const reply good = spoilt("gzip");
  EXPECT_EQ(header(good, "Content-Encoding"), "gzip");
  EXPECT_EQ(inflated(std::string_view(good.body).substr(10), plain().size()), plain());
  const reply cut = spoilt("gzip-broken cut");
  EXPECT_EQ(cut.body, good.body.substr(0, good.body.size() / 2));
  const reply broken = spoilt("gzip-broken");
  EXPECT_EQ(broken.body.size(), good.body.size());
  EXPECT_NE(little_endian(std::string_view(broken.body).substr(broken.body.size() - 8)), crc32(plain()));
}

TEST(encoding, a_bomb_is_small_until_it_is_unpacked) {
  constexpr std::size_t size = 3UL * 1024 * 1024 + 17;
  const reply got = spoilt("gzip-bomb " + std::to_string(size));
  EXPECT_LT(got.body.size(), plain().size());
  const std::string unpacked = inflated(std::string_view(got.body).substr(10), size + 1);
  ASSERT_EQ(unpacked.size(), size);
  EXPECT_EQ(unpacked.substr(size - plain().size()), plain());
  EXPECT_EQ(unpacked.find_first_not_of(' '), size - plain().size());
  EXPECT_EQ(little_endian(std::string_view(got.body).substr(got.body.size() - 8)), crc32(unpacked));
}

delivery sent(const std::string& flags, const std::string& faults = "") {
  world w = behaving(flags, 30);
  w.faults = fault_plan::parse(faults);
  return deliver(handle_page(w, ask(page_of()), noon), noon, true, 1);
}

TEST(close_delimited, replies_have_neither_length_nor_chunks) {
  for (const char* flags : {"--close-delimited", "--close-delimited-rude"}) {
    const delivery got = sent(flags);
    EXPECT_EQ(got.bytes.find("Content-Length"), std::string::npos);
    EXPECT_EQ(got.bytes.find("chunked"), std::string::npos);
    EXPECT_TRUE(got.bytes.ends_with(plain()));
  }
  EXPECT_EQ(sent("--close-delimited").then, afterwards::close);
  EXPECT_EQ(sent("--close-delimited-rude").then, afterwards::drop);
  EXPECT_EQ(sent("--close-delimited", "at 1 cut 100").then, afterwards::drop);
}

}  // namespace
}  // namespace pandapon_sim::testing
