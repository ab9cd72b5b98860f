#pragma once
// The port through which every room reports what happened: one event a call, with a stable name and named fields.
// service implements it over spdlog; tests record it. Implementations are thread-safe and do not throw.
//
// A field's name means the same in every event; docs/operations.md lists them. `time`, `level` and `event` are taken.
//
// Never pass bodies, headers, secrets, personal data or texts of the database.

#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace ordersync::core {

enum class severity { trace, debug, info, warning, error };

// A number that is an identifier rather than a count is passed as text: JSON's readers keep 53 bits of a number.
template <class T>
concept log_number = std::is_arithmetic_v<T> && !std::same_as<T, char>;

// One whose value is empty is not written: what is not known is left out.
struct log_field {
  enum class type {
    string,
    number,
    seconds,  // a duration, in seconds with at most three decimals
  };

  std::string_view name;
  std::string value;
  type kind = type::string;

  log_field(std::string_view n, std::string v) : name(n), value(std::move(v)) {}
  log_field(std::string_view n, std::string_view v) : name(n), value(v) {}
  log_field(std::string_view n, const char* v) : name(n), value(v) {}
  template <log_number Number>
  log_field(std::string_view n, Number v) : name(n), value(fmt::format("{}", v)), kind(kind_of(v)) {}
  template <log_number Number>
  log_field(std::string_view n, const std::optional<Number>& v) : name(n) {
    if (v) *this = log_field(n, *v);
  }
  template <class Rep, class Period>
  log_field(std::string_view n, std::chrono::duration<Rep, Period> v)
      : name(n), value(in_seconds(std::chrono::floor<std::chrono::milliseconds>(v))), kind(type::seconds) {}

 private:
  // Infinity and NaN are no numbers of JSON.
  template <log_number Number>
  static type kind_of(Number v) {
    if constexpr (std::is_floating_point_v<Number>) return std::isfinite(v) ? type::number : type::string;
    return type::number;
  }
  static std::string in_seconds(std::chrono::milliseconds length) {
    const auto whole = std::chrono::abs(length).count();
    auto shown = fmt::format("{}{}.{:03}", length.count() < 0 ? "-" : "", whole / 1000, whole % 1000);
    shown.erase(shown.find_last_not_of('0') + 1);
    if (shown.back() == '.') shown.pop_back();
    return shown;
  }
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
