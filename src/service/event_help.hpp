#pragma once
// What each warning and error of the log means and what to do about it: one table for the status page and for
// docs/operations.md. A test holds that every such event of the source is in it.

#include "core/log.hpp"

#include <string_view>
#include <vector>

namespace ordersync::service {

struct event_help {
  std::string_view event;
  core::severity level = core::severity::warning;
  std::string_view cause;
  std::string_view cure;
};

// In the order of the page: by event.
const std::vector<event_help>& all_event_help();
// None for an event that needs no help.
const event_help* help_for(std::string_view event) noexcept;

}  // namespace ordersync::service
