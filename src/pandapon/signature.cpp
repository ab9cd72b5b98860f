#include "pandapon/signature.hpp"

#include <openssl/evp.h>

#include <array>
#include <stdexcept>

namespace ordersync::pandapon {
namespace {

constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
constexpr std::size_t nonce_length = 32;

std::string upper_hex(const unsigned char* bytes, std::size_t count) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string text;
  for (std::size_t i = 0; i < count; ++i) {
    text += digits[bytes[i] >> 4U];
    text += digits[bytes[i] & 15U];
  }
  return text;
}

}  // namespace

std::string sign(std::string_view access_key, std::string_view timestamp, std::string_view nonce,
                 std::string_view access_secret) {
  std::string base;
  base.append(access_key).append(timestamp).append(nonce).append(access_secret);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  if (EVP_Digest(base.data(), base.size(), digest.data(), &size, EVP_md5(), nullptr) != 1) {
    throw std::runtime_error("OpenSSL refuses MD5, which the API's signature requires; is OpenSSL in FIPS mode?");
  }
  return upper_hex(digest.data(), size);
}

std::string make_nonce(const random_source& random) {
  std::string nonce;
  // Six bits at a time; 62 and 63 are thrown away, so that no letter is likelier than another.
  for (std::uint64_t bits = 0, left = 0; nonce.size() < nonce_length; bits >>= 6U, --left) {
    if (left == 0) {
      bits = random();
      left = 10;
    }
    const auto pick = static_cast<std::size_t>(bits & 63U);
    if (pick < letters.size()) nonce += letters[pick];
  }
  return nonce;
}

}  // namespace ordersync::pandapon
