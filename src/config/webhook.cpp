#include "config/webhook.hpp"

#include "config/addresses.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace ordersync::config {
namespace {

using known_host = std::pair<std::string_view, alert_format>;
constexpr std::array known_hosts{
    known_host{"hooks.slack.com", alert_format::slack}, known_host{"oapi.dingtalk.com", alert_format::dingtalk},
    known_host{"qyapi.weixin.qq.com", alert_format::wecom}, known_host{"open.feishu.cn", alert_format::feishu},
    known_host{"open.larksuite.com", alert_format::feishu}};

}  // namespace

std::optional<webhook_address> parse_webhook(std::string_view url) {
  constexpr std::string_view scheme = "https://";
  const auto is_visible = [](char c) { return c > ' ' && c < 0x7F; };
  if (!url.starts_with(scheme) || !std::ranges::all_of(url, is_visible) || url.find('#') != std::string_view::npos)
    return std::nullopt;
  const auto path = url.find('/', scheme.size());
  if (path == std::string_view::npos || path + 1 == url.size()) return std::nullopt;
  auto server = parse_https_url(url.substr(0, path));
  if (!server) return std::nullopt;
  return webhook_address{std::move(*server), std::string(url.substr(path))};
}

std::optional<alert_format> format_of_host(std::string_view host) {
  const auto found = std::ranges::find(known_hosts, host, &known_host::first);
  return found == known_hosts.end() ? std::nullopt : std::optional{found->second};
}

const char* name(alert_format of) noexcept {
  switch (of) {
    case alert_format::json:
      return "json";
    case alert_format::slack:
      return "slack";
    case alert_format::dingtalk:
      return "dingtalk";
    case alert_format::wecom:
      return "wecom";
    case alert_format::feishu:
      return "feishu";
  }
  return "";
}

const char* name(alert_kind of) noexcept {
  switch (of) {
    case alert_kind::gap:
      return "gap";
    case alert_kind::behind:
      return "behind";
    case alert_kind::refused:
      return "refused";
    case alert_kind::database:
      return "database";
    case alert_kind::silent:
      return "silent";
    case alert_kind::recovered:
      return "recovered";
  }
  return "";
}

}  // namespace ordersync::config
