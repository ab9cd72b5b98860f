#pragma once
// A log that keeps its lines, for tests that read them: "warning request_retry account=main window=1-1 attempt=2".

#include "core/log.hpp"

#include <string>
#include <vector>

namespace ordersync::sync::testing {

struct recorded_log : core::log {
  std::vector<std::string> lines;

  void write(core::severity, std::string_view event, std::initializer_list<core::log_field> fields) noexcept override {
    std::string line(event);
    for (const auto& field : fields)
      if (!field.value.empty()) line.append(" ").append(field.name).append("=").append(field.value);
    lines.push_back(std::move(line));
  }

  // The events of the window of that name and of its parts, in the order in which they were told.
  std::vector<std::string> story_of(const std::string& window) const {
    std::vector<std::string> story;
    for (const auto& line : lines) {
      const auto at = line.find(" window=" + window);
      if (at == std::string::npos) continue;
      const auto after = line.find_first_not_of("0123456789", at + 8 + window.size());
      const bool longer = after != at + 8 + window.size();
      if (!longer) story.push_back(line.substr(0, line.find(' ')));
    }
    return story;
  }
};

}  // namespace ordersync::sync::testing
