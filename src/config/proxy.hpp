#pragma once
// The proxy that the environment names for all programs, as curl takes it: https_proxy or HTTPS_PROXY, unless no_proxy
// or NO_PROXY lists the host. It counts where the configuration has no api.proxy.
//
// Hazard: the variable may hold a password; the settings and the problems never do.

#include "config/secret.hpp"
#include "config/settings.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ordersync::config {

// What api.proxy says instead of a URL.
inline constexpr std::string_view no_proxy = "none";

// Why a URL of this scheme names no proxy that can be used; none: its scheme is not the reason.
std::optional<std::string> why_no_proxy(std::string_view url);

// Completes settings that have no api.proxy: environment, and for the API's host proxy and proxy_user. `environment`:
// "NAME=value", all of the process. A value that cannot be used is a problem, unless no_proxy has the API's host.
std::vector<problem> follow_environment(settings& s, const std::vector<std::string>& environment);

struct proxy_credentials {
  std::string user;
  secret password;
};
// From the value of such a variable, "http://USER:PASSWORD@HOST:PORT", both percent-encoded; none without a user.
std::optional<proxy_credentials> credentials_in(std::string_view value);

// The same of a variable of the process. Not to be called while another thread changes the environment.
std::optional<proxy_credentials> environment_credentials(const std::string& name);

// Whether a list such as "localhost,.corp.example,10.0.0.0/8" has the host: a name with all below it, an address, a
// network of addresses, or * for all. Ports are not looked at.
bool lists_host(std::string_view no_proxy_list, const std::string& host);

}  // namespace ordersync::config
