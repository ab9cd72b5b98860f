#pragma once
// Is the mirror complete and current? If not, why, and what is to be done? In words. Pure.

#include "app/status/status_view.hpp"
#include "app/telemetry/request_history.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ordersync::app::status {

// Worse is greater.
enum class health {
  good,
  notice,       // complete and current, and something is worth a look
  catching_up,  // not complete yet, and on its way without anybody doing anything
  bad,          // somebody has to look
};
const char* name(health of) noexcept;  // "good", "notice", "catching_up", "bad"

struct finding {
  health level = health::notice;
  std::string headline;  // of the whole verdict, when this is the worst
  std::string what;
  std::string cure;
};

struct verdict {
  health level = health::good;
  std::string headline;
  std::vector<finding> findings;  // the worst first
};

// How requests may be sent; what the database alone does not show.
struct request_limits {
  std::chrono::milliseconds timeout{0};
  int in_flight = 1;
  double per_second = 1;
  int page_size = 1;
};

// What is known at `now`. The texts hold no personal data and no texts of the database.
struct situation {
  core::instant now{};
  const status_view* view = nullptr;        // none: the database was never reached
  std::optional<core::failure> database{};  // why the last look at it did not work
  // Of the configured accounts that have gaps.
  std::vector<store::reports::coverage_report> coverage{};
  // Requests of this process; empty while it stands by.
  std::map<std::string, telemetry::request_history::account_state, std::less<>> api{};
  std::optional<request_limits> requests{};
};

verdict assess(const situation& of);

// Whether a daemon leads: it reported within the last seconds.
bool is_led(const store::reports::status_report& totals);

// "5 min ago, by slice: 12 expected, 14 found: ...".
std::string contradiction_text(const store::coverage::contradiction_report& of, core::instant now);

}  // namespace ordersync::app::status
