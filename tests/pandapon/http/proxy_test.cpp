// The way through a proxy: what it is asked, what it may answer, and that the API's TLS reaches from end to end.
#include "pandapon/http/https_client.hpp"
#include "pandapon/http/tls.hpp"
#include "pandapon/source_fixture.hpp"

#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <gmock/gmock.h>

namespace ordersync::pandapon::http {
namespace {

using namespace std::chrono_literals;
using test_support::http_ok;
using test_support::tls_server;
using test_support::tls_session;
using ::testing::HasSubstr;
using ::testing::Not;

class proxy_test : public ::testing::Test {
 protected:
  // Plays the proxy, and behind its answer the API.
  void serve(std::string answer, const test_support::server_credentials& api) {
    server.emplace(
        api,
        [this, answer = std::move(answer)](tls_session& session) {
          std::string asked;
          boost::system::error_code failed;
          boost::asio::read_until(session.tcp(), boost::asio::dynamic_buffer(asked), "\r\n\r\n", failed);
          {
            const std::lock_guard lock(mutex);
            heads.push_back(asked);
          }
          boost::asio::write(session.tcp(), boost::asio::buffer(answer), failed);
          if (silent) return session.wait_for_close();
          if (!accepts || !session.shake_hands()) return;
          {
            const std::lock_guard lock(mutex);
            server_name = session.server_name();
          }
          while (!session.read_request().empty() && session.write(http_ok(empty_page))) {
          }
        },
        tls_server::manner{.plain = true});
    https_settings settings{.address = {.host = "localhost"},
                            .proxy = proxy_access{{"127.0.0.1", server->port()}, user, password},
                            .max_body = 1000,
                            .tls = make_tls_context(certificates.ca_file().string()).value(),
                            .names = names};
    settings.look_up = [this](const std::string&, std::uint16_t) {
      ++look_ups;
      return host_answer{EAI_NONAME, {}};
    };
    client = std::make_shared<https_client>(io.get_executor(), std::move(settings), log);
  }
  void serve(std::string answer) { serve(std::move(answer), certificates.good()); }

  core::result<http_reply> ask(std::chrono::milliseconds limit = 20s) {
    std::optional<core::result<http_reply>> made;
    boost::asio::co_spawn(io, client->post("/", {}, "{}", std::chrono::steady_clock::now() + limit),
                          [&](const std::exception_ptr& failed, core::result<http_reply> reply) {
                            EXPECT_FALSE(failed);
                            made = std::move(reply);
                          });
    io.restart();
    io.run();
    return made.value();
  }
  // What is said of a proxy that answers CONNECT in this way.
  std::string complaint(const std::string& answer, std::chrono::milliseconds limit = 20s) {
    serve(answer);
    const auto reply = ask(limit);
    if (reply) return "no complaint";
    EXPECT_EQ(reply.error().kind, core::failure::unreachable) << reply.error().what;
    EXPECT_THAT(reply.error().what, Not(HasSubstr("canary")));
    const auto& what = reply.error().what;
    const auto name = "127.0.0.1:" + std::to_string(server->port());
    EXPECT_THAT(what, HasSubstr("the proxy " + name));
    return what;
  }

  test_support::temp_dir directory;
  test_support::tls_certificates certificates{directory.path()};
  test_support::recorded_log log;
  std::mutex mutex;
  std::vector<std::string> heads;
  std::string server_name;
  std::string user;
  std::string password;
  server_names names;
  std::atomic<bool> accepts = true;
  std::atomic<bool> silent = false;
  std::atomic<int> look_ups = 0;
  std::optional<tls_server> server;
  boost::asio::io_context io;
  std::shared_ptr<https_client> client;
};

constexpr auto granted = "HTTP/1.1 200 Connection established\r\n\r\n";

TEST_F(proxy_test, is_asked_once_for_a_connection_and_looks_up_the_name_itself) {
  user = "mei";
  password = "p@ss:w\xC3\xB6rd";
  serve(granted);
  EXPECT_EQ(ask().value().status, 200U);
  EXPECT_EQ(ask().value().status, 200U);
  ASSERT_EQ(heads.size(), 1U);
  EXPECT_EQ(heads[0],
            "CONNECT localhost:443 HTTP/1.1\r\nHost: localhost:443\r\nUser-Agent: ordersync\r\n"
            "Proxy-Authorization: Basic bWVpOnBAc3M6d8O2cmQ=\r\n\r\n");
  EXPECT_EQ(server_name, "localhost");
  EXPECT_EQ(look_ups, 0);
}

TEST_F(proxy_test, is_told_no_credentials_where_there_are_none) {
  serve(granted);
  EXPECT_TRUE(ask());
  EXPECT_THAT(heads.at(0), Not(HasSubstr("Authorization")));
}

TEST_F(proxy_test, may_grant_the_way_in_any_words) {
  for (const char* answer :
       {"HTTP/1.0 200 OK\r\nProxy-agent: tinyproxy\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 Fine\r\n\r\n"}) {
    serve(answer);
    EXPECT_TRUE(ask()) << answer;
  }
}

TEST_F(proxy_test, does_not_vouch_for_the_api) {
  serve(granted, certificates.wrong_host());
  EXPECT_EQ(ask().error().kind, core::failure::untrusted);
}

TEST_F(proxy_test, that_refuses_is_named_with_what_to_do) {
  accepts = false;
  const std::string body = "Content-Length: 6\r\n\r\ncanary";
  EXPECT_THAT(complaint("HTTP/1.1 407 canary\r\n" + body),
              HasSubstr(" refused: 407 Proxy Authentication Required; it requires a user; set api.proxy_user"));
  user = "mei";
  password = "canary";
  EXPECT_THAT(
      complaint("HTTP/1.1 407 canary\r\n" + body),
      HasSubstr(" refused: 407 Proxy Authentication Required; check api.proxy_user and api.proxy_password_file"));
  EXPECT_THAT(complaint("HTTP/1.1 407 canary\r\nProxy-Authenticate: NTLM\r\nProxy-Authenticate: Negotiate\r\n" + body),
              HasSubstr("; it offers Negotiate, NTLM only, and ordersync can do Basic only; "));
  EXPECT_THAT(complaint("HTTP/1.1 407 canary\r\nProxy-Authenticate: Canary realm=\"Basic\"\r\n" + body),
              HasSubstr("; it offers other ways to log in, and ordersync can do Basic only; "));
  EXPECT_THAT(complaint("HTTP/1.1 407 canary\r\nProxy-Authenticate: NTLM, basic realm=\"canary\"\r\n" + body),
              HasSubstr("; check api.proxy_user"));
  EXPECT_THAT(complaint("HTTP/1.1 401 canary\r\n" + body),
              HasSubstr(" refused: 401 Unauthorized; check api.proxy_user and api.proxy_password_file"));
  EXPECT_THAT(complaint("HTTP/1.1 403 canary\r\n" + body),
              HasSubstr(" refused: 403 Forbidden; its operator has to allow CONNECT to localhost:443"));
  EXPECT_THAT(complaint("HTTP/1.1 429 canary\r\n" + body),
              HasSubstr(" refused: 429 Too Many Requests; it gets too many requests; ask its operator"));
  EXPECT_THAT(complaint("HTTP/1.1 302 canary\r\nLocation: http://canary/\r\n" + body),
              HasSubstr(" refused: 302 Found; most likely to send this machine to a login page"));
  EXPECT_THAT(complaint("HTTP/1.1 404 canary\r\n" + body),
              HasSubstr(" refused: 404 Not Found; ask its operator, and check api.proxy, which names the proxy"));
  EXPECT_THAT(complaint("HTTP/1.1 502 canary\r\n" + body), HasSubstr("502 Bad Gateway; most likely it cannot reach"));
  EXPECT_THAT(complaint("HTTP/1.1 299 canary\r\n\r\ncanary"), HasSubstr("sends something of its own"));
  EXPECT_THAT(complaint("HTTP/1.1 101 Switching Protocols\r\n\r\n"), HasSubstr(" refused: 101 Switching Protocols"));
  EXPECT_THAT(complaint("HTTP/1.1 799 canary\r\n\r\n"), HasSubstr(" refused: 799; "));
}

TEST_F(proxy_test, that_does_not_speak_http_is_named) {
  accepts = false;
  for (const auto& answer :
       {std::string{"SSH-2.0-canary\r\n\r\n"}, "HTTP/1.1 200 OK\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n"})
    EXPECT_THAT(complaint(answer), HasSubstr("does not answer CONNECT in valid HTTP")) << answer.substr(0, 20);
}

TEST_F(proxy_test, that_goes_away_is_named) {
  accepts = false;
  EXPECT_THAT(complaint(""), HasSubstr("for a way to localhost failed: the other side closed the connection"));
  EXPECT_THAT(complaint("HTTP/1.1 200"), HasSubstr("failed: the other side closed the connection"));
  EXPECT_THAT(complaint(granted), HasSubstr("the TLS handshake with localhost through the proxy"));
}

TEST_F(proxy_test, that_stalls_ends_with_the_request) {
  silent = true;
  EXPECT_THAT(complaint("", 300ms), HasSubstr("for a way to localhost failed: no reply within api.request_timeout"));
  EXPECT_THAT(complaint("HTTP/1.1 200 OK\r\n", 300ms), HasSubstr("no reply within api.request_timeout"));
  EXPECT_THAT(complaint(granted, 300ms), HasSubstr("the TLS handshake with localhost through the proxy"));
}

// The address of a webhook is a secret, and its limit is not that of the API.
TEST_F(proxy_test, that_leads_to_a_server_with_a_name_of_its_own_is_reported_by_that_name) {
  names = {.server = "the robot", .address = "its URL", .ca_file = "its ca_file", .timeout = "10 s"};
  accepts = false;
  EXPECT_THAT(complaint("HTTP/1.1 403 canary\r\n\r\n"),
              HasSubstr("has to allow CONNECT to the robot; api.proxy names"));
  EXPECT_THAT(complaint(granted), HasSubstr("the TLS handshake with the robot through the proxy"));
  silent = true;
  EXPECT_THAT(complaint("", 300ms), HasSubstr("for a way to the robot failed: no reply within 10 s"));
  EXPECT_THAT(complaint(granted, 300ms), HasSubstr("no reply within 10 s"));
  silent = false;
  accepts = true;
  serve(granted, certificates.wrong_host());
  EXPECT_THAT(ask().error().what, HasSubstr("the certificate of the robot is not accepted"));
  EXPECT_THAT(ask().error().what, HasSubstr("do not include the robot; check its URL"));
}

TEST_F(proxy_test, that_is_away_is_named_as_what_was_connected_to) {
  serve(granted);
  const auto port = server->port();
  server.reset();
  EXPECT_EQ(ask().error().what,
            "connecting to the proxy 127.0.0.1:" + std::to_string(port) + " failed: Connection refused");
}

}  // namespace
}  // namespace ordersync::pandapon::http
