#include "pandapon/push/signer.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

namespace ordersync::pandapon::push {
namespace {

using texts = std::array<std::string_view, 2>;
using secrets = std::array<std::string_view, 3>;

constexpr texts readings{R"({"messageBody":"{\"orderId\":1}"})", R"({"orderId":1})"};
constexpr secrets known{"first secret", "second secret", "third secret"};

std::string hex(std::string_view secret, std::string_view text) {
  return core::to_hex(core::hmac_sha256_of(secret, text));
}

std::string upper(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::toupper(c); });
  return text;
}

TEST(push_signature, is_that_of_rfc_4231) {
  EXPECT_EQ(hex("Jefe", "what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST(push_signature, names_the_secret_in_all_four_readings) {
  for (std::size_t i = 0; i < known.size(); ++i) {
    for (const auto text : readings) {
      EXPECT_EQ(signer_of(hex(known.at(i), text), readings, known), i);
      EXPECT_EQ(signer_of(upper(hex(known.at(i), text)), readings, known), i);
      EXPECT_EQ(signer_of(" " + hex(known.at(i), text) + " ", readings, known), i);
    }
  }
}

TEST(push_signature, refuses_every_other) {
  auto mixed = hex(known[0], readings[0]);
  const auto letter = std::ranges::find_if(mixed, [](char c) { return c >= 'a'; });
  ASSERT_NE(letter, mixed.end());
  *letter = static_cast<char>(*letter - 'a' + 'A');
  for (const auto& claimed :
       {std::string{}, hex("another secret", readings[0]), hex(known[0], "another text"), mixed,
        hex(known[0], readings[0]).substr(1), hex(known[0], readings[0]) + "0", "Bearer " + hex(known[0], readings[0]),
        std::string(64, 'g'), std::string(64, '0'), std::string(100'000, 'a')})
    EXPECT_FALSE(signer_of(claimed, readings, known)) << claimed.substr(0, 80);
}

TEST(push_signature, is_never_that_of_a_secret_that_is_missing) {
  const std::array<std::string_view, 1> none{""};
  EXPECT_FALSE(signer_of(std::string(64, '0'), readings, none));
}

}  // namespace
}  // namespace ordersync::pandapon::push
