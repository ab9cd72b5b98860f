#include "app/commands/verify.hpp"

#include "app/tasks/verifying.hpp"

namespace ordersync::app::commands {

core::result<tasks::verify_result> verify(session& in, const tasks::verify_request& request,
                                          const tasks::verify_listener& listener) {
  tasks::verifying task(in.task_dependencies());
  return in.run(task.perform(request, listener), [&] { task.stop(); });
}

}  // namespace ordersync::app::commands
