#include "app/commands/migrate.hpp"

#include "app/setup/wiring.hpp"

namespace ordersync::app::commands {
namespace {

using states = std::vector<store::migrations::migration_state>;

boost::asio::awaitable<core::result<states>> apply(store::database& database, config::settings settings) {
  auto applied = co_await database.migrate();
  if (applied.has_error()) co_return applied;
  const auto reporting = setup::reporting_settings_of(settings);
  if (auto written = co_await database.set_reporting(reporting); written.has_error()) co_return written.error();
  co_return applied;
}

}  // namespace

core::result<states> migrate(session& in) {
  return in.run(apply(in.database(), in.configuration().settings));
}

core::result<states> migration_status(session& in) {
  return in.run(in.database().migration_status());
}

}  // namespace ordersync::app::commands
