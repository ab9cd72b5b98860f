#include "app/commands/migrate.hpp"

#include "app/setup/wiring.hpp"

#include <utility>

namespace ordersync::app::commands {
namespace {

using states = std::vector<store::migrations::migration_state>;

boost::asio::awaitable<core::result<migrated>> apply(store::database& database, config::settings settings,
                                                     bool distribute) {
  auto applied = co_await database.migrate();
  if (applied.has_error()) co_return applied.error();
  migrated done{.steps = std::move(*applied), .distribution = std::nullopt, .history = {}};
  if (distribute || settings.database.distributed) {
    auto distributed = co_await database.distribute();
    if (distributed.has_error()) co_return distributed.error();
    done.distribution = std::move(*distributed);
  }
  const auto reporting = setup::reporting_settings_of(settings);
  if (auto written = co_await database.set_reporting(reporting); written.has_error()) co_return written.error();
  co_return done;
}

boost::asio::awaitable<core::result<store::maintenance::history_conversion>> convert(
    store::database& database, const conversion_listener& listener, const bool& stopping) {
  for (;;) {
    auto now = co_await database.maintenance().convert_history();
    if (now.has_error() || now->finished) co_return now;
    listener(*now);
    if (stopping) co_return now;
  }
}

}  // namespace

core::result<migrated> migrate(session& in, bool distribute, const conversion_listener& listener) {
  auto done = in.run(apply(in.database(), in.configuration().settings, distribute));
  if (done.has_error()) return done;
  bool stopping = false;
  auto converted = in.run(convert(in.database(), listener, stopping), [&] { stopping = true; });
  if (converted.has_error()) return converted.error();
  done->history = *converted;
  return done;
}

core::result<states> migration_status(session& in) {
  return in.run(in.database().migration_status());
}

}  // namespace ordersync::app::commands
