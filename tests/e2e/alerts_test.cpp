// A webhook gets that the API refuses the credentials, and that it takes them again; neither twice, whoever leads.

#include "e2e/stage.hpp"
#include "pandapon/tls_server.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <csignal>
#include <mutex>
#include <string>
#include <vector>

namespace ordersync::e2e {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// Takes every message, and keeps it.
class receiver {
 public:
  explicit receiver(const test_support::server_credentials& credentials)
      : server_(credentials, [this](test_support::tls_session& session) {
          for (auto request = session.read_request(); !request.empty(); request = session.read_request()) {
            keep(std::move(request));
            if (!session.write(test_support::http_ok("ok"))) break;
          }
        }) {}

  unsigned short port() const { return server_.port(); }
  // The message of that number, from 1; empty when it does not come for a minute.
  std::string wait_for(std::size_t number) {
    std::unique_lock lock{mutex_};
    const auto there = [&] { return messages_.size() >= number; };
    return came_.wait_for(lock, std::chrono::minutes{1}, there) ? messages_[number - 1] : std::string{};
  }
  std::size_t count() {
    const std::lock_guard lock{mutex_};
    return messages_.size();
  }

 private:
  void keep(std::string message) {
    const std::lock_guard lock{mutex_};
    messages_.push_back(std::move(message));
    came_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable came_;
  std::vector<std::string> messages_;
  test_support::tls_server server_;
};

TEST(alerts, tell_of_refused_credentials_and_of_their_end_once) {
  stage on;
  receiver robot(on.certificates().good());
  on.start_simulator({"--seed", "5", "--orders", "50", "--from", "2024-05-01", "--to", "2024-06-01"});
  const auto url =
      on.directory().write("robot", fmt::format("https://127.0.0.1:{}/canary?key=canary", robot.port())).string();
  on.configure({.sync = "  rate: 1000\n  live: {every: 1s, settle: 1s, overlap: 10s}\n  revisit: []\n  audit: 0\n",
                .top = fmt::format("log: {{level: info}}\nalerts:\n  - {{webhook_file: {}, format: slack, settle: 1s, "
                                   "on: [refused, recovered], ca_file: {}}}\n",
                                   url, on.certificates().ca_file().string())});

  const auto tried = on.run({"alerts", "test"});
  EXPECT_EQ(tried.status.code, 0) << tried.err;
  EXPECT_THAT(tried.out, HasSubstr("1 " + url + " (slack): accepted"));
  EXPECT_THAT(robot.wait_for(1), HasSubstr("This is a test of ordersync"));
  EXPECT_EQ(on.run({"alerts", "test", "--number", "2"}).status.code, 2);

  {
    on.migrate();
    auto daemon = on.start({"run"});
    on.wait_until("EXISTS (SELECT FROM ordersync.coverage WHERE proven @> '2024-05-15'::timestamptz)");
    on.post("/_secret", "another");
    const auto problem = robot.wait_for(2);
    EXPECT_THAT(problem, HasSubstr("The API refuses the credentials (refused): main")) << daemon.err();
    on.wait_until("EXISTS (SELECT FROM ordersync.alert_states WHERE kind = 'refused' AND account = 'main')");
    EXPECT_THAT(on.run({"status"}).out, HasSubstr("alerts      last sent "));
    daemon.signal(SIGTERM);
    EXPECT_EQ(daemon.wait()->code, 0) << daemon.err();
    EXPECT_THAT(daemon.err(), Not(HasSubstr("canary")));
  }
  auto daemon = on.start({"run"});
  EXPECT_TRUE(daemon.wait_for_stderr("refused")) << daemon.err();
  on.post("/_secret", access_secret);
  EXPECT_THAT(robot.wait_for(3), HasSubstr("ordersync: recovered")) << daemon.err();
  on.wait_until("NOT EXISTS (SELECT FROM ordersync.alert_states WHERE ended_at IS NULL)");
  EXPECT_EQ(robot.count(), 3U);
}

}  // namespace
}  // namespace ordersync::e2e
