#pragma once
// Commands that root runs, for example by sudo: where their secrets are, and as whom they speak to PostgreSQL.

#include "config/settings.hpp"

#include <filesystem>

namespace ordersync::app::setup {

// $CREDENTIALS_DIRECTORY; for root without one the directory that the packaged service has its credentials from, where
// it is there. Empty: none.
std::filesystem::path credentials_directory();

// Whether this is root's command on a machine with the package, whose daemon systemd runs as another user.
bool speaks_for_service();

// Makes root's process one of the user ordersync where database.url leads to this machine's PostgreSQL as the role of
// that name, because peer authentication asks for it. The user of the packaged service is there while the service runs;
// without one nothing happens. After the secrets are read, and before there is a second thread.
void become_service_user(const config::settings& settings);

}  // namespace ordersync::app::setup
