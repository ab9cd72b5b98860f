#pragma once
// `backfill create --details`: queues the details of the mirror's orders, for the daemons to read.

#include "app/commands/session.hpp"
#include "store/details/details.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace ordersync::app::commands {

struct queued_details {
  std::string account;
  std::int64_t queued = 0;                 // that were not in the queue before
  store::details::detail_figures figures;  // afterwards
  std::chrono::seconds time{0};            // that a daemon takes for what is due, at its share of the rate, about
};

// No account: all configured ones. failure::input where details are not read.
core::result<std::vector<queued_details>> queue_details(session& in, std::optional<std::string> account,
                                                        core::window range);

// What is called of an account, about every second.
using details_listener = std::function<void(const std::string& account, const store::details::detail_figures& now)>;

struct awaited_details {
  std::vector<queued_details> accounts;
  bool refused = false;      // the API does not permit these calls for one of them, so they are not read
  bool interrupted = false;  // by a signal: they go on
};

// Until no detail that was asked for is left but those whose reads failed, or the API is seen to refuse them.
core::result<awaited_details> await_details(session& in, std::vector<queued_details> accounts,
                                            const details_listener& listener);

}  // namespace ordersync::app::commands
