// Messages to a real server behind TLS, which is not always well.

#include "app/alerts/outbox.hpp"

#include "pandapon/tls_server.hpp"
#include "support/temp_dir.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace ordersync::app::alerts {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using test_support::http_ok;
using test_support::tls_server;
using test_support::tls_session;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

const message hello{.state = message_state::test, .problems = {}};

struct outgoing : ::testing::Test {
  test_support::temp_dir directory;
  test_support::tls_certificates certificates{directory.path()};
  asio::io_context io;
  std::string ca_file = certificates.ca_file().string();
  std::string host = "localhost";
  std::optional<config::proxy_choice> through;
  std::optional<config::environment_proxy> environment;
  std::vector<std::string> concluded;
  outbox::still_true current = [](const message& m) { return m; };

  // Of a webhook at that port whose path is a canary.
  std::unique_ptr<webhook> made(unsigned short port, config::alert_format format = config::alert_format::wecom) {
    setup::configuration from;
    config::alert one;
    one.webhook.text = "robot";
    one.format = format;
    one.ca_file = ca_file;
    from.settings.alerts.push_back(one);
    from.settings.api.proxy = through;
    from.settings.api.environment = environment;
    const auto url = fmt::format("https://{}:{}/canary?key=canary", host, port);
    from.secrets.alerts.push_back({config::secret(std::vector<char>(url.begin(), url.end())), std::nullopt});
    return std::move(webhook::make(io.get_executor(), from, 0, {.host = "shed"}).value());
  }
  delivery send(webhook& to) {
    std::optional<delivery> got;
    asio::co_spawn(
        io, [&]() -> asio::awaitable<void> { got = co_await to.send(hello, core::instant{}); },
        [](std::exception_ptr e) {
          if (e) std::rethrow_exception(e);
        });
    io.restart();
    io.run();
    return *got;
  }
  // Posts so many messages, until each is concluded.
  void deliver(std::unique_ptr<webhook> to, std::vector<std::chrono::milliseconds> waits, std::size_t count = 1) {
    std::unique_ptr<outbox> out;
    out = std::make_unique<outbox>(
        io.get_executor(), std::move(to), outbox::rules{.waits = std::move(waits), .most_waiting = 2},
        [] { return core::instant{}; }, current,
        [&](const message&, const delivery& outcome, int tries) {
          concluded.push_back(fmt::format("{} {} {}", static_cast<int>(outcome.state), tries, outcome.reason));
          if (concluded.size() == count) out->stop();
        });
    for (std::size_t i = 0; i < count; ++i) out->post(hello);
    asio::co_spawn(
        io, [&]() -> asio::awaitable<void> { co_await out->run(); },
        [](std::exception_ptr e) {
          if (e) std::rethrow_exception(e);
        });
    io.restart();
    io.run();
  }
  // A server that gives these answers in turn, a connection each.
  tls_server::script in_turn(std::vector<std::string> answers) {
    return [answers = std::move(answers)](tls_session& session) {
      session.read_request();
      session.write(answers.at(std::min<std::size_t>(static_cast<std::size_t>(session.number()), answers.size() - 1)));
    };
  }
};

const std::string taken = http_ok(R"({"errcode":0})");

TEST_F(outgoing, goes_to_the_path_and_is_taken) {
  std::string request;
  tls_server server(certificates.good(), [&](tls_session& session) {
    request = session.read_request();
    session.write(taken);
  });
  const auto to = made(server.port());
  EXPECT_EQ(send(*to).state, delivery_state::accepted);
  EXPECT_THAT(request, HasSubstr("POST /canary?key=canary HTTP/1.1"));
  EXPECT_THAT(request, HasSubstr("This is a test of ordersync"));
}

TEST_F(outgoing, is_tried_again_until_it_is_taken) {
  tls_server server(certificates.good(),
                    in_turn({"HTTP/1.1 500 Oh\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
                             "HTTP/1.1 429 Later\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", taken}));
  deliver(made(server.port()), {1ms, 1ms, 1ms, 1ms});
  EXPECT_THAT(concluded, ElementsAre("0 3 "));
}

TEST_F(outgoing, is_given_up_after_the_last_try) {
  tls_server server(certificates.good(),
                    in_turn({"HTTP/1.1 503 Oh\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"}));
  deliver(made(server.port()), {1ms, 1ms});
  EXPECT_THAT(concluded, ElementsAre("1 3 HTTP status 503"));
}

TEST_F(outgoing, is_not_tried_again_where_the_robot_refuses_it) {
  tls_server server(certificates.good(), in_turn({http_ok(R"({"errcode":93000,"errmsg":"canary"})")}));
  deliver(made(server.port()), {1ms, 1ms});
  EXPECT_THAT(concluded, ElementsAre(HasSubstr("2 1 errcode 93000")));
}

TEST_F(outgoing, waits_as_long_as_it_is_asked_to) {
  tls_server server(
      certificates.good(),
      in_turn({"HTTP/1.1 429 Later\r\nRetry-After: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", taken}));
  const auto begun = std::chrono::steady_clock::now();
  deliver(made(server.port()), {1ms});
  EXPECT_GE(std::chrono::steady_clock::now() - begun, 1s);
  EXPECT_THAT(concluded, ElementsAre("0 2 "));
}

TEST_F(outgoing, is_refused_at_once_where_too_many_wait) {
  tls_server server(certificates.good(), in_turn({taken}));
  deliver(made(server.port()), {}, 3);
  EXPECT_THAT(concluded, ElementsAre(HasSubstr("1 0 too many"), "0 1 ", "0 1 "));
}

TEST_F(outgoing, is_dropped_between_two_tries_when_it_is_no_longer_true) {
  tls_server server(certificates.good(),
                    in_turn({"HTTP/1.1 503 Oh\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", taken}));
  int asked = 0;
  current = [&](const message& m) { return ++asked == 2 ? std::nullopt : std::optional(m); };
  deliver(made(server.port()), {1ms, 1ms});
  EXPECT_THAT(concluded, ElementsAre(HasSubstr("1 1 HTTP status 503; given up")));
}

TEST_F(outgoing, does_not_wait_for_one_that_is_to_be_tried_again) {
  tls_server server(certificates.good(),
                    in_turn({"HTTP/1.1 503 Oh\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", taken, taken}));
  deliver(made(server.port()), {300ms}, 2);
  EXPECT_THAT(concluded, ElementsAre("0 1 ", "0 2 "));
}

TEST_F(outgoing, ends_when_it_is_stopped_while_the_server_stalls) {
  std::unique_ptr<outbox> out;
  tls_server server(certificates.good(), [&](tls_session& session) {
    session.read_request();
    asio::post(io, [&] { out->stop(); });
    session.wait_for_close();
  });
  out = std::make_unique<outbox>(
      io.get_executor(), made(server.port()), outbox::usual_rules(), [] { return core::instant{}; }, current,
      [&](const message&, const delivery&, int) { concluded.emplace_back("?"); });
  out->post(hello);
  const auto work = asio::make_work_guard(io);
  asio::co_spawn(
      io, [&]() -> asio::awaitable<void> { co_await out->run(); }, [&](std::exception_ptr) { io.stop(); });
  io.run();
  EXPECT_THAT(concluded, SizeIs(0));  // whoever leads next says it
}

// Whoever reads the log or the terminal must not learn the URL.
TEST_F(outgoing, says_what_failed_without_the_url) {
  tls_server server(certificates.other_ca_file().empty() ? certificates.good() : certificates.self_signed(),
                    in_turn({taken}));
  auto to = made(server.port());
  const auto untrusted = send(*to);
  EXPECT_THAT(untrusted.reason, HasSubstr("certificate"));
  to = made(1);
  const auto unreachable = send(*to);
  EXPECT_EQ(unreachable.state, delivery_state::again);
  for (const auto& one : {untrusted, unreachable}) {
    EXPECT_THAT(one.reason, HasSubstr("webhook's host"));
    EXPECT_THAT(one.reason, Not(HasSubstr("localhost")));
    EXPECT_THAT(one.reason, Not(HasSubstr("canary")));
    EXPECT_THAT(one.reason, Not(HasSubstr("api.")));
  }
}

// The host's text may be part of any other word, or the address of the proxy too.
TEST_F(outgoing, says_what_a_proxy_refused_without_the_url_and_without_mangling_a_word) {
  tls_server proxy(
      certificates.good(),
      [](tls_session& session) {
        std::string asked;
        boost::system::error_code failed;
        asio::read_until(session.tcp(), asio::dynamic_buffer(asked), "\r\n\r\n", failed);
        asio::write(session.tcp(), asio::buffer(std::string("HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n")), failed);
      },
      tls_server::manner{.plain = true});
  through = config::proxy_choice{core::http_proxy{"127.0.0.1", proxy.port()}, {}};
  for (const char* of : {"t", "127.0.0.1", "proxy"}) {
    host = of;
    EXPECT_EQ(send(*made(443)).reason,
              fmt::format("the proxy 127.0.0.1:{} refused: 403 Forbidden; its operator has to allow CONNECT to the "
                          "webhook's host; api.proxy names the proxy",
                          proxy.port()));
  }
}

// Whatever way leads to the API.
TEST_F(outgoing, goes_directly_where_no_proxy_lists_its_own_host) {
  tls_server server(certificates.good(), in_turn({taken}));
  through = config::proxy_choice{core::http_proxy{"127.0.0.1", 1}, "https_proxy"};
  environment = config::environment_proxy{.through = {"127.0.0.1", 1},
                                          .variable = "https_proxy",
                                          .user = {},
                                          .flaw = {},
                                          .exempt = {},
                                          .exempt_variable = {}};
  EXPECT_THAT(send(*made(server.port())).reason, HasSubstr("connecting to the proxy 127.0.0.1:1 failed"));
  environment->exempt = "localhost";
  EXPECT_EQ(send(*made(server.port())).state, delivery_state::accepted);
}

// Nobody reads it.
TEST_F(outgoing, is_taken_though_the_reply_is_long_where_the_status_says_so) {
  const auto ok = http_ok(std::string(65U << 10U, ' '));
  auto created = ok;
  created.replace(created.find("200"), 3, "201");
  tls_server server(certificates.good(), in_turn({ok, created, ok}));
  for (int i = 0; i < 2; ++i)
    EXPECT_EQ(send(*made(server.port(), config::alert_format::json)).state, delivery_state::accepted);
  const auto robot = send(*made(server.port()));
  EXPECT_EQ(robot.state, delivery_state::rejected);
  EXPECT_THAT(robot.reason, Not(HasSubstr("api.")));
}

TEST_F(outgoing, needs_a_ca_file_with_certificates) {
  ca_file = directory.write("none.pem", "none").string();
  setup::configuration from;
  config::alert one;
  one.ca_file = ca_file;
  from.settings.alerts.push_back(one);
  const std::string url = "https://localhost/canary";
  from.secrets.alerts.push_back({config::secret(std::vector<char>(url.begin(), url.end())), std::nullopt});
  const auto none = webhook::make(io.get_executor(), from, 0, {});
  ASSERT_TRUE(none.has_error());
  EXPECT_THAT(none.error().what, HasSubstr("alerts[].ca_file"));
}

}  // namespace
}  // namespace ordersync::app::alerts
