#include "app/serve.hpp"

#include "app/daemon.hpp"
#include "app/loading.hpp"
#include "app/runner.hpp"
#include "app/wiring.hpp"
#include "app/world.hpp"

#include <climits>
#include <fmt/format.h>

#include <array>
#include <unistd.h>
#include <utility>

namespace ordersync::app {
namespace {

store::instance this_instance(std::string version) {
  std::array<char, HOST_NAME_MAX + 1> host{};
  ::gethostname(host.data(), host.size() - 1);
  return {
      .id = fmt::format("{:016x}", chance()()), .host = host.data(), .pid = ::getpid(), .version = std::move(version)};
}

boost::asio::awaitable<bool> life(daemon& of) {
  co_await of.run();
  co_return true;
}

}  // namespace

served serve(const std::filesystem::path& config_file, std::string version) {
  auto loaded = load(config_file);
  if (loaded.has_error()) return {.problems = loaded.error()};
  const auto log = service::make_stderr_log(daemon_log_options_of(loaded->settings.log));
  runner loop;
  daemon one(loop.io().get_executor(), config_file, std::move(*loaded), this_instance(std::move(version)), *log);
  served result;
  loop.run(life(one), {.soon = [&] { one.stop(); },
                       .now =
                           [&] {
                             result.in_time = false;
                             one.cut();
                           },
                       .reload = [&] { one.reload(); }});
  return result;
}

}  // namespace ordersync::app
