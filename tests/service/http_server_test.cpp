#include "service/http_server.hpp"

#include "service/http_peer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace ordersync::service::http_test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

using namespace std::chrono_literals;

// What is said to be over is over soon.
http_limits hasty() {
  http_limits limits;
  limits.idle = 60ms;
  limits.read = 60ms;
  return limits;
}

TEST(http_server, answers_and_keeps_the_connection) {
  running_server server;
  client one(server);
  for (int i = 0; i < 3; ++i) {
    one.say(get("/hello"));
    EXPECT_THAT(one.answer(), AllOf(StartsWith("HTTP/1.1 200 OK\r\n"), HasSubstr("Connection: keep-alive\r\n"),
                                    HasSubstr("Content-Length: 5\r\n"), EndsWith("\r\n\r\nhello")));
  }
}

TEST(http_server, ends_the_connection_when_that_is_wished) {
  running_server server;
  client one(server);
  one.say(get("/hello", "Connection: close\r\n"));
  EXPECT_THAT(one.answer(), HasSubstr("Connection: close\r\n"));
  EXPECT_TRUE(one.ended());
}

TEST(http_server, guards_each_answer_by_headers) {
  running_server server;
  for (const auto* target : {"/hello", "/nothing", "/throw"})
    EXPECT_THAT(ask(server, get(target)),
                AllOf(HasSubstr("X-Content-Type-Options: nosniff\r\n"), HasSubstr("Cache-Control: no-store\r\n"),
                      HasSubstr("Referrer-Policy: no-referrer\r\n"), HasSubstr("X-Frame-Options: DENY\r\n"),
                      HasSubstr("Content-Security-Policy: default-src 'none'")));
}

TEST(http_server, sends_a_head_without_its_body) {
  running_server server;
  client one(server);
  one.say("HEAD /hello HTTP/1.1\r\nHost: a\r\n\r\n" + get("/echo/x"));
  EXPECT_THAT(one.answer(true), AllOf(StartsWith("HTTP/1.1 200"), HasSubstr("Content-Length: 5\r\n")));
  EXPECT_THAT(one.answer(), EndsWith("\r\n\r\n/echo/x|"));
}

TEST(http_server, answers_pipelined_requests_in_their_order_up_to_the_garbage) {
  running_server server;
  client one(server);
  one.say(get("/echo/1") + get("/echo/2") + "\x01\x02garbage\r\n\r\n" + get("/echo/3"));
  EXPECT_THAT(one.answer(), EndsWith("/echo/1|"));
  EXPECT_THAT(one.answer(), EndsWith("/echo/2|"));
  EXPECT_THAT(one.rest(), AllOf(StartsWith("HTTP/1.1 400 Bad Request\r\n"), Not(HasSubstr("/echo/3"))));
}

TEST(http_server, hands_over_what_was_asked_decoded) {
  running_server server;
  EXPECT_THAT(ask(server, get("/echo/%E5%BC%A0%20x?b=1+2&a=%26&b=3&c", "Authorization: bEaRer  to.ken\r\n")),
              EndsWith("\r\n\r\n/echo/\u5f20 x|a=&|b=3|c=|bearer to.ken|"));
  EXPECT_THAT(ask(server, "POST /post HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"), EndsWith("\r\n/post|abc"));
  EXPECT_THAT(ask(server, "POST /post HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"),
              EndsWith("\r\n/post|abc"));
}

TEST(http_server, says_which_methods_a_path_knows) {
  running_server server;
  EXPECT_THAT(ask(server, get("/post")), AllOf(StartsWith("HTTP/1.1 405 "), HasSubstr("Allow: POST\r\n")));
  for (const auto* method : {"POST", "PUT", "DELETE", "OPTIONS", "BREW"})
    EXPECT_THAT(ask(server, std::string{method} + " /hello HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n"),
                AllOf(StartsWith("HTTP/1.1 405 "), HasSubstr("Allow: GET, HEAD\r\n")))
        << method;
  EXPECT_THAT(ask(server, get("/echo")), StartsWith("HTTP/1.1 404 "));
  EXPECT_THAT(ask(server, get("/hello/")), StartsWith("HTTP/1.1 404 "));
}

TEST(http_server, refuses_what_can_be_read_in_two_ways) {
  running_server server;
  for (const std::string& request :
       {std::string{"hello?\r\n\r\n"}, std::string{"GET /hello HTTP/1.1\r\n\r\n"}, get("/hello", "Host: b\r\n"),
        get("http://a/hello"), get("/%zz"), get("/hell%"), get("/a/../hello"), get("/%2e%2e/hello"), get("/echo/a%2fb"),
        get("/hello%00"), get("/hello?a=%0a"), get("/hello#a"), get("/hello", "Content-Length: 3\r\n") + "abc",
        get("/hello", "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n"), get("/hello", "Content-Length: -1\r\n"),
        get("/hello", "Transfer-Encoding: gzip\r\n"), get("/hello", "Authorization: a\r\nAuthorization: b\r\n"),
        get("/hello", "no colon\r\n"), get("/hello", "X: a\r\n b\x02\r\n")})
    EXPECT_THAT(ask(server, request), AllOf(StartsWith("HTTP/1.1 400 "), HasSubstr("Connection: close"))) << request;
  EXPECT_THAT(ask(server, "GET /hello HTTP/2.0\r\nHost: a\r\n\r\n"), StartsWith("HTTP/1.1 505 "));
  EXPECT_THAT(ask(server, get("/hello", "Expect: 100-continue\r\n")), StartsWith("HTTP/1.1 417 "));
}

TEST(http_server, bounds_the_address_the_headers_and_the_body) {
  running_server server;
  EXPECT_THAT(ask(server, get("/" + std::string(5'000, 'a'))), StartsWith("HTTP/1.1 414 "));
  EXPECT_THAT(ask(server, get("/" + std::string(50'000, 'a'))), StartsWith("HTTP/1.1 414 "));
  EXPECT_THAT(ask(server, get("/hello", "X: " + std::string(20'000, 'a') + "\r\n")), StartsWith("HTTP/1.1 431 "));
  EXPECT_THAT(ask(server, get("/hello", "X: " + std::string(15'000, 'a') + "\r\n")), StartsWith("HTTP/1.1 200 "));
  const std::string large(65'537, 'b');
  EXPECT_THAT(ask(server, "POST /post HTTP/1.1\r\nHost: a\r\nContent-Length: 65537\r\n\r\n" + large),
              StartsWith("HTTP/1.1 413 "));
  EXPECT_THAT(
      ask(server, "POST /post HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n10001\r\n" + large + "\r\n"),
      StartsWith("HTTP/1.1 413 "));
  EXPECT_THAT(ask(server, "POST /post HTTP/1.1\r\nHost: a\r\nContent-Length: 65536\r\n\r\n" + large.substr(1)),
              StartsWith("HTTP/1.1 200 "));
}

TEST(http_server, answers_who_is_too_slow_with_a_request_and_ends_it) {
  running_server server{hasty()};
  client head(server), body(server), silent(server);
  head.say("GET /hello HTTP/1.1\r\nHo");
  body.say("POST /post HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab");
  EXPECT_THAT(head.rest(), StartsWith("HTTP/1.1 408 "));
  EXPECT_THAT(body.rest(), StartsWith("HTTP/1.1 408 "));
  EXPECT_TRUE(silent.ended());
}

TEST(http_server, is_not_kept_waiting_by_a_byte_now_and_then) {
  running_server server{hasty()};
  client one(server);
  one.say("GET /hello HTTP/1.1\r\n");
  // A byte comes sooner than the limit for the whole, again and again until there is an answer. A server that counted
  // from the last byte would not give one before the bytes end.
  constexpr int bytes = 1'000;
  std::atomic<bool> answered = false;
  int sent = 0;
  std::thread drip([&] {
    for (; sent < bytes && !answered; ++sent) {
      one.say("X");
      std::this_thread::sleep_for(10ms);  // the pace of a slow client
    }
  });
  EXPECT_THAT(one.rest(), StartsWith("HTTP/1.1 408 "));
  answered = true;
  drip.join();
  EXPECT_LT(sent, bytes);
}

TEST(http_server, turns_away_the_connection_that_is_one_too_many) {
  http_limits limits;
  limits.connections = 2;
  running_server server{limits};
  {
    client first(server), second(server);
    for (auto* one : {&first, &second}) one->say(get("/slow"));
    server.wait_for_slow(2);
    client third(server);
    third.say(get("/hello"));
    EXPECT_THAT(third.rest(), AllOf(StartsWith("HTTP/1.1 503 "), HasSubstr("Retry-After: ")));
    server.release();
    for (auto* one : {&first, &second}) EXPECT_THAT(one->answer(), StartsWith("HTTP/1.1 200 "));
  }
  std::string answer;
  while (!answer.starts_with("HTTP/1.1 200 ")) answer = ask(server, get("/hello"));
  server.stop();
  EXPECT_THAT(server.logged(), ElementsAre("warning endpoint_full setting=service.listen connections=2"));
}

TEST(http_server, ends_the_connection_that_is_idle_for_longest_for_a_new_one) {
  http_limits limits;
  limits.connections = 2;
  running_server server{limits};
  client first(server), second(server);
  for (auto* one : {&first, &second}) {
    one->say(get("/hello"));
    EXPECT_THAT(one->answer(), StartsWith("HTTP/1.1 200 "));
  }
  EXPECT_THAT(ask(server, get("/hello")), StartsWith("HTTP/1.1 200 "));
  EXPECT_TRUE(first.ended());
  second.say(get("/hello"));
  EXPECT_THAT(second.answer(), StartsWith("HTTP/1.1 200 "));
}

TEST(http_server, outlives_a_handler_that_throws) {
  running_server server;
  EXPECT_THAT(ask(server, get("/throw")), AllOf(StartsWith("HTTP/1.1 500 "), Not(HasSubstr("secret"))));
  EXPECT_THAT(ask(server, get("/bad-header")), AllOf(StartsWith("HTTP/1.1 500 "), Not(HasSubstr("X-C: d"))));
  EXPECT_THAT(ask(server, get("/hello")), StartsWith("HTTP/1.1 200 "));
  server.stop();
  EXPECT_THAT(server.logged(),
              ElementsAre("error endpoint_failed path=/throw", "error endpoint_failed path=/bad-header"));
}

TEST(http_server, serves_others_while_one_waits) {
  running_server server;
  client waiting(server);
  waiting.say(get("/slow"));
  EXPECT_THAT(ask(server, get("/hello")), EndsWith("hello"));
  server.release();
  EXPECT_THAT(waiting.answer(), EndsWith("hello"));
}

TEST(http_server, cuts_what_is_open_when_it_closes) {
  running_server server;
  client idle(server), half(server), waiting(server);
  idle.say(get("/hello"));
  EXPECT_THAT(idle.answer(), EndsWith("hello"));
  half.say("GET /he");
  waiting.say(get("/slow"));
  EXPECT_THAT(ask(server, get("/hello")), EndsWith("hello"));
  server.close();
  EXPECT_TRUE(idle.ended());
  EXPECT_TRUE(half.ended());
  EXPECT_TRUE(waiting.ended());
  server.stop();
}

TEST(http_server, does_not_mind_clients_that_leave) {
  running_server server;
  for (const auto* beginning : {"", "GET /hel", "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n"})
    client(server).say(beginning);
  EXPECT_THAT(ask(server, get("/hello")), EndsWith("hello"));
  server.stop();
  EXPECT_TRUE(server.logged().empty());
}

TEST(http_server, says_which_address_it_cannot_have) {
  running_server server;
  boost::asio::io_context io;
  recorded_log log;
  const auto taken = make_http_server(io.get_executor(), log)->listen("127.0.0.1", server.port());
  ASSERT_TRUE(taken.has_error());
  EXPECT_EQ(taken.error().kind, core::failure::input);
  EXPECT_THAT(taken.error().what, AllOf(HasSubstr("127.0.0.1"), HasSubstr(std::to_string(server.port())),
                                        HasSubstr("in use"), HasSubstr("choose")));
  EXPECT_TRUE(make_http_server(io.get_executor(), log)->listen("192.0.2.1", 0).has_error());
}

TEST(http_server, shows_an_ipv6_address_as_it_is_written) {
  boost::asio::io_context io;
  recorded_log log;
  const auto server = make_http_server(io.get_executor(), log);
  const auto address = server->listen("::1", 0);
  if (address.has_error()) GTEST_SKIP() << "this host has no IPv6";
  EXPECT_THAT(*address, StartsWith("[::1]:"));
}

}  // namespace
}  // namespace ordersync::service::http_test
