#include "config/proxy.hpp"

#include "config/addresses.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cctype>
#include <charconv>
#include <cstdlib>

namespace ordersync::config {
namespace {

struct variable {
  std::string name;
  std::string value;
};

// The first of these that is there and not empty.
std::optional<variable> find(const std::vector<std::string>& environment, std::array<std::string_view, 2> names) {
  for (const auto name : names) {
    for (const std::string_view entry : environment) {
      if (!entry.starts_with(name) || entry.substr(name.size(), 1) != "=") continue;
      if (entry.size() > name.size() + 1)
        return variable{std::string(name), std::string(entry.substr(name.size() + 1))};
    }
  }
  return std::nullopt;
}

struct url_parts {
  std::string_view user_info;  // without its '@'
  std::string_view rest;       // host and port
  bool has_user = false;
};

// Of a URL without its scheme. What is behind a slash does not matter.
url_parts split(std::string_view url) {
  if (const auto scheme = url.find("://"); scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
  const auto at = url.rfind('@');
  url_parts parts{url.substr(0, at == std::string_view::npos ? 0 : at), url, at != std::string_view::npos};
  if (parts.has_user) parts.rest.remove_prefix(at + 1);
  parts.rest = parts.rest.substr(0, parts.rest.find('/'));
  return parts;
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

// As names are compared: without the dot at their end that says "from the root".
std::string plain_name(std::string_view name) {
  if (name.ends_with('.')) name.remove_suffix(1);
  return lower(name);
}

// In network order; 4 or 16 of them.
using address_bytes = std::vector<unsigned char>;

std::optional<address_bytes> address_of(std::string_view text) {
  const bool six = text.find(':') != std::string_view::npos;
  address_bytes bytes(six ? sizeof(in6_addr) : sizeof(in_addr));
  if (inet_pton(six ? AF_INET6 : AF_INET, std::string(text).c_str(), bytes.data()) != 1) return std::nullopt;
  return bytes;
}

bool same_beginning(const address_bytes& a, const address_bytes& b, std::size_t bits) {
  const auto whole = static_cast<std::ptrdiff_t>(bits / 8);
  if (!std::equal(a.begin(), a.begin() + whole, b.begin())) return false;
  const auto left = bits % 8;
  return left == 0 || (a[bits / 8] ^ b[bits / 8]) >> (8 - left) == 0;
}

// `entry`: "10.0.0.0/8", "10.1.2.3", "[::1]".
bool lists_address(std::string_view entry, const address_bytes& host) {
  if (entry.starts_with('[') && entry.ends_with(']')) entry = entry.substr(1, entry.size() - 2);
  const auto slash = entry.find('/');
  const auto listed = address_of(entry.substr(0, slash));
  if (!listed || listed->size() != host.size()) return false;
  auto bits = 8 * host.size();
  if (slash != std::string_view::npos) {
    const auto text = entry.substr(slash + 1);
    std::size_t given = 0;
    const auto [end, bad] = std::from_chars(text.begin(), text.end(), given);
    if (text.empty() || bad != std::errc{} || end != text.end() || given > bits) return false;
    bits = given;
  }
  return same_beginning(*listed, host, bits);
}

bool lists_name(std::string_view entry, const std::string& host) {
  if (entry.starts_with('.')) entry.remove_prefix(1);
  const auto name = plain_name(entry);
  return !name.empty() && (host == name || host.ends_with("." + name));
}

// Without what it exempts.
environment_proxy read_proxy(const variable& from) {
  environment_proxy said;
  said.variable = from.name;
  const auto address = parse_proxy_url(fmt::format("http://{}", split(from.value).rest));
  const auto user = credentials_in(from.value);
  if (const auto why = why_no_proxy(from.value))
    said.flaw = *why;
  else if (!address)
    said.flaw = "it names no proxy; write http://HOST:PORT";
  else if (user && user->user.find(':') != std::string::npos)
    said.flaw = "its user contains a colon";
  else
    said.through = *address;
  if (user) said.user = user->user;
  return said;
}

}  // namespace

std::optional<std::string> why_no_proxy(std::string_view url) {
  const auto end = url.find("://");
  if (end == std::string_view::npos) return std::nullopt;
  const auto scheme = lower(url.substr(0, end));
  if (scheme == "http") return std::nullopt;
  if (scheme == "https")
    return "a proxy that is spoken to by TLS (https://) is not supported; write http://HOST:PORT: what passes through "
           "it is TLS all the same";
  return "only http:// proxies are supported; write http://HOST:PORT, or none";
}

bool lists_host(std::string_view list, const std::string& host) {
  constexpr std::string_view separators = ", \t";
  const auto address = address_of(host);
  const auto name = plain_name(host);
  while (!list.empty()) {
    const auto entry = list.substr(0, list.find_first_of(separators));
    list.remove_prefix(std::min(list.size(), entry.size() + 1));
    if (entry.empty()) continue;
    if (entry == "*") return true;
    if (address ? lists_address(entry, *address) : lists_name(entry, name)) return true;
  }
  return false;
}

std::vector<problem> follow_environment(settings& s, const std::vector<std::string>& environment) {
  if (s.api.proxy) return {};
  const auto proxy = find(environment, {"https_proxy", "HTTPS_PROXY"});
  if (!proxy) return {};
  auto said = read_proxy(*proxy);
  if (const auto exempt = find(environment, {"no_proxy", "NO_PROXY"})) {
    said.exempt = exempt->value;
    said.exempt_variable = exempt->name;
  }
  s.api.environment = said;
  if (lists_host(said.exempt, s.api.base_url.host)) {
    s.api.proxy = proxy_choice{std::nullopt, said.exempt_variable};
    return {};
  }
  if (!said.flaw.empty())
    return {problem{fmt::format("environment variable {}", said.variable),
                    {},
                    fmt::format("{}; or set api.proxy, which takes precedence", said.flaw)}};
  if (s.api.proxy_user.empty()) s.api.proxy_user = said.user;
  s.api.proxy = proxy_choice{said.through, said.variable};
  return {};
}

std::optional<proxy_credentials> environment_credentials(const std::string& name) {
  const char* value = std::getenv(name.c_str());  // NOLINT(concurrency-mt-unsafe): see the header
  return value == nullptr ? std::nullopt : credentials_in(value);
}

std::optional<proxy_credentials> credentials_in(std::string_view value) {
  const auto parts = split(value);
  if (!parts.has_user) return std::nullopt;
  const auto colon = parts.user_info.find(':');
  proxy_credentials found{percent_decoded(parts.user_info.substr(0, colon)), {}};
  if (colon == std::string_view::npos) return found;
  const auto password = percent_decoded(parts.user_info.substr(colon + 1));
  found.password = secret({password.begin(), password.end()});
  return found;
}

}  // namespace ordersync::config
