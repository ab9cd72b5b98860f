#pragma once
// Hosts and ports as the configuration writes them. Pure.

#include "config/settings.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace ordersync::config {

// "https://HOST", "https://HOST:PORT", "https://[::1]:PORT"; a single '/' at the end is fine. Nothing for another
// scheme, user information, a path, a query or a fragment.
std::optional<https_url> parse_https_url(std::string_view text);

// "http://HOST" (port 80), "http://HOST:PORT", "http://[::1]:PORT"; the same otherwise.
std::optional<core::http_proxy> parse_proxy_url(std::string_view text);

// "127.0.0.1:9188", "[::1]:9188": an address, not a name, because names are looked up elsewhere and later.
std::optional<listen_address> parse_listen_address(std::string_view text);

// With each %XX as the byte that it means; what is no such escape stays.
std::string percent_decoded(std::string_view text);

// Whether a PostgreSQL URI carries a password, as libpq would see it or as its writer may have meant it.
bool holds_password(std::string_view database_url);

}  // namespace ordersync::config
