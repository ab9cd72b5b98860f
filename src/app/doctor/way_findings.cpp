#include "app/doctor/way_findings.hpp"

#include "app/setup/wiring.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>

namespace ordersync::app::doctor {
namespace {

// Renewals are automatic these days and happen a month before the end: one that has not by then is forgotten.
constexpr std::chrono::days certificate_warning{21};

bool has_proxy(const config::api_settings& api) {
  return api.proxy && api.proxy->through;
}

std::string host_looked_up(const config::api_settings& api) {
  return has_proxy(api) ? api.proxy->through->host : api.base_url.host;
}

const char* key_of_host(const config::api_settings& api) {
  return has_proxy(api) ? "api.proxy" : "api.base_url";
}

check of_error(const char* name, const core::error& why, std::string cure) {
  return {.name = name,
          .state = check_state::failed,
          .found = why.what,
          .cure = std::move(cure),
          .failing = setup::code_of(why.kind)};
}

std::string cure_for(core::failure handshake, const config::api_settings& api) {
  if (handshake == core::failure::input) return "fix the file named above";
  if (handshake == core::failure::untrusted)
    return "fix the reason above; ordersync sends nothing to a server without a valid certificate";
  if (has_proxy(api)) return "check api.proxy and its user and password, and what the proxy allows; its log says more";
  return "check that this machine can reach the API's host: firewall, api.base_url; or set api.proxy if only a proxy "
         "may";
}

std::string connected_to(const std::string& peer, const config::api_settings& api) {
  const auto* family = peer.find(':') == std::string::npos ? "IPv4" : "IPv6";
  return fmt::format("connected {}{} ({})", has_proxy(api) ? "through the proxy at " : "to ", peer, family);
}

}  // namespace

check assess_proxy(const config::api_settings& api) {
  check one{.name = "proxy", .found = "none", .failing = setup::exit_code::api};
  if (!api.proxy) return one;
  const auto origin = setup::origin_of_proxy(*api.proxy);
  if (!api.proxy->through) {
    one.found = fmt::format("none, by {}", origin);
    return one;
  }
  const auto user = api.proxy_user.empty() ? "without a user" : "as user " + api.proxy_user;
  one.found = fmt::format("http://{} {}, by {}", api.proxy->through->authority(), user, origin);
  return one;
}

std::string name_servers_in(std::string_view resolv_conf) {
  std::istringstream lines{std::string(resolv_conf)};
  std::vector<std::string> servers;
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string keyword;
    std::string server;
    if (words >> keyword >> server && keyword == "nameserver") servers.push_back(server);
  }
  if (servers.empty()) return "none in /etc/resolv.conf";
  if (servers == std::vector<std::string>{"127.0.0.53"})
    return "systemd-resolved at 127.0.0.53 (resolvectl names its servers)";
  return fmt::format("{}", fmt::join(servers, ", "));
}

std::string name_servers_of_machine() {
  std::ifstream file{"/etc/resolv.conf"};
  return name_servers_in(std::string{std::istreambuf_iterator<char>{file}, {}});
}

check assess_addresses(const config::api_settings& api, const core::result<std::vector<std::string>>& addresses,
                       const std::string& name_servers) {
  const auto host = host_looked_up(api);
  if (addresses.has_error())
    return of_error("dns", addresses.error(),
                    fmt::format("check {} and this machine's name servers ({}): getent hosts {}", key_of_host(api),
                                name_servers, host));
  auto unique = *addresses;
  std::ranges::sort(unique);
  unique.erase(std::unique(unique.begin(), unique.end()), unique.end());
  const bool numeric = unique.size() == 1 && unique.front() == host;
  check one{.name = "dns", .failing = setup::exit_code::api};
  one.found = numeric
                  ? host + " is an IP address, no look-up needed"
                  : fmt::format("{}: {}; this machine's name servers: {}", host, fmt::join(unique, ", "), name_servers);
  if (has_proxy(api)) one.found += fmt::format("; the proxy looks up {}", api.base_url.host);
  return one;
}

check assess_tls(const core::result<pandapon::handshake_facts>& facts, const config::api_settings& api,
                 core::second now) {
  if (facts.has_error()) return of_error("tls", facts.error(), cure_for(facts.error().kind, api));
  check one{.name = "tls", .failing = setup::exit_code::api};
  one.found = fmt::format("{}, {}, chain verified", connected_to(facts->peer, api), facts->tls.version);
  for (const auto& certificate : facts->tls.chain) {
    const auto left = std::chrono::floor<std::chrono::days>(certificate.valid_until - now);
    const auto validity = fmt::format("; {} for {} more days", certificate.name, left.count());
    if (one.found.find(validity) == std::string::npos) one.found += validity;
    if (left < certificate_warning) one.state = check_state::warning;
  }
  if (one.state == check_state::warning)
    one.cure =
        "the API becomes unreachable when the certificate expires: its owner has to renew it; if it is yours (a "
        "proxy's), renew it and api.ca_file";
  return one;
}

}  // namespace ordersync::app::doctor
