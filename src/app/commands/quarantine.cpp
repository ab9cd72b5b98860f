#include "app/commands/quarantine.hpp"

#include "app/tasks/maintenance_tasks.hpp"

#include <utility>

namespace ordersync::app::commands {

core::result<std::vector<store::maintenance::quarantined>> list_quarantine(session& in,
                                                                           store::maintenance::quarantine_choice of) {
  return in.run_on_schema(in.database().maintenance().quarantine(std::move(of), 1'000));
}

core::result<std::vector<store::maintenance::quarantine_kind>> list_kinds(session& in,
                                                                          store::maintenance::quarantine_choice of) {
  return in.run_on_schema(in.database().maintenance().quarantine_kinds(std::move(of)));
}

core::result<store::maintenance::quarantined> find_quarantined(session& in, std::int64_t id) {
  return in.run_on_schema(in.database().maintenance().quarantined_value(id));
}

core::result<store::maintenance::quarantined> accept_value(session& in, std::int64_t id,
                                                           std::optional<std::string> why) {
  auto& values = in.database().maintenance();
  return in.run_on_schema(why ? values.accept_value(id, std::move(*why)) : values.stop_accepting_value(id));
}

core::result<std::vector<store::maintenance::quarantine_kind>> accept_kinds(session& in,
                                                                            store::maintenance::kind_choice of,
                                                                            std::optional<std::string> why) {
  auto& values = in.database().maintenance();
  return in.run_on_schema(why ? values.accept_kinds(std::move(of), std::move(*why))
                              : values.stop_accepting_kinds(std::move(of)));
}

core::result<tasks::retry_result> retry_quarantined(session& in, std::optional<std::int64_t> id) {
  tasks::retrying task(in.task_dependencies());
  return in.run(task.perform(id), [&] { task.stop(); });
}

}  // namespace ordersync::app::commands
