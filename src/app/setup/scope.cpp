#include "app/setup/scope.hpp"

#include "core/sha256.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string>

namespace ordersync::app::setup {

store::coverage::account_scope scope_of(const config::account& account, const config::api_settings& api) {
  auto users = account.user_id_list;
  std::sort(users.begin(), users.end());
  const auto asked = fmt::format("POST {}{}, times at {:+} s, as user {}, orders of {}", api.base_url.text(), api.path,
                                 api.time_zone.count(), account.user_id,
                                 users.empty() ? "all users" : fmt::format("{}", fmt::join(users, " ")));
  // The access key decides too, but is nobody's business.
  return {account.name, core::to_hex(core::sha256_of(asked + "\n" + account.access_key)), asked};
}

}  // namespace ordersync::app::setup
