#include "app/commands/quarantine.hpp"

#include "app/tasks/maintenance_tasks.hpp"

namespace ordersync::app::commands {

core::result<std::vector<store::maintenance::quarantined>> list_quarantine(session& in, bool open_only) {
  return in.run_on_schema(in.database().maintenance().quarantine(open_only, 1'000));
}

core::result<store::maintenance::quarantined> find_quarantined(session& in, std::int64_t id) {
  return in.run_on_schema(in.database().maintenance().quarantined_value(id));
}

core::result<tasks::retry_result> retry_quarantined(session& in, std::optional<std::int64_t> id) {
  tasks::retrying task(in.task_dependencies());
  return in.run(task.perform(id), [&] { task.stop(); });
}

}  // namespace ordersync::app::commands
