#pragma once
// A schedule whose clock is set by hand.

#include "sync/schedule/schedule.hpp"

#include <chrono>
#include <utility>
#include <vector>

namespace ordersync::sync::testing {

// The day after a leap day.
inline constexpr core::second noon{std::chrono::sys_days{std::chrono::year{2024} / 3 / 1} + std::chrono::hours{12}};
inline constexpr std::chrono::steady_clock::time_point power_on{std::chrono::hours{1000}};

inline schedule::moment after(std::chrono::milliseconds since) {
  const auto whole = std::chrono::floor<std::chrono::seconds>(since);
  return {power_on + since, noon + whole, noon + whole};
}

inline schedule::schedule_rules rules(core::second start, std::vector<schedule::tier> tiers = {}) {
  return {start, std::chrono::seconds{10}, std::chrono::seconds{5}, std::chrono::seconds{600}, std::move(tiers)};
}

inline schedule::last_read_map all_read(const core::window& w, core::second at) {
  schedule::last_read_map read;
  read.read(w, at);
  return read;
}

// A schedule for which nothing is to be done but live.
inline schedule::schedule caught_up(std::vector<schedule::tier> tiers = {}) {
  const core::window all{noon - std::chrono::days{300}, noon - std::chrono::seconds{5}};
  return {rules(all.begin, std::move(tiers)), {all}, all_read(all, noon)};
}

inline void finish(schedule::schedule& plan, const schedule::task& t, const schedule::moment& now) {
  for (const auto& w : t.ranges) plan.stored(w, w, now.reading);
  plan.ended(t.id, true, now);
}

inline std::vector<schedule::task> all(schedule::schedule& plan, const schedule::moment& now) {
  std::vector<schedule::task> given;
  while (auto t = plan.next(now)) given.push_back(*t);
  return given;
}

}  // namespace ordersync::sync::testing
