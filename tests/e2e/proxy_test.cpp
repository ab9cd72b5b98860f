// Through a real proxy that asks who one is, tinyproxy: what goes through it is seen in its log.

#include "e2e/stage.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sys/socket.h>
#include <unistd.h>

namespace ordersync::e2e {
namespace {

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// tinyproxy cannot choose a port itself.
std::uint16_t free_port() {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof at;
  void* const address = &at;
  const bool bound = ::bind(socket, static_cast<sockaddr*>(address), size) == 0 &&
                     ::getsockname(socket, static_cast<sockaddr*>(address), &size) == 0;
  ::close(socket);
  if (!bound) throw std::runtime_error("no free port");
  return ntohs(at.sin_port);
}

struct proxied : ::testing::Test {
  proxied() {
    on.start_simulator({"--orders", "30", "--from", "2024-05-01", "--to", "2024-05-05"});
    api_port = on.simulator_url().substr(on.simulator_url().rfind(':') + 1);
    on.directory().write("tinyproxy.conf",
                         fmt::format("Port {}\nListen 127.0.0.1\nTimeout 60\nMaxClients 20\nLogLevel Info\n"
                                     "BasicAuth mei right\nConnectPort {}\n",
                                     port, api_port));
    on.directory().write("password", "right\n");
    proxy.emplace(test_support::child_options{.argv = {"tinyproxy", "-d", "-c", on.file("tinyproxy.conf").string()}});
    if (!proxy->wait_for_stdout("Starting main loop", std::chrono::seconds{30}))
      throw std::runtime_error("no tinyproxy: " + proxy->err());
  }

  void configure(const std::string& api) { on.configure({.api = api}); }
  std::string through(const std::string& password_file) const {
    return fmt::format("  proxy: http://127.0.0.1:{}\n  proxy_user: mei\n  proxy_password_file: {}\n", port,
                       on.file(password_file).string());
  }
  // Since the proxy was started: tinyproxy logs each CONNECT that it takes.
  int connects() const {
    int count = 0;
    const auto line = fmt::format("CONNECT 127.0.0.1:{}", api_port);
    const auto log = proxy->out();
    for (auto at = log.find(line); at != std::string::npos; at = log.find(line, at + 1)) ++count;
    return count;
  }

  stage on;
  std::uint16_t port = free_port();
  std::string api_port;
  std::optional<child_process> proxy;
};

TEST_F(proxied, sync_goes_through_the_proxy_and_tells_its_refusals_as_the_proxys) {
  configure(through("password"));
  on.migrate();
  const auto synced = on.run({"sync"});
  EXPECT_EQ(synced.status.code, 6) << synced.err;  // the shop has a value that goes to quarantine
  EXPECT_EQ(on.query("SELECT count(*) FROM ordersync.orders"), "30");
  const auto used = connects();
  EXPECT_GT(used, 0) << proxy->out();

  on.directory().write("wrong", "canary\n");
  configure(through("wrong"));
  const auto refused = on.run({"sync"});
  EXPECT_EQ(refused.status.code, 3) << refused.err;
  EXPECT_TRUE(contains(refused.err, fmt::format("the proxy 127.0.0.1:{} refused: 401 Unauthorized; "
                                                "check api.proxy_user and api.proxy_password_file",
                                                port)))
      << refused.err;
  EXPECT_FALSE(contains(refused.err, "canary"));

  configure("");
  const auto environment = fmt::format("http://mei:right@127.0.0.1:{}", port);
  ::setenv("https_proxy", environment.c_str(), 1);
  const auto shown = on.run({"check", "--show"});
  EXPECT_TRUE(
      contains(shown.out, fmt::format("api.proxy: http://127.0.0.1:{}  # environment variable https_proxy\n", port)))
      << shown.out;
  EXPECT_FALSE(contains(shown.out + shown.err, "right"));
  const auto before = connects();
  const auto seen = on.run({"doctor"});
  EXPECT_GT(connects(), before);
  EXPECT_TRUE(
      contains(seen.out, fmt::format("http://127.0.0.1:{} as user mei, by environment variable https_proxy", port)))
      << seen.out;
  EXPECT_TRUE(contains(seen.out, "connected through the proxy at 127.0.0.1 (IPv4)")) << seen.out;

  ::setenv("no_proxy", "localhost,127.0.0.0/8", 1);
  const auto past = connects();
  const auto directly = on.run({"sync"});
  EXPECT_EQ(directly.status.code, 6) << directly.err;
  EXPECT_EQ(connects(), past);
  ::unsetenv("https_proxy");
  ::unsetenv("no_proxy");
}

}  // namespace
}  // namespace ordersync::e2e
