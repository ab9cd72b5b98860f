#pragma once
// The daemon's endpoint as a test asks it: where it listens, by its log; a path, by curl; a number of /metrics.

#include "e2e/stage.hpp"

#include <algorithm>
#include <chrono>
#include <functional>
#include <optional>
#include <sstream>
#include <string>
#include <thread>

namespace ordersync::e2e {

// Asks again and again until it holds: an endpoint has no event to wait for. False when it does not in all the time
// that a slow machine under a sanitizer may need.
inline bool poll_until(const std::function<bool()>& holds) {
  const auto end = std::chrono::steady_clock::now() + test_support::default_timeout;
  while (!holds()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds{50});
  }
  return true;
}

struct http_reply {
  std::string status, type, body;
};

inline http_reply get(const std::string& address, const std::string& path) {
  const auto done =
      test_support::run_process({.argv = {"curl", "--silent", "--show-error", "--max-time", "10", "--write-out",
                                          "\n%{http_code} %{content_type}", "http://" + address + path}});
  const auto end = done.out.rfind('\n');
  if (end == std::string::npos || end + 4 > done.out.size()) return {done.err, "", ""};
  return {done.out.substr(end + 1, 3), done.out.substr(std::min(end + 5, done.out.size())), done.out.substr(0, end)};
}

// Once it listens; the last address that it logged.
inline std::string endpoint_of(child_process& daemon) {
  if (!daemon.wait_for_stderr("endpoint_listening")) return "nowhere";
  const auto text = daemon.err();
  const auto at = text.find("address=", text.rfind("endpoint_listening")) + 8;
  return text.substr(at, text.find_first_of(" \n", at) - at);
}

// The sum of all series of a family that have this among their labels; nothing when there is none.
inline std::optional<double> value(const std::string& metrics, const std::string& family,
                                   const std::string& with = "") {
  std::optional<double> sum;
  std::istringstream lines(metrics);
  for (std::string line; std::getline(lines, line);) {
    const bool is_it = line.starts_with(family + "{") || line.starts_with(family + " ");
    if (is_it && line.find(with) != std::string::npos) sum = sum.value_or(0) + std::stod(line.substr(line.rfind(' ')));
  }
  return sum;
}

}  // namespace ordersync::e2e
