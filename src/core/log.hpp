#pragma once
// The port through which every room tells what happened: one event a call, with a stable name and named fields.
// service implements it over spdlog; tests record it. Implementations are thread-safe and do not throw.
//
// Never pass bodies, headers, secrets, personal data or texts of the database.

#include <fmt/format.h>

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace ordersync::core {

enum class severity { trace, debug, info, warning, error };

struct log_field {
  std::string_view name;
  std::string value;

  log_field(std::string_view n, std::string v) : name(n), value(std::move(v)) {}
  log_field(std::string_view n, std::string_view v) : name(n), value(v) {}
  log_field(std::string_view n, const char* v) : name(n), value(v) {}
  template <class Number>
  requires std::is_arithmetic_v<Number> log_field(std::string_view n, Number v)
      : name(n), value(fmt::format("{}", v)) {}
};

class log {
 public:
  log() = default;
  log(const log&) = delete;
  log& operator=(const log&) = delete;
  virtual ~log() = default;

  // `event` is snake_case and stable: operators search for it ("window_proven", "request_retry").
  virtual void write(severity level, std::string_view event, std::initializer_list<log_field> fields) noexcept = 0;
};

}  // namespace ordersync::core
