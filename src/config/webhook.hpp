#pragma once
// The URL of a webhook, which is a secret as a whole: nothing here quotes it. Pure.

#include "config/settings.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace ordersync::config {

struct webhook_address {
  https_url server;
  std::string target;  // path and query, as they are sent; begins with '/'
};

// "https://HOST[:PORT]/PATH[?QUERY]". Nothing for another scheme, user information, no path, a fragment, or what is not
// visible ASCII.
std::optional<webhook_address> parse_webhook(std::string_view url);

// Whose webhooks this host is known for; nothing for others, which may be gateways of any format.
std::optional<alert_format> format_of_host(std::string_view host);

// The words of the configuration: "dingtalk", "gap".
const char* name(alert_format of) noexcept;
const char* name(alert_kind of) noexcept;

}  // namespace ordersync::config
