#include "app/commands/migrate.hpp"

#include "app/setup/wiring.hpp"

namespace ordersync::app::commands {
namespace {

using states = std::vector<store::migrations::migration_state>;

boost::asio::awaitable<core::result<states>> apply(store::database& database, config::settings settings) {
  auto applied = co_await database.migrate();
  if (applied.has_error()) co_return applied;
  const auto reporting = setup::reporting_settings_of(settings);
  if (auto told = co_await database.tell_reporting(reporting); told.has_error()) co_return told.error();
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
