#include "app/setup/scope.hpp"

#include "app/setup/wiring.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>

namespace ordersync::app::setup {

namespace {

std::string sha256_hex(const std::string& text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  if (EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1)
    throw std::runtime_error("OpenSSL has no SHA-256");
  return fmt::format("{:02x}", fmt::join(digest.begin(), digest.begin() + size, ""));
}

}  // namespace

store::coverage::account_scope scope_of(const config::account& account, const config::api_settings& api) {
  auto users = account.user_id_list;
  std::sort(users.begin(), users.end());
  const auto asked = fmt::format("POST {}{}, times at {:+} s, as user {}, orders of {}", base_url_of(api), api.path,
                                 api.time_zone.count(), account.user_id,
                                 users.empty() ? "all users" : fmt::format("{}", fmt::join(users, " ")));
  // The access key decides too, but is nobody's business.
  return {account.name, sha256_hex(asked + "\n" + account.access_key), asked};
}

}  // namespace ordersync::app::setup
