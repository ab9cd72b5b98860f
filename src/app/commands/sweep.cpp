#include "app/commands/sweep.hpp"

#include "app/tasks/sweeping.hpp"

namespace ordersync::app::commands {

core::result<tasks::sweep_result> sweep(session& in, const tasks::sweep_request& request,
                                        const tasks::progress_listener& listener) {
  tasks::sweeping task(in.task_dependencies());
  auto result = in.run(task.perform(request, listener), [&] { task.stop(); });
  if (result.has_value()) result->interrupted = in.interrupted();
  return result;
}

}  // namespace ordersync::app::commands
