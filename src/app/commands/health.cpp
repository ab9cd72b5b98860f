#include "app/commands/health.hpp"

#include "config/problem.hpp"
#include "service/http_client.hpp"

#include <fmt/format.h>

#include <chrono>

namespace ordersync::app::commands {
namespace {

constexpr std::chrono::seconds patience{5};

// Of the address that all addresses of the machine stand for.
std::string reachable(const std::string& host) {
  if (host == "0.0.0.0") return "127.0.0.1";
  return host == "::" ? "::1" : host;
}

}  // namespace

health ask_daemon(const setup::configuration_files& files, bool ready) {
  const auto settings = setup::load_setting(files, "service.listen");
  if (settings.has_error()) return {false, config::to_text(settings.error())};
  const auto& listen = settings->service.listen;
  if (listen.port == 0) return {false, "service.listen has port 0, which is another one at each start; set a port\n"};
  const auto answer =
      service::ask_health(reachable(listen.host), listen.port, ready ? "/readyz" : "/healthz", patience);
  if (answer.has_error()) return {false, answer.error().what + "\n"};
  if (answer->status == 200 || !answer->body.empty()) return {answer->status == 200, answer->body};
  return {false,
          fmt::format("service.listen, {} port {}, answers with HTTP status {} and no text; check that ordersync "
                      "is what listens there\n",
                      listen.host, listen.port, answer->status)};
}

}  // namespace ordersync::app::commands
