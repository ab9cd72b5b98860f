#include "config/changed_secrets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace ordersync::config {

std::vector<std::string> changed_secrets(const settings& before, const secrets& held, const settings& after,
                                         const secrets& fresh) {
  std::vector<std::string> changed;
  const auto compare = [&](const std::optional<secret>& a, const std::optional<secret>& b, std::string key) {
    if (a && b && *a != *b) changed.push_back(std::move(key));
  };
  for (std::size_t i = 0; i < before.accounts.size(); ++i) {
    const auto& name = before.accounts[i].name;
    const auto at = std::ranges::find(after.accounts, name, &account::name);
    if (at == after.accounts.end()) continue;
    const auto place = static_cast<std::size_t>(at - after.accounts.begin());
    if (held.access_secrets[i] != fresh.access_secrets[place])
      changed.push_back(fmt::format("accounts[{}].access_secret_file", name));
  }
  compare(held.database_password, fresh.database_password, "database.password_file");
  compare(held.proxy_password, fresh.proxy_password, "api.proxy_password_file");
  compare(held.admin_token, fresh.admin_token, "service.admin_token_file");
  for (std::size_t i = 0; i < std::min(held.alerts.size(), fresh.alerts.size()); ++i) {
    if (held.alerts[i].webhook != fresh.alerts[i].webhook) changed.push_back(fmt::format("alerts[{}].webhook_file", i));
    compare(held.alerts[i].signing, fresh.alerts[i].signing, fmt::format("alerts[{}].secret_file", i));
  }
  return changed;
}

}  // namespace ordersync::config
