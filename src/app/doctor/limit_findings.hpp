#pragma once
// What follows for `doctor` from a trial of an account's API (see sync/trial.hpp), and from what is known of it. Pure;
// who performs it is evidence_trials.hpp.

#include "app/doctor/report.hpp"
#include "app/tasks/limits.hpp"
#include "sync/trials/trial.hpp"

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ordersync::app::doctor {

// In the order in which they are reported; each for every account.
inline constexpr std::array<std::string_view, 5> evidence_names{"filter", "near_now", "long_ranges", "counts",
                                                                "all_statuses"};

struct tried_account {
  std::string account;
  std::chrono::seconds wanted{0};      // the length of the longest range
  sync::evidence::known_limits found;  // nothing was known before
  sync::trials::trial_report report;   // what it rests on
  std::optional<core::error> broken;   // what kept it from being finished
};

// "known_limits": what is kept in the database, and what is set by hand.
check assess_known_limits(const std::string& account, const std::vector<tasks::limit_view>& limits);

// Those of evidence_names. A limit that the mirror can work with is no failure.
std::vector<check> assess_evidence(const tried_account& of);

}  // namespace ordersync::app::doctor
