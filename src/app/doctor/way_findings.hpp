#pragma once
// By which way `doctor` gets to the API: proxy, name servers, address. Pure, but for reading resolv.conf.

#include "app/doctor/report.hpp"
#include "config/settings.hpp"
#include "core/error.hpp"
#include "core/time.hpp"
#include "pandapon/probe.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace ordersync::app::doctor {

// "proxy": which one, and what says so.
check assess_proxy(const config::api_settings& api);

// What the system is configured with, by the text of /etc/resolv.conf: "10.0.0.2, 10.0.0.3", or "systemd-resolved"
// where that is in between. Whether they were asked about a name is not known: /etc/hosts may have it.
std::string name_servers_in(std::string_view resolv_conf);
// Of this machine.
std::string name_servers_of_machine();

// "dns": of the API's host, or of the proxy that looks it up.
check assess_addresses(const config::api_settings& api, const core::result<std::vector<std::string>>& addresses,
                       const std::string& name_servers);

// "tls": which address answered, and whose certificate.
check assess_tls(const core::result<pandapon::handshake_facts>& facts, const config::api_settings& api,
                 core::second now);

}  // namespace ordersync::app::doctor
