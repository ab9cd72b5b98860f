#pragma once
// `alerts test`: whether each webhook of the configuration takes a message.

#include "app/alerts/webhook.hpp"
#include "app/commands/session.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace ordersync::app::commands {

struct tried_webhook {
  std::size_t number = 0;  // from 1, as the configuration has them
  std::string name;        // of the file with the URL
  std::string format;      // "slack"
  bool accepted = false;
  std::string reason;  // why not
};

// One message to each, or to that number alone; each once, without tries again. failure::input where there is none.
core::result<std::vector<tried_webhook>> try_alerts(session& with, std::optional<std::size_t> number,
                                                    const std::string& version);

}  // namespace ordersync::app::commands
