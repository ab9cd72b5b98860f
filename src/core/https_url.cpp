#include "core/https_url.hpp"

#include "core/http_proxy.hpp"

#include <fmt/format.h>

#include <arpa/inet.h>
#include <array>

namespace ordersync::core {
namespace {

bool is_address(int family, const std::string& host) {
  std::array<unsigned char, sizeof(in6_addr)> unused{};
  return inet_pton(family, host.c_str(), unused.data()) == 1;
}

std::string bracketed(const std::string& host) {
  return host.find(':') == std::string::npos ? host : "[" + host + "]";
}

}  // namespace

bool https_url::is_ip_address() const {
  return is_address(AF_INET, host) || is_address(AF_INET6, host);
}

std::string https_url::authority() const {
  return port == 443 ? bracketed(host) : fmt::format("{}:{}", bracketed(host), port);
}

std::string https_url::text() const {
  return fmt::format("https://{}:{}", bracketed(host), port);
}

std::string http_proxy::authority() const {
  return fmt::format("{}:{}", bracketed(host), port);
}

}  // namespace ordersync::core
