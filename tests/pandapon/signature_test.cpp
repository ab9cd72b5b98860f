#include "pandapon/signature.hpp"

#include <gtest/gtest.h>

#include <random>
#include <set>

namespace ordersync::pandapon {
namespace {

constexpr auto key = "58c0201dfdf148eca63cbf6bb5e7cf03";
constexpr auto secret = "0123456789abcdef0123456789abcdef";

TEST(signature, agrees_with_the_known_vectors) {
  EXPECT_EQ(sign(key, "1715669977082", "nonce-str", secret), "4811F8D168F52F7A3CA85D34F069924C");
  EXPECT_EQ(sign(key, "1715669977", "nonce-str", secret), "DC5B3E841519B0F78103CC2AAED1A44B");
}

TEST(signature, a_nonce_is_32_letters_and_digits_and_each_is_another) {
  std::mt19937_64 engine(7);
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    const auto nonce = make_nonce([&] { return engine(); });
    ASSERT_EQ(nonce.size(), 32U);
    ASSERT_EQ(nonce.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"),
              std::string::npos);
    seen.insert(nonce);
  }
  EXPECT_EQ(seen.size(), 1000U);
}

TEST(signature, a_nonce_uses_every_letter_about_equally_often) {
  std::mt19937_64 engine(11);
  std::array<int, 128> count{};
  for (int i = 0; i < 10'000; ++i) {
    for (const char c : make_nonce([&] { return engine(); })) ++count[static_cast<std::size_t>(c)];
  }
  // 320,000 / 62 = 5161, standard deviation 71.
  for (const char c : std::string_view("AZaz09m5")) EXPECT_NEAR(count[static_cast<std::size_t>(c)], 5161, 500) << c;
}

}  // namespace
}  // namespace ordersync::pandapon
