#pragma once
// `erase` and `retention`: personal data erased on request, and by age.

#include "app/commands/session.hpp"
#include "app/tasks/maintenance_views.hpp"

#include <cstdint>

namespace ordersync::app::commands {

core::result<store::maintenance::erased_order> erase_order(session& in, std::int64_t id);
core::result<store::maintenance::erasure> erase_mobile(session& in, std::string mobile);

// What they would erase; nothing is changed.
core::result<store::maintenance::erased_order> estimate_order(session& in, std::int64_t id);
core::result<store::maintenance::erasure> estimate_mobile(session& in, std::string mobile);

// By the configuration's retention; failure::input when that is off.
core::result<tasks::retention_result> apply_retention(session& in, bool dry_run,
                                                      const tasks::retention_listener& listener);

}  // namespace ordersync::app::commands
