#pragma once
// `status`.

#include "app/commands/session.hpp"
#include "app/status/status_view.hpp"
#include "app/status/verdict.hpp"

#include <chrono>

namespace ordersync::app::commands {

core::result<status::status_view> read_status(session& in);

// Between one look and the next. False: a signal has come, and nothing more is to be done.
bool pause(session& in, std::chrono::milliseconds time);

// As the status page assesses it. Reads the reasons of gaps, where there are any.
status::verdict assess(session& in, const status::status_view& view);

}  // namespace ordersync::app::commands
