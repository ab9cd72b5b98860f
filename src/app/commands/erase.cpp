#include "app/commands/erase.hpp"

#include "app/setup/wiring.hpp"
#include "app/tasks/maintenance_tasks.hpp"

namespace ordersync::app::commands {

core::result<store::maintenance::erased_order> erase_order(session& in, std::int64_t id) {
  return in.run_on_schema(in.database().maintenance().erase_order(id));
}

core::result<store::maintenance::erasure> erase_mobile(session& in, std::string mobile) {
  return in.run_on_schema(in.database().maintenance().erase_mobile(std::move(mobile)));
}

core::result<store::maintenance::erased_order> estimate_order(session& in, std::int64_t id) {
  return in.run_on_schema(in.database().maintenance().estimate_order(id));
}

core::result<store::maintenance::erasure> estimate_mobile(session& in, std::string mobile) {
  return in.run_on_schema(in.database().maintenance().estimate_mobile(std::move(mobile)));
}

core::result<tasks::retention_result> apply_retention(session& in, bool dry_run,
                                                      const tasks::retention_listener& listener) {
  const auto rules = setup::retention_rules_of(in.configuration().settings.retention);
  if (rules.off())
    return core::make_error(core::failure::input,
                            "no retention is configured: set retention.personal_data or retention.payloads");
  bool stopping = false;
  return in.run(tasks::retain(in.database(), rules, dry_run, listener, stopping), [&] { stopping = true; });
}

}  // namespace ordersync::app::commands
