#include "app/commands/verify.hpp"

#include "app/tasks/verifying.hpp"

namespace ordersync::app::commands {

core::result<tasks::verify_result> verify(session& in, const tasks::verify_request& request,
                                          const tasks::verify_listener& listener) {
  tasks::verifying task(in.executor(), in.configuration(), in.database(), in.log());
  return in.run(task.perform(request, listener), [&] { task.stop(); });
}

}  // namespace ordersync::app::commands
