#include "core/sha256.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <memory>
#include <stdexcept>

namespace ordersync::core {
namespace {

const EVP_MD* algorithm() {
  // Fetched once: looking it up costs more than hashing an order.
  static const std::unique_ptr<EVP_MD, decltype(&EVP_MD_free)> fetched(EVP_MD_fetch(nullptr, "SHA256", nullptr),
                                                                       &EVP_MD_free);
  return fetched.get();
}

}  // namespace

sha256 sha256_of(std::string_view bytes) {
  sha256 digest{};
  unsigned int size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, algorithm(), nullptr) != 1 ||
      size != digest.size()) {
    throw std::runtime_error("OpenSSL cannot compute SHA-256");
  }
  return digest;
}

sha256 hmac_sha256_of(std::string_view key, std::string_view bytes) {
  sha256 digest{};
  unsigned int size = 0;
  const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
  if (HMAC(algorithm(), key.data(), static_cast<int>(key.size()), data, bytes.size(), digest.data(), &size) ==
          nullptr ||
      size != digest.size()) {
    throw std::runtime_error("OpenSSL cannot compute HMAC-SHA256");
  }
  return digest;
}

bool equal_in_constant_time(const sha256& a, const sha256& b) noexcept {
  return CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string to_hex(const sha256& digest) {
  return fmt::format("{:02x}", fmt::join(digest, ""));
}

}  // namespace ordersync::core
