#pragma once
// Reading the secrets that the settings name, apart from loading, so that a reload can read them anew and `check` can
// report all of their problems beside those of the file.
//
// Where a secret comes from: a value without a slash is first looked for as a systemd credential, the file of that name
// in the credentials directory, or else of that name behind "ordersync_": so systemd names the files of the directory
// that the packaged unit loads with LoadCredential=ordersync:/etc/ordersync/secrets. Otherwise the value is a path,
// relative to the configuration's directory. An account without access_secret_file uses the credential that has the
// account's name.
//
// A file that its group or others may use is refused, except in the credentials directory, where systemd sets the
// modes; and except root's files on a read-only mount or below /run/secrets, where container engines set them: those
// others may read. Line ends behind the secret are left out. Complaints never show a reference that leads nowhere: it
// may be the secret itself, written into the wrong place.

#include "config/secret.hpp"
#include "config/settings.hpp"

#include <filesystem>
#include <optional>
#include <vector>

namespace ordersync::config {

struct alert_secrets {
  secret webhook;                 // a URL that parse_webhook() takes
  std::optional<secret> signing;  // not given: messages are not signed
  friend bool operator==(const alert_secrets&, const alert_secrets&) = default;
};

struct secrets {
  std::vector<secret> access_secrets;       // one an account, in the order of settings::accounts
  std::optional<secret> database_password;  // not given: none is to be sent
  std::optional<secret> proxy_password;     // not given: none is to be sent
  std::optional<secret> admin_token;        // not given: nothing can be ordered over HTTP
  std::vector<alert_secrets> alerts;        // one an alert, in the order of settings::alerts
};

// Blocks on the file system. `credentials_directory` is empty when there is none.
checked<secrets> read_secrets(const settings& s, const std::filesystem::path& credentials_directory);

// $CREDENTIALS_DIRECTORY, which systemd sets for a service with credentials; empty when unset. Not to be called while
// another thread changes the environment.
std::filesystem::path credentials_directory_of_process();

}  // namespace ordersync::config
