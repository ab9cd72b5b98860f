#include "core/sha256.hpp"

#include <gtest/gtest.h>

namespace ordersync::core {
namespace {

TEST(sha256, agrees_with_the_known_vectors) {
  EXPECT_EQ(to_hex(sha256_of("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(to_hex(sha256_of("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(sha256, hashes_what_follows_a_nul_byte) {
  using namespace std::string_view_literals;
  EXPECT_NE(sha256_of("a\0b"sv), sha256_of("a\0c"sv));
}

TEST(sha256, hex_keeps_leading_zeros) {
  EXPECT_EQ(to_hex({0x01, 0xAB}), "01ab" + std::string(60, '0'));
}

}  // namespace
}  // namespace ordersync::core
