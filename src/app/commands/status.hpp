#pragma once
// `status`.

#include "app/commands/session.hpp"
#include "app/status/status_view.hpp"

namespace ordersync::app::commands {

core::result<status::status_view> read_status(session& in);

}  // namespace ordersync::app::commands
