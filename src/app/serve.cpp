#include "app/serve.hpp"

#include "app/alerts/alert_watch.hpp"
#include "app/daemon/process.hpp"
#include "app/daemon/trial_watch.hpp"
#include "app/http/endpoint.hpp"
#include "app/http/page.hpp"
#include "app/http/push_listener.hpp"
#include "app/runtime/runner.hpp"
#include "app/setup/clock_and_random.hpp"
#include "app/setup/host_name.hpp"
#include "app/setup/loading.hpp"
#include "app/setup/wiring.hpp"
#include "app/telemetry/observed_log.hpp"
#include "app/telemetry/observer_list.hpp"
#include "app/telemetry/recent_problems.hpp"

#include <fmt/format.h>

#include <exception>
#include <unistd.h>
#include <utility>

namespace ordersync::app {
namespace {

store::leadership::instance this_instance(std::string version) {
  return {.id = fmt::format("{:016x}", setup::random_source()()),
          .host = setup::host_name(),
          .pid = ::getpid(),
          .version = std::move(version)};
}

// The endpoint lives longest, so that the last moments can be seen as well.
boost::asio::awaitable<bool> life(daemon::process& of, http::push_listener& pushed, http::endpoint& seen,
                                  http::page& shown, alerts::alert_watch& alerting) {
  std::exception_ptr defect;
  try {
    co_await of.run();
  } catch (...) {
    defect = std::current_exception();
  }
  alerting.close();
  pushed.close();
  shown.close();
  seen.close();
  co_await alerting.join();
  co_await pushed.join();
  co_await seen.join();
  co_await shown.join();
  if (defect) std::rethrow_exception(defect);
  co_return true;
}

boost::asio::awaitable<bool> close(http::endpoint& seen) {
  seen.close();
  co_await seen.join();
  co_return true;
}

}  // namespace

served serve(const setup::configuration_files& files, const setup::build_identity& build) {
  auto loaded = setup::load(files);
  if (loaded.has_error()) return {.problems = loaded.error()};
  const auto lines = service::make_stderr_log(setup::daemon_log_options_of(loaded->settings));
  telemetry::observer_list observers;
  telemetry::observed_log log(*lines, observers);
  runtime::runner loop;
  const auto self = this_instance(build.version);
  telemetry::recent_problems problems(self.id, setup::wall_clock());
  observers.add(problems);
  const auto shown = http::make_page(loop.io().get_executor(), *loaded, self, problems, log);
  observers.add(*shown);
  daemon::trial_watch trials;
  observers.add(trials);
  http::endpoint seen(loop.io().get_executor(), build, observers, log);
  const auto address = loaded->settings.service.listen;
  seen.serve_also([&](service::http_server& server) { shown->add_routes(server); });
  daemon::process one(loop.io().get_executor(), files, std::move(*loaded), self, log, observers, problems,
                      shown->history());
  http::push_listener pushed({loop.io().get_executor(), self, observers, log, [&one] { one.look_for_messages(); }});
  const auto state = [&] {
    auto now = one.state();
    now.listens_for_push = !pushed.address().empty();
    trials.add_to(now);
    return now;
  };
  shown->use_state(state);
  shown->use_refresher([&one](std::string number) { return one.refresh_order(std::move(number)); });
  if (auto opened = seen.open(address, state); opened.has_error()) return {.problems = {opened.error().what}};
  if (auto opened = pushed.open(one.configuration()); opened.has_error()) {
    loop.run(close(seen), {.soon = [] {}, .now = [] {}, .reload = [] {}});
    return {.problems = {opened.error().what}};
  }
  alerts::alert_watch alerting({.executor = loop.io().get_executor(),
                                .self = self,
                                .look_at = [&] { return shown->sight(); },
                                .observers = observers,
                                .log = log},
                               one.configuration());
  one.on_reload([&](const setup::configuration& taken) {
    alerting.reconfigure(taken);
    pushed.reconfigure(taken);
    shown->reconfigure(taken);
    seen.move(taken.settings.service.listen);
  });
  served result;
  loop.run(life(one, pushed, seen, *shown, alerting), {.soon = [&] { one.stop(); },
                                                       .now =
                                                           [&] {
                                                             result.in_time = false;
                                                             one.cut();
                                                             alerting.cut();
                                                             pushed.cut();
                                                             shown->cut();
                                                           },
                                                       .reload = [&] { one.reload(); }});
  return result;
}

}  // namespace ordersync::app
