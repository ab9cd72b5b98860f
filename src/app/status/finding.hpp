#pragma once
// One thing about the mirror that is worth a look, in words.

#include "config/settings.hpp"
#include "core/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

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
  std::optional<config::alert_kind> alert{};  // as what alerts report it; none: only who looks sees it
  std::string account{};                      // whose it is; empty: the whole mirror's
  std::optional<core::instant> since{};       // when it began, as `what` counts it
  std::optional<core::instant> seen_at{};     // else a time at which it was there already; none: not known either
  std::string alert_headline{};               // in an alert, beside others; empty: the headline
};

// The headline of findings that are no more than a notice.
inline constexpr auto complete_with_warnings = "Complete and current, with warnings";

// "1 gap", "3 gaps".
std::string plural(std::int64_t n, std::string_view one, std::string_view more);

}  // namespace ordersync::app::status
