#include "service/notify.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <systemd/sd-daemon.h>

namespace ordersync::service::notify {
namespace {

// A message that does not arrive is nobody's business but the manager's, and it will act on the silence.
void send(const std::string& message) {
  static_cast<void>(sd_notify(0, message.c_str()));
}

// The clock that systemd compares with is CLOCK_MONOTONIC, which is what libstdc++'s steady clock reads.
std::int64_t monotonic_microseconds() {
  const auto since_boot = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(since_boot).count();
}

}  // namespace

void ready() {
  send("READY=1");
}

// The time lets systemd from 253 on (Type=notify-reload) distinguish this reload from one before it; older ones ignore
// it.
void reloading() {
  send("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(monotonic_microseconds()));
}

void stopping() {
  send("STOPPING=1");
}

void status(std::string_view line) {
  std::string message = "STATUS=";
  message += line;
  std::replace_if(
      message.begin(), message.end(), [](char c) { return (c >= 0 && c < 0x20) || c == 0x7F; }, ' ');
  send(message);
}

void watchdog() {
  send("WATCHDOG=1");
}

std::optional<std::chrono::microseconds> watchdog_interval() {
  std::uint64_t microseconds = 0;
  if (sd_watchdog_enabled(0, &microseconds) <= 0) return std::nullopt;
  return std::chrono::microseconds(microseconds);
}

}  // namespace ordersync::service::notify
