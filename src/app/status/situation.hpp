#pragma once
// What findings are made of: what is known of the mirror at one moment.

#include "app/status/status_view.hpp"
#include "app/telemetry/request_history.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ordersync::app::status {

// How requests may be sent; what the database alone does not show.
struct request_limits {
  std::chrono::milliseconds timeout{0};
  int in_flight = 1;
  double per_second = 1;
  int page_size = 1;
};

request_limits request_limits_of(const config::settings& settings, double per_second);

// What is known at `now`. The texts hold no personal data and no texts of the database.
struct situation {
  core::instant now{};
  const status_view* view = nullptr;        // none: the database was never reached
  std::optional<core::failure> database{};  // why the last look at it did not work
  // Of the configured accounts that have gaps.
  std::vector<store::reports::coverage_report> coverage{};
  // Requests of this process, which count where the database does not answer; empty while it stands by.
  std::map<std::string, telemetry::request_history::account_state, std::less<>> api{};
  std::optional<request_limits> requests{};
};

// How long the leading daemon has not been seen, by the database.
std::chrono::seconds silence_of_leader(const store::reports::status_report& totals);

// Who works the account; null: nobody knows of it yet.
const store::leadership::account_owner* owner_of(const store::reports::status_report& totals,
                                                 const std::string& account);

// Whether a daemon leads: it reported within the last seconds.
bool is_led(const store::reports::status_report& totals);

}  // namespace ordersync::app::status
