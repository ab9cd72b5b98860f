#pragma once
// What the daemon reports to the service manager: ready, reloading, stopping, a line of status, a sign of life.
//
// All of it does nothing and costs nothing where no service manager listens ($NOTIFY_SOCKET is unset or its socket is
// gone): a daemon works the same from a shell. A message is one datagram to a local socket, sent in the caller's
// thread. Thread-safe, except that the environment must not be changed meanwhile.
//
// The sign of life has to come from the loop that does the work, else the watchdog watches nothing.

#include <chrono>
#include <optional>
#include <string_view>

namespace ordersync::service::notify {

// Settled: what was ordered to wait for this service may start. Again after reloading().
void ready();

// A reload begins; ready() ends it, whether the new settings were taken or not.
void reloading();

// The end begins. The manager counts TimeoutStopSec= from when it asked for it, not from here.
void stopping();

// One line that `systemctl status` shows. No secrets, no personal data: everybody on the machine may read it. Line ends
// and other control characters become spaces, since a line end would begin another message.
void status(std::string_view line);

// A sign of life. More often than watchdog_interval(), best twice as often.
void watchdog();

// How long the manager waits for a sign of life before it kills the service; none: it does not watch this process.
std::optional<std::chrono::microseconds> watchdog_interval();

}  // namespace ordersync::service::notify
