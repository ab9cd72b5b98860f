// What is sent and what comes of it, over real TLS.
#include "pandapon/sample.hpp"
#include "pandapon/source_fixture.hpp"

#include <future>

namespace ordersync::pandapon {
namespace {

using core::failure;
using test_support::http_ok;
using test_support::tls_session;

TEST_F(source_test, gives_the_page_that_was_served) {
  serve_always(http_ok(sample_page(), "Date: Tue, 14 May 2024 06:59:30 GMT\r\n"));
  const auto page = fetch().value();
  EXPECT_EQ(page.total, 1);
  EXPECT_EQ(page.orders.at(0).id, 1060631267218818995);
  EXPECT_EQ(page.observed_at, now);
  EXPECT_EQ(core::to_text(page.server_time.value()), "2024-05-14T06:59:30Z");
  EXPECT_FALSE(page.date_off);
}

// A proxy's clock that is 8 h ahead, beside a request whose signature was accepted.
TEST_F(source_test, does_not_trust_a_date_that_contradicts_the_accepted_signature) {
  serve_always(http_ok(empty_page, "Date: Tue, 14 May 2024 14:59:40 GMT\r\n"));
  const auto page = fetch().value();
  EXPECT_EQ(page.server_time, std::chrono::floor<std::chrono::seconds>(now));
  EXPECT_EQ(core::to_text(page.server_time.value() + *page.date_off), "2024-05-14T14:59:40Z");
}

TEST_F(source_test, orders_are_observed_by_another_clock_than_the_one_that_signs) {
  observed_now = now + std::chrono::hours{8};
  serve_always(http_ok(sample_page()));
  EXPECT_EQ(fetch().value().orders.at(0).observed_at, *observed_now);
  EXPECT_NE(requests.at(0).find("timestamp: 1715669977082"), std::string::npos);
}

TEST_F(source_test, says_that_the_line_is_free_before_it_gives_the_page) {
  serve_always(http_ok(sample_page()));
  int freed = 0;
  request.received = [&] { ++freed; };
  ASSERT_TRUE(fetch());
  EXPECT_EQ(freed, 1);
  server.reset();
  ASSERT_FALSE(fetch());
  EXPECT_EQ(freed, 2);
}

TEST_F(source_test, a_clock_that_is_far_off_is_reported_as_the_cause_of_a_refusal) {
  serve_always("HTTP/1.1 401 Unauthorized\r\nDate: Tue, 14 May 2024 07:09:40 GMT\r\nContent-Length: 2\r\n\r\n{}");
  const auto refused = fetch().error();
  EXPECT_EQ(refused.kind, core::failure::refused);
  EXPECT_NE(refused.what.find("clock is 10 min behind the API's"), std::string::npos) << refused.what;
  now += std::chrono::minutes{5};
  EXPECT_EQ(fetch().error().what.find("this machine's clock is 5"), std::string::npos);
}

TEST_F(source_test, sends_what_the_vendor_documents) {
  serve_always(http_ok(empty_page));
  ASSERT_TRUE(fetch());
  const auto sent = requests.at(0);
  EXPECT_TRUE(sent.starts_with("POST /alibaba/order/page HTTP/1.1\r\n")) << sent;
  for (const auto& line : {fmt::format("Host: 127.0.0.1:{}", server->port()), std::string("access-key: canary-key"),
                           std::string("timestamp: 1715669977082"), "nonce-str: " + std::string(32, 'A'),
                           std::string("user-id: 2100007341207"),
                           "signature: " + sign("canary-key", "1715669977082", std::string(32, 'A'), "canary-secret"),
                           std::string("Accept-Encoding: identity"), std::string("Content-Type: application/json")}) {
    EXPECT_NE(sent.find("\r\n" + line + "\r\n"), std::string::npos) << line;
  }
  EXPECT_TRUE(sent.ends_with("\r\n\r\n" + request_body(request, settings.style)));
}

TEST_F(source_test, signs_each_try_with_the_credentials_and_the_clock_of_that_moment) {
  serve_always(http_ok(empty_page));
  ASSERT_TRUE(fetch());
  who.access_secret = "another";
  now += std::chrono::seconds{5};
  ASSERT_TRUE(fetch());
  EXPECT_NE(requests.at(1).find("timestamp: 1715669982082"), std::string::npos);
  EXPECT_NE(requests.at(1).find(sign("canary-key", "1715669982082", std::string(32, 'A'), "another")),
            std::string::npos);
}

TEST_F(source_test, keeps_its_connection) {
  serve_always(http_ok(empty_page));
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(fetch());
  EXPECT_EQ(server->connections(), 1);
  EXPECT_EQ(request_count(), 5U);
}

TEST_F(source_test, has_as_many_connections_as_calls_in_flight_and_keeps_them_all) {
  serve_always(http_ok(empty_page));
  for (int round = 0; round < 3; ++round) {
    std::vector<std::shared_ptr<std::optional<outcome>>> calls;
    for (int i = 0; i < 4; ++i) calls.push_back(start());
    run();
    for (const auto& call : calls) EXPECT_TRUE(call->value());
  }
  EXPECT_EQ(server->connections(), 4);
  EXPECT_EQ(request_count(), 12U);
}

TEST_F(source_test, replaces_a_kept_connection_that_died_meanwhile) {
  serve([](tls_session& session) {
    session.read_request();
    session.write(http_ok(empty_page));
    if (session.number() == 0) return;  // closes
    session.wait_for_close();
  });
  ASSERT_TRUE(fetch());
  ASSERT_TRUE(fetch());
  EXPECT_EQ(server->connections(), 2);
}

TEST_F(source_test, replaces_a_kept_connection_that_dies_on_the_request_but_only_once) {
  serve([this](tls_session& session) {
    const auto first = session.read_request();
    remember(first);
    if (session.number() == 0) {
      session.write(http_ok(empty_page));
      remember(session.read_request());  // and dies without a word
    }
  });
  ASSERT_TRUE(fetch());
  const auto error = fetch_failing();
  EXPECT_EQ(error.kind, failure::unreachable);
  EXPECT_EQ(server->connections(), 2);
  EXPECT_EQ(request_count(), 3U);
}

TEST_F(source_test, does_not_repeat_a_request_whose_reply_had_begun) {
  serve([this](tls_session& session) {
    remember(session.read_request());
    session.write(http_ok(empty_page));
    remember(session.read_request());
    session.write("HTTP/1.1 200 OK\r\nContent-Le");
  });
  ASSERT_TRUE(fetch());
  EXPECT_EQ(fetch_failing().kind, failure::unreachable);
  EXPECT_EQ(request_count(), 2U);
}

TEST_F(source_test, honours_connection_close) {
  serve_always(http_ok(empty_page, "Connection: close\r\n"));
  ASSERT_TRUE(fetch());
  ASSERT_TRUE(fetch());
  EXPECT_EQ(server->connections(), 2);
}

TEST_F(source_test, never_uses_a_connection_again_on_which_more_came_than_the_reply) {
  serve_always(http_ok(empty_page) + http_ok(sample_page()));
  EXPECT_EQ(fetch().value().total, 0);
  EXPECT_EQ(fetch().value().total, 0);
  EXPECT_EQ(server->connections(), 2);
}

TEST_F(source_test, sees_what_comes_after_the_reply_while_the_connection_is_idle) {
  std::promise<void> written;
  serve([&](tls_session& session) {
    session.read_request();
    session.write(http_ok(empty_page));
    if (session.number() == 0) {
      session.write(http_ok(sample_page()));
      written.set_value();
    }
    session.wait_for_close();
  });
  EXPECT_EQ(fetch().value().total, 0);
  written.get_future().wait();
  EXPECT_EQ(fetch().value().total, 0);
  EXPECT_EQ(server->connections(), 2);
}

TEST_F(source_test, reads_chunks) {
  serve_always("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n" + std::string(empty_page.substr(0, 16)) +
               fmt::format("\r\n{:x}\r\n", empty_page.size() - 16) + std::string(empty_page.substr(16)) +
               "\r\n0\r\n\r\n");
  ASSERT_TRUE(fetch());
  ASSERT_TRUE(fetch());
  EXPECT_EQ(server->connections(), 1);
}

TEST_F(source_test, follows_no_redirect) {
  serve_always("HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(fetch_failing().kind, failure::unusable_reply);
  EXPECT_EQ(request_count(), 1U);
}

TEST_F(source_test, passes_on_how_long_to_wait) {
  serve_always("HTTP/1.1 429 Too Many Requests\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n");
  const auto error = fetch_failing();
  EXPECT_EQ(error.kind, failure::overloaded);
  EXPECT_EQ(error.retry_after, std::chrono::seconds{7});
}

TEST_F(source_test, logs_no_secrets_and_no_bodies) {
  serve_always(http_ok(sample_page()));
  ASSERT_TRUE(fetch());
  EXPECT_NE(log.text().find("http_exchange method=POST path=/alibaba/order/page status=200"), std::string::npos)
      << log.text();
  for (const auto* secret : {"canary", "18275942991", "2100007341207", "signature"}) {
    EXPECT_EQ(log.text().find(secret), std::string::npos) << secret;
  }
}

TEST_F(source_test, ends_what_is_in_flight_when_closed_and_refuses_what_follows) {
  serve([this](tls_session& session) {
    session.read_request();
    boost::asio::post(io, [this] { source->close(); });
    session.wait_for_close();
  });
  EXPECT_EQ(fetch_failing().kind, failure::unreachable);
  EXPECT_EQ(fetch_failing().kind, failure::unreachable);
  EXPECT_EQ(server->connections(), 1);
}

TEST_F(source_test, may_go_while_a_call_is_in_flight) {
  serve([this](tls_session& session) {
    session.read_request();
    boost::asio::post(io, [this] { source.reset(); });
    session.wait_for_close();
  });
  EXPECT_EQ(fetch_failing().kind, failure::unreachable);
}

TEST_F(source_test, refuses_settings_that_cannot_work) {
  const auto refused = [this] {
    source_ports ports{[this] { return who; }, [this] { return now; }, [this] { return now; },
                       [] { return std::uint64_t{0}; }, &log};
    const auto made = make_order_source(io.get_executor(), settings, std::move(ports));
    return !made && made.error().kind == failure::input;
  };
  settings.ca_file = "/nowhere/ca.pem";
  EXPECT_TRUE(refused());
  settings.ca_file = directory.write("ca.pem", "no certificate").string();
  EXPECT_TRUE(refused());
}

}  // namespace
}  // namespace ordersync::pandapon
