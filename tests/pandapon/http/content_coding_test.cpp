#include "pandapon/http/content_coding.hpp"

#include "pandapon/packed.hpp"

#include <gtest/gtest.h>

#include <random>

namespace ordersync::pandapon::http {
namespace {

using test_support::frame;
using test_support::packed;

constexpr std::uint64_t ample = 1 << 20;

struct unpacked {
  coding_state state;
  std::string body;
};

unpacked after(std::string_view coding, std::string body, std::uint64_t most = ample) {
  const auto state = unpack(coding, most, body);
  return {state, body};
}

std::string text_of(std::size_t size) {
  std::mt19937_64 engine(7);
  std::string text;
  while (text.size() < size) text += "order " + std::to_string(engine() % 100'000) + ",";
  text.resize(size);
  return text;
}

TEST(content_coding, gzip_and_both_kinds_of_deflate_are_unpacked) {
  for (const std::size_t size : {1U, 100U, 32'767U, 32'768U, 32'769U, 200'000U}) {
    const auto text = text_of(size);
    for (const auto* coding : {"gzip", "x-gzip", "GZIP", " gzip ", "identity, gzip"}) {
      const auto made = after(coding, packed(text, frame::gzip));
      EXPECT_EQ(made.state, coding_state::plain) << coding << size;
      EXPECT_EQ(made.body, text);
    }
    EXPECT_EQ(after("deflate", packed(text, frame::zlib)).body, text);
    EXPECT_EQ(after("deflate", packed(text, frame::none)).body, text);
  }
}

TEST(content_coding, what_is_not_encoded_stays_as_it_is) {
  for (const auto* coding : {"", "identity", "identity, identity"}) {
    EXPECT_EQ(after(coding, "{}").state, coding_state::plain) << coding;
    EXPECT_EQ(after(coding, "{}").body, "{}") << coding;
  }
  EXPECT_EQ(after("gzip", "").state, coding_state::plain);
}

TEST(content_coding, the_limit_counts_unpacked_bytes) {
  const auto text = text_of(100'000);
  for (const auto as : {frame::gzip, frame::zlib, frame::none}) {
    const auto* coding = as == frame::gzip ? "gzip" : "deflate";
    EXPECT_EQ(after(coding, packed(text, as), 100'000).body, text);
    EXPECT_EQ(after(coding, packed(text, as), 99'999).state, coding_state::too_large);
  }
  const auto bomb = after("gzip", packed(std::string(64 << 20, ' ')));
  EXPECT_EQ(bomb.state, coding_state::too_large);
  EXPECT_EQ(bomb.body, "");
}

TEST(content_coding, every_wrong_byte_of_a_checked_frame_is_seen) {
  const auto text = text_of(400);
  for (const auto as : {frame::gzip, frame::zlib}) {
    const auto good = packed(text, as);
    for (std::size_t i = 0; i < good.size(); ++i) {
      auto bad = good;
      bad[i] = static_cast<char>(bad[i] ^ 0x20);
      const auto made = after(as == frame::gzip ? "gzip" : "deflate", bad);
      // Bytes of gzip's head say when and where it was made, and nothing about the text.
      EXPECT_TRUE(made.state == coding_state::damaged || made.body == text) << i;
    }
  }
}

TEST(content_coding, what_is_cut_short_or_followed_by_something_is_damaged) {
  const auto text = text_of(1000);
  for (const auto as : {frame::gzip, frame::zlib, frame::none}) {
    const auto* coding = as == frame::gzip ? "gzip" : "deflate";
    const auto good = packed(text, as);
    for (std::size_t size = 1; size < good.size(); ++size) {
      ASSERT_EQ(after(coding, good.substr(0, size)).state, coding_state::damaged) << size;
    }
    EXPECT_EQ(after(coding, good + "x").state, coding_state::damaged);
    EXPECT_EQ(after(coding, good + good).state, coding_state::damaged);
    EXPECT_EQ(after(coding, text).state, coding_state::damaged);
  }
}

TEST(content_coding, other_codings_are_named_with_a_cure) {
  for (const auto* coding : {"br", "zstd", "compress", "gzip, gzip", "gzip,br"}) {
    EXPECT_EQ(after(coding, "x").state, coding_state::unknown) << coding;
  }
  EXPECT_TRUE(
      coding_flaw(coding_state::unknown, "br").starts_with("is encoded with br although ordersync requested identity"));
  EXPECT_NE(coding_flaw(coding_state::unknown, "gzip, br").find("several codings"), std::string::npos);
  EXPECT_NE(coding_flaw(coding_state::unknown, "<a name>").find("an unknown coding"), std::string::npos);
  EXPECT_NE(coding_flaw(coding_state::damaged, "gzip").find("gzip but cannot be unpacked"), std::string::npos);
}

}  // namespace
}  // namespace ordersync::pandapon::http
