#include "signature.hpp"

#include <openssl/evp.h>

#include <array>
#include <stdexcept>

namespace pandapon_sim {

std::string sign(std::string_view access_key, std::string_view timestamp, std::string_view nonce,
                 std::string_view secret) {
  std::string base;
  for (const std::string_view part : {access_key, timestamp, nonce, secret}) base += part;
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  std::size_t size = 0;
  if (EVP_Q_digest(nullptr, "MD5", nullptr, base.data(), base.size(), digest.data(), &size) != 1)
    throw std::runtime_error("OpenSSL refuses MD5, which the API's signature needs");
  static constexpr std::string_view hex = "0123456789ABCDEF";
  std::string out;
  for (std::size_t i = 0; i < size; ++i) {
    out += hex[digest[i] >> 4];
    out += hex[digest[i] & 15];
  }
  return out;
}

}  // namespace pandapon_sim
