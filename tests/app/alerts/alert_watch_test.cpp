// Who reports that the database is away: there is no leader then.

#include "app/alerts/alert_watch.hpp"

#include "pandapon/tls_server.hpp"
#include "support/recorded_log.hpp"
#include "support/temp_dir.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <atomic>
#include <string>
#include <vector>

namespace ordersync::app::alerts {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using test_support::tls_session;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Where a daemon stands for so many looks, or until so many messages have come.
struct scene {
  sighting seen;
  std::size_t looks = 3;
  std::size_t messages = 0;
};

scene with(sighting seen, std::size_t messages) {
  seen.known = true;
  seen.seen.database_alone = true;
  if (seen.database_fails) seen.seen.conditions = {{{config::alert_kind::database, ""}, "away", "look"}};
  return {std::move(seen), 3, messages};
}
scene leads(std::size_t messages = 0) {
  return with({.leads = true}, messages);
}
scene stands_by(std::size_t messages = 0) {
  return with({.another_leads = true}, messages);
}
scene without_database(std::size_t messages = 0) {
  return with({.another_leads = true, .database_fails = true}, messages);
}

struct silent_observer : telemetry::observer {};

struct watching : ::testing::Test {
  test_support::temp_dir directory;
  test_support::tls_certificates certificates{directory.path()};
  std::vector<std::string> reported;  // written before the answer, read after it
  std::atomic<std::size_t> count{0};
  test_support::tls_server server{certificates.good(), [this](tls_session& session) {
                                    for (auto request = session.read_request(); !request.empty();
                                         request = session.read_request()) {
                                      const auto body = request.substr(request.find("ordersync: ") + 11);
                                      reported.push_back(body.substr(0, body.find("\\n")));
                                      ++count;
                                      session.write(test_support::http_ok("ok"));
                                    }
                                  }};
  asio::io_context io;
  test_support::recorded_log log;
  silent_observer nobody;

  setup::configuration configuration() {
    setup::configuration from;
    from.settings.database.url = "postgresql://nobody@/nothing?host=/nonexistent";
    config::alert one;
    one.webhook.text = "robot";
    one.format = config::alert_format::slack;
    one.on = {config::alert_kind::database, config::alert_kind::recovered};
    one.ca_file = certificates.ca_file();
    from.settings.alerts.push_back(one);
    const auto url = fmt::format("https://localhost:{}/canary", server.port());
    from.secrets.alerts.push_back({config::secret(std::vector<char>(url.begin(), url.end())), std::nullopt});
    return from;
  }

  void live_through(std::vector<scene> scenes) {
    std::size_t at = 0;
    std::size_t looks = 0;
    std::unique_ptr<alert_watch> watch;
    const auto look = [&]() -> asio::awaitable<sighting> {
      auto now = scenes[at].seen;
      now.seen.now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
      if (++looks >= scenes[at].looks && count >= scenes[at].messages) {
        looks = 0;
        if (++at == scenes.size()) watch->close();
      }
      co_return now;
    };
    watch = std::make_unique<alert_watch>(alert_watch::surroundings{.executor = io.get_executor(),
                                                                    .self = {.id = "me", .host = "shed"},
                                                                    .look_at = look,
                                                                    .observers = nobody,
                                                                    .log = log,
                                                                    .sending = {.waits = {}},
                                                                    .least_rest = 5ms},
                                          configuration());
    asio::co_spawn(
        io, [&]() -> asio::awaitable<void> { co_await watch->join(); },
        [](std::exception_ptr e) {
          if (e) std::rethrow_exception(e);
        });
    io.run();
  }
};

TEST_F(watching, the_daemon_that_led_tells_and_tells_the_end_though_another_leads) {
  live_through({leads(), without_database(1), stands_by(2), stands_by(2)});
  EXPECT_THAT(reported, ElementsAre("problem", "recovered"));
}

TEST_F(watching, a_daemon_that_stood_by_says_nothing) {
  live_through({stands_by(), without_database(), without_database(), stands_by()});
  EXPECT_THAT(reported, IsEmpty());
}

TEST_F(watching, a_daemon_that_never_saw_the_database_tells) {
  live_through({without_database(1)});
  EXPECT_THAT(reported, ElementsAre("problem"));
}

TEST_F(watching, what_was_not_taken_is_logged_without_the_url) {
  auto other = configuration();
  const std::string url = "https://localhost:1/canary";
  other.secrets.alerts[0].webhook = config::secret(std::vector<char>(url.begin(), url.end()));
  bool closed = false;
  std::unique_ptr<alert_watch> watch;
  const auto look = [&]() -> asio::awaitable<sighting> {
    if (log.count("alert_failed") > 0 && !std::exchange(closed, true)) watch->close();
    auto now = without_database().seen;
    now.seen.now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    co_return now;
  };
  watch = std::make_unique<alert_watch>(alert_watch::surroundings{.executor = io.get_executor(),
                                                                  .self = {.id = "me", .host = "shed"},
                                                                  .look_at = look,
                                                                  .observers = nobody,
                                                                  .log = log,
                                                                  .sending = {.waits = {}},
                                                                  .least_rest = 5ms},
                                        other);
  asio::co_spawn(
      io, [&]() -> asio::awaitable<void> { co_await watch->join(); }, [](std::exception_ptr) {});
  io.run();
  EXPECT_THAT(log.text(), ::testing::HasSubstr("alert_failed webhook=robot state=firing kinds=database tries=1"));
  EXPECT_THAT(log.text(), ::testing::Not(::testing::HasSubstr("canary")));
}

}  // namespace
}  // namespace ordersync::app::alerts
