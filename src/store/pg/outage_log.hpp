#pragma once
// Reports a database that fails without filling the log: the first failure at once, then a line every 10 s at most,
// whatever the number of tries, and one when it works again. One thread.

#include "core/log.hpp"
#include "store/pg/sql_error.hpp"

#include <chrono>
#include <cstdint>
#include <optional>

namespace ordersync::store::pg {

class outage_log {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  explicit outage_log(core::log& log) : log_(log) {}

  // A try failed and the next one follows after `wait`.
  void failed(time_point now, const char* operation, const sql_error& why, std::chrono::milliseconds wait);
  void worked(time_point now);

 private:
  core::log& log_;
  std::optional<time_point> since_;  // of the failures that have not ended yet
  std::int64_t tries_ = 0;           // that failed since then
  bool logged_ = false;              // of this outage
  const char* operation_ = "";       // that failed last
  std::optional<time_point>
      last_line_;  // also of an earlier one: a database that comes and goes is no reason to log more
};

}  // namespace ordersync::store::pg
