#include "app/commands/status.hpp"

#include "app/setup/clock_and_random.hpp"
#include "app/status/mirror_look.hpp"
#include "app/status/standing.hpp"

namespace ordersync::app::commands {

core::result<status::status_view> read_status(session& in) {
  auto stored = in.run_on_schema(in.database().status());
  if (stored.has_error()) return stored.error();
  auto view = status::look_at(in.configuration().settings, std::move(*stored), setup::wall_clock()());
  const auto added = in.run(status::add_details(in.database(), view));
  if (added.has_error()) return added.error();
  status::assess_standings({.now = view.at}, view);
  return view;
}

}  // namespace ordersync::app::commands
