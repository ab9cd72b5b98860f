#pragma once
// The last warnings and errors of the log, for people who look at the page: those of the same event, account and kind
// of failure are one, with a count. Bounded. Any thread.

#include "core/log.hpp"
#include "core/time.hpp"

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ordersync::app {

struct trouble {
  std::string event;
  core::severity level = core::severity::warning;
  core::instant first_at{};
  core::instant last_at{};
  std::int64_t count = 0;
  std::vector<std::pair<std::string, std::string>> fields{};  // of the last time
};

class troubles {
 public:
  static constexpr std::size_t most = 50;
  static constexpr std::size_t longest_field = 500;  // bytes; what is longer is cut

  // What is less than a warning is left out.
  void add(core::instant at, core::severity level, std::string_view event,
           std::initializer_list<core::log_field> fields);
  // The latest first.
  std::vector<trouble> latest() const;

 private:
  mutable std::mutex mutex_;
  std::list<trouble> list_;
};

}  // namespace ordersync::app
