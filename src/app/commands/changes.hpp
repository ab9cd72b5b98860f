#pragma once
// `changes`.

#include "app/commands/session.hpp"
#include "store/feed/feed.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace ordersync::app::commands {

struct changes_request {
  std::int64_t after = 0;
  bool follow = false;                 // on and on, until a signal; a database that goes away is waited for
  std::optional<std::string> account;  // none: all
};

struct change_listener {
  // In the order of the numbers, each once. False: enough.
  std::function<bool(const store::feed::change&)> changed;
  std::function<void(std::string_view)> notice;  // a line for people, while it follows
};

// The number to go on from.
core::result<std::int64_t> read_changes(session& in, const changes_request& request, const change_listener& listener);

}  // namespace ordersync::app::commands
