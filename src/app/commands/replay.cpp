#include "app/commands/replay.hpp"

#include "app/tasks/maintenance_tasks.hpp"

namespace ordersync::app::commands {

core::result<tasks::replay_result> replay(session& in, std::optional<core::second> from, std::optional<core::second> to,
                                          std::string program, const tasks::replay_listener& listener) {
  bool stopping = false;
  return in.run(tasks::replay(in.database(), from, to, std::move(program), listener, stopping),
                [&] { stopping = true; });
}

}  // namespace ordersync::app::commands
