#include "pandapon/push/signer.hpp"

#include <algorithm>

namespace ordersync::pandapon::push {
namespace {

std::optional<int> digit(char c, bool upper) {
  const char a = upper ? 'A' : 'a';
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= a && c <= a + 5) return c - a + 10;
  return std::nullopt;
}

}  // namespace

std::optional<core::sha256> read_signature(std::string_view authorization) {
  auto text = authorization;
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  core::sha256 digest{};
  if (text.size() != 2 * digest.size()) return std::nullopt;
  const bool upper = std::ranges::any_of(text, [](char c) { return c >= 'A' && c <= 'F'; });
  for (std::size_t i = 0; i < digest.size(); ++i) {
    const auto high = digit(text[2 * i], upper);
    const auto low = digit(text[2 * i + 1], upper);
    if (!high || !low) return std::nullopt;
    digest.at(i) = static_cast<unsigned char>(*high * 16 + *low);
  }
  return digest;
}

std::optional<std::size_t> signer_of(std::string_view authorization, std::span<const std::string_view> texts,
                                     std::span<const std::string_view> secrets) {
  const auto claimed = read_signature(authorization);
  if (!claimed) return std::nullopt;
  std::optional<std::size_t> signer;
  for (std::size_t i = 0; i < secrets.size(); ++i) {
    for (const auto text : texts) {
      const bool fits =
          !secrets[i].empty() && core::equal_in_constant_time(core::hmac_sha256_of(secrets[i], text), *claimed);
      if (fits && !signer) signer = i;
    }
  }
  return signer;
}

}  // namespace ordersync::pandapon::push
