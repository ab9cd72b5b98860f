#include "config/secret.hpp"

#include <cstring>

namespace ordersync::config {

void wipe(std::vector<char>& bytes) noexcept {
  if (!bytes.empty()) explicit_bzero(bytes.data(), bytes.size());
}

secret& secret::operator=(secret&& other) noexcept {
  if (this == &other) return *this;
  wipe(bytes_);
  bytes_ = std::move(other.bytes_);
  other.bytes_.clear();
  return *this;
}

secret::~secret() {
  wipe(bytes_);
}

}  // namespace ordersync::config
