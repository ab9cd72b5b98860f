#pragma once
// How far a sweep is, in numbers.

#include "sync/ports.hpp"

#include <chrono>
#include <cstdint>

namespace ordersync::sync::sweep {

struct sweep_progress {
  std::int64_t calls = 0;  // requests answered or failed
  std::int64_t windows_proven = 0;
  std::int64_t windows_split = 0;
  std::int64_t gaps = 0;          // windows left unproven
  std::int64_t not_accepted = 0;  // of these: seen in full, but the API was not shown to answer such windows in full
  std::int64_t orders = 0;        // orders committed (created, changed or unchanged)
  std::int64_t created = 0;
  std::int64_t changed = 0;
  std::int64_t unchanged = 0;
  std::int64_t quarantined = 0;
  std::int64_t expected_orders = 0;  // what the API counts in the ranges begun so far, about
  std::chrono::seconds done{0};      // of the range: proven or known to be a gap
  std::chrono::seconds range{0};     // the ranges' lengths together

  void committed(const commit_summary& summary) noexcept {
    created += summary.created;
    changed += summary.changed;
    unchanged += summary.unchanged;
    quarantined += summary.quarantined;
    orders += summary.created + summary.changed + summary.unchanged;
  }
};

}  // namespace ordersync::sync::sweep
