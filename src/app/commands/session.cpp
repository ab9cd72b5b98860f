#include "app/commands/session.hpp"

#include "app/setup/clock_and_random.hpp"
#include "app/setup/service_user.hpp"
#include "app/setup/wiring.hpp"
#include "config/values.hpp"
#include "core/local_time.hpp"
#include "service/logging.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <string>
#include <string_view>

namespace ordersync::app::commands {
namespace {

store::pg::settings database_settings(const setup::configuration& from, setup::purpose of) {
  auto settings = setup::store_settings_of(from);
  if (of == setup::purpose::look) settings.retry.give_up_after = std::chrono::seconds{3};
  return settings;
}

}  // namespace

session::session(setup::configuration loaded, setup::purpose of)
    : configuration_(std::move(loaded)),
      log_(service::make_stderr_log(setup::log_options_of(configuration_.settings))),
      database_(store::make_database(database_settings(configuration_, of), *log_)) {}

session::~session() = default;

boost::system::result<std::unique_ptr<session>, std::vector<std::string>> session::open(
    const setup::configuration_files& files, setup::purpose of) {
  auto loaded = setup::load(files, of);
  if (loaded.has_error()) return loaded.error();
  setup::become_service_user(loaded->settings);
  return std::make_unique<session>(std::move(*loaded), of);
}

namespace {

// Of what somebody wrote by mistake.
constexpr std::size_t longest_shown = 40;

constexpr std::array<std::string_view, 5> units{"ms", "s", "m", "h", "d"};

// An age of more than there is, or a year that is valid otherwise.
bool is_before_all(std::string_view text) {
  const auto unit = text.substr(std::min(text.find_first_not_of("0123456789"), text.size()));
  if (unit.size() < text.size() && std::ranges::find(units, unit) != units.end()) return true;
  const bool is_early = text.size() >= 5 && text[4] == '-' && text.substr(0, 4) < "1970" &&
                        std::ranges::all_of(text.substr(0, 4), [](char c) { return c >= '0' && c <= '9'; });
  return is_early &&
         config::parse_moment("2000" + std::string{text.substr(4)}, std::chrono::seconds{0}, {}).has_value();
}

}  // namespace

core::result<core::second> session::parse_time(std::string_view text) const {
  const auto now = std::chrono::floor<std::chrono::seconds>(setup::wall_clock()());
  const auto time = config::parse_moment(text, configuration_.settings.api.time_zone, now);
  if (time) return *time;
  const auto given =
      text.size() > longest_shown ? fmt::format("{}...", text.substr(0, longest_shown)) : std::string{text};
  if (is_before_all(text))
    return core::make_error(core::failure::input,
                            fmt::format("'{}' is before 1970-01-01, the first day there is", given));
  return core::make_error(core::failure::input, fmt::format("'{}' is not a time: {}", given, config::moment_hint));
}

std::string session::local_text(core::second t) const {
  const auto zone = configuration_.settings.api.time_zone;
  return core::local_text(t, std::chrono::duration_cast<std::chrono::minutes>(zone));
}

std::vector<std::string> session::account_names() const {
  std::vector<std::string> names;
  names.reserve(configuration_.settings.accounts.size());
  for (const auto& account : configuration_.settings.accounts) names.push_back(account.name);
  return names;
}

}  // namespace ordersync::app::commands
