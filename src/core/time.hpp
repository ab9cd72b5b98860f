#pragma once
// Points in time and half-open windows of them. Everything inside is UTC; the API's own zone exists only where a
// request is written (pandapon) and where a person types a date (config).

#include <chrono>
#include <string>

namespace ordersync::core {

// The API's createTime and tbCreateTime have milliseconds.
using instant = std::chrono::sys_time<std::chrono::milliseconds>;

// The API's time filter has whole seconds, so windows do too.
using second = std::chrono::sys_seconds;

// [begin, end): holds begin, not end. Empty when end <= begin.
struct window {
  second begin{};
  second end{};

  bool empty() const noexcept { return end <= begin; }
  std::chrono::seconds length() const noexcept { return empty() ? std::chrono::seconds{0} : end - begin; }
  bool contains(instant t) const noexcept { return begin <= t && t < end; }
  bool overlaps(const window& other) const noexcept {
    return !empty() && !other.empty() && begin < other.end && other.begin < end;
  }
  friend bool operator==(const window&, const window&) = default;
  friend auto operator<=>(const window&, const window&) = default;
};

// "2024-05-07T01:52:00Z"; with milliseconds "2024-05-07T01:52:00.123Z". What PostgreSQL and people both read.
std::string to_text(second t);
std::string to_text(instant t);
// "2024-05-07T01:52:00Z/2024-05-07T02:00:00Z" (an ISO 8601 interval).
std::string to_text(const window& w);

}  // namespace ordersync::core
