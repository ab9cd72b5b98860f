#include "core/base64.hpp"

#include <openssl/evp.h>

#include <vector>

namespace ordersync::core {

std::string base64_of(std::string_view bytes) {
  const std::vector<unsigned char> plain(bytes.begin(), bytes.end());
  std::vector<unsigned char> encoded(4 * ((plain.size() + 2) / 3) + 1);  // and the zero at its end
  const auto length = EVP_EncodeBlock(encoded.data(), plain.data(), static_cast<int>(plain.size()));
  return {encoded.begin(), encoded.begin() + length};
}

}  // namespace ordersync::core
