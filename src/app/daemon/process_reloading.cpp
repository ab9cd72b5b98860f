// How a running daemon takes over another configuration.

#include "app/daemon/process.hpp"
#include "app/setup/wiring.hpp"
#include "config/changed_secrets.hpp"
#include "config/keys.hpp"
#include "service/notify.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string_view>
#include <utility>

namespace ordersync::app::daemon {
namespace {

// What the work does not depend on.
bool is_aside(std::string_view key) {
  return key.starts_with("log.") || key.starts_with("service.") || key.starts_with("push.") ||
         key.starts_with("alerts");
}

template <class Names>
std::string listed(const Names& names, const char* none) {
  return names.empty() ? none : fmt::format("{}", fmt::join(names, " "));
}

}  // namespace

void process::reload() {
  auto loaded = setup::load(files_);
  if (loaded.has_error()) {
    for (const auto& problem : loaded.error())
      log_.write(core::severity::error, "reload_refused",
                 {{"reason", problem}, {"advice", "the old settings stay in force"}});
    return;
  }
  service::notify::reloading();
  reloaded_ = std::make_unique<setup::configuration>(std::move(*loaded));
}

void process::apply_reload() {
  auto& fresh = reloaded_;
  const auto changed = config::changed_keys(configuration_.settings, fresh->settings);
  const auto rotated =
      config::changed_secrets(configuration_.settings, configuration_.secrets, fresh->settings, fresh->secrets);
  const bool works_on = std::ranges::all_of(changed, is_aside) && std::ranges::all_of(rotated, is_aside);
  const bool elsewhere = std::ranges::find(changed, "database.url") != changed.end();
  if (!works_on) {
    step_down();
    end_work();
    // A database that is left and does not answer is not waited for.
    if ((leaving_ || workers_leaving_) && elsewhere) database_->close();
    if (leaving_ || workers_leaving_) return;  // the next look comes back here
  }
  log_.write(core::severity::info, "reloaded",
             {{"keys", listed(changed, "nothing")}, {"secrets", listed(rotated, "unchanged")}});
  log_.set(setup::daemon_log_options_of(fresh->settings));
  if (works_on) {
    configuration_.settings.log = fresh->settings.log;
    configuration_.settings.service = fresh->settings.service;
    configuration_.settings.push = fresh->settings.push;
    configuration_.settings.alerts = fresh->settings.alerts;
    configuration_.secrets.alerts = std::move(fresh->secrets.alerts);
    configuration_.secrets.admin_token = std::move(fresh->secrets.admin_token);
  } else {
    configuration_ = std::move(*fresh);
    prepared_.reset();
    schema_current_ = false;
    const auto settings = setup::store_settings_of(configuration_);
    database_->reconfigure(settings.password, settings.accounts, settings.details);
    election_->reconfigure(settings.password);
    if (elsewhere) open_database();
  }
  reloaded_.reset();
  taken_over_(configuration_);
  settled_ = false;  // ready() ends the reload
}

}  // namespace ordersync::app::daemon
