#include "app/setup/service_user.hpp"

#include "config/secrets.hpp"
#include "store/store.hpp"

#include <grp.h>
#include <pwd.h>
#include <system_error>
#include <unistd.h>

namespace ordersync::app::setup {
namespace {

constexpr const char* user_name = "ordersync";
constexpr const char* secrets_of_package = "/etc/ordersync/secrets";

bool is_root() noexcept {
  return ::geteuid() == 0;
}

}  // namespace

bool speaks_for_service() {
  std::error_code ignored;
  return is_root() && config::credentials_directory_of_process().empty() &&
         std::filesystem::is_directory(secrets_of_package, ignored);
}

std::filesystem::path credentials_directory() {
  return speaks_for_service() ? secrets_of_package : config::credentials_directory_of_process();
}

void become_service_user(const config::settings& settings) {
  if (!is_root() || store::local_role(settings.database.url) != user_name) return;
  const auto* user = ::getpwnam(user_name);  // NOLINT(concurrency-mt-unsafe): see the header
  if (user == nullptr) return;
  // The user first would take away the right to change the groups. What fails leaves root, whom PostgreSQL refuses.
  if (::setgroups(0, nullptr) != 0 || ::setgid(user->pw_gid) != 0) return;
  if (::setuid(user->pw_uid) != 0) return;
}

}  // namespace ordersync::app::setup
