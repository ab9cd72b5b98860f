// Servers and networks that misbehave: what the source makes of it, and that it never waits longer than it may.
#include "pandapon/source_fixture.hpp"

#include <boost/asio/ip/tcp.hpp>

namespace ordersync::pandapon {
namespace {

using core::failure;
using test_support::http_ok;
using test_support::tls_server;
using test_support::tls_session;

class source_failure_test : public source_test {
 protected:
  // What comes of a reply after which the server closes, as most of these have no other end.
  core::error failure_of(std::string reply) {
    source.reset();
    serve([reply](tls_session& session) {
      session.read_request();
      session.write(reply);
    });
    return fetch_failing();
  }
  // The kind of a failure that must come with the deadline, neither much earlier nor much later.
  failure kind_at_deadline() {
    const auto begin = std::chrono::steady_clock::now();
    const auto kind = fetch_failing(soon).kind;
    const auto took = std::chrono::steady_clock::now() - begin;
    EXPECT_GE(took, soon - std::chrono::milliseconds{20});
    EXPECT_LT(took, soon + std::chrono::seconds{5});
    return kind;
  }
};

const std::string body(empty_page);
const std::string length = fmt::format("Content-Length: {}\r\n", body.size());

TEST_F(source_failure_test, a_reply_without_one_certain_end_is_unusable) {
  const std::string ok = "HTTP/1.1 200 OK\r\n";
  const std::string chunks = fmt::format("{:x}\r\n{}\r\n0\r\n\r\n", body.size(), body);
  for (const auto& reply :
       {ok + "\r\n" + body, "HTTP/1.0 200 OK\r\n\r\n" + body, ok + length + length + "\r\n" + body,
        ok + length + "Content-Length: 5\r\n\r\n" + body, ok + "Content-Length: -1\r\n\r\n" + body,
        ok + "Content-Length: 0x20\r\n\r\n" + body, ok + "Content-Length: 99999999999999999999\r\n\r\n" + body,
        ok + length + "Transfer-Encoding: chunked\r\n\r\n" + chunks,
        ok + "Transfer-Encoding: gzip, chunked\r\n\r\n" + chunks, ok + "Transfer-Encoding: gzip\r\n\r\n" + body,
        ok + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks,
        ok + "Transfer-Encoding: chunked\r\n\r\nzz\r\n" + body}) {
    const auto error = failure_of(reply);
    EXPECT_EQ(error.kind, failure::unusable_reply) << reply << error.what;
  }
}

TEST_F(source_failure_test, interim_replies_are_passed_over) {
  serve_always("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + http_ok(empty_page));
  ASSERT_TRUE(fetch());
  ASSERT_TRUE(fetch());
  EXPECT_EQ(server->connections(), 1);
}

TEST_F(source_failure_test, an_interim_status_is_never_the_answer) {
  const std::string interim = "HTTP/1.1 100 Continue\r\n\r\n";
  EXPECT_EQ(failure_of(interim).kind, failure::unreachable);  // and then closes
  std::string many;
  for (int i = 0; i < 50; ++i) many += interim;
  EXPECT_EQ(failure_of(many).kind, failure::unusable_reply);
  EXPECT_EQ(failure_of("HTTP/1.1 101 Switching Protocols\r\n\r\n" + http_ok(empty_page)).kind, failure::unusable_reply);
}

TEST_F(source_failure_test, what_is_no_http_is_unusable) {
  for (const auto* reply : {"SSH-2.0-OpenSSH_9.2\r\n\r\n", "HTTP/2 200\r\n\r\n", "HTTP/1.1 2x0 OK\r\n\r\n",
                            "HTTP/1.1 200 OK\r\nno colon\r\n\r\n"}) {
    EXPECT_EQ(failure_of(reply).kind, failure::unusable_reply) << reply;
  }
  EXPECT_EQ(failure_of("HTTP/1.1 200 OK\r\nx: " + std::string(200'000, 'x') + "\r\n\r\n").kind,
            failure::unusable_reply);
}

TEST_F(source_failure_test, a_reply_that_is_cut_short_can_be_tried_again) {
  const auto whole = http_ok(empty_page);
  for (const auto size : {std::size_t{0}, std::size_t{5}, whole.size() - body.size(), whole.size() - 1}) {
    EXPECT_EQ(failure_of(whole.substr(0, size)).kind, failure::unreachable) << size;
  }
  EXPECT_EQ(failure_of("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"to").kind, failure::unreachable);
}

TEST_F(source_failure_test, the_status_of_a_failure_counts_even_when_its_text_is_cut_or_unframed) {
  EXPECT_EQ(failure_of("HTTP/1.1 401 Unauthorized\r\nContent-Length: 50\r\n\r\nno").kind, failure::refused);
  EXPECT_EQ(failure_of("HTTP/1.0 502 Bad Gateway\r\n\r\n<html>").kind, failure::unreachable);
  EXPECT_EQ(failure_of("HTTP/1.1 503 Busy\r\nRetry-After: 3\r\n\r\n").kind, failure::overloaded);
}

TEST_F(source_failure_test, a_reply_over_the_limit_is_unusable_and_not_read_to_its_end) {
  settings.max_response_bytes = 1000;
  const auto error = failure_of("HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n");
  EXPECT_EQ(error.kind, failure::unusable_reply);
  EXPECT_EQ(error.remedy, core::remedy::ask_smaller);
  EXPECT_NE(error.what.find("api.max_response_bytes"), std::string::npos) << error.what;
  const auto endless = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7d0\r\n" + std::string(2000, ' ') + "\r\n";
  EXPECT_EQ(failure_of(endless).kind, failure::unusable_reply);
  const auto many = std::string("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;") + std::string(300'000, 'x');
  EXPECT_EQ(failure_of(many).kind, failure::unusable_reply);
}

TEST_F(source_failure_test, a_reply_of_just_the_limit_is_taken) {
  settings.max_response_bytes = 1000;
  serve_always(http_ok(body + std::string(1000 - body.size(), ' ')));
  EXPECT_TRUE(fetch());
}

TEST_F(source_failure_test, silence_ends_at_the_deadline) {
  serve([](tls_session& session) {
    session.read_request();
    session.wait_for_close();
  });
  EXPECT_EQ(kind_at_deadline(), failure::unreachable);
}

TEST_F(source_failure_test, a_handshake_that_is_not_answered_ends_at_the_deadline) {
  server.emplace(
      certificates.good(), [](tls_session& session) { session.wait_for_close(); }, tls_server::manner{.plain = true});
  settings.base_url = {"127.0.0.1", server->port()};
  EXPECT_EQ(kind_at_deadline(), failure::unreachable);
}

TEST_F(source_failure_test, a_body_that_trickles_ends_at_the_deadline) {
  serve([](tls_session& session) {
    session.read_request();
    session.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    while (session.write("1\r\n \r\n")) {
    }
  });
  EXPECT_EQ(fetch_failing(soon).kind, failure::unreachable);
}

TEST_F(source_failure_test, a_silent_kept_connection_is_not_replaced_past_the_deadline) {
  serve([this](tls_session& session) {
    remember(session.read_request());
    session.write(http_ok(empty_page));
    remember(session.read_request());
    session.wait_for_close();
  });
  ASSERT_TRUE(fetch());
  EXPECT_EQ(kind_at_deadline(), failure::unreachable);
  EXPECT_EQ(server->connections(), 1);
}

TEST_F(source_failure_test, a_closed_port_is_reported) {
  boost::asio::io_context unused;
  boost::asio::ip::tcp::acceptor acceptor(unused, {boost::asio::ip::make_address("127.0.0.1"), 0});
  settings.base_url = {"127.0.0.1", acceptor.local_endpoint().port()};
  acceptor.close();
  const auto error = fetch_failing();
  EXPECT_EQ(error.kind, failure::unreachable);
  EXPECT_NE(error.what.find("Connection refused"), std::string::npos) << error.what;
}

TEST_F(source_failure_test, a_name_that_does_not_exist_is_reported_by_the_deadline) {
  settings.base_url = {.host = "no-such-name.invalid"};
  EXPECT_EQ(fetch_failing(std::chrono::seconds{2}).kind, failure::unreachable);
}

TEST_F(source_failure_test, a_look_up_is_ended_by_closing) {
  settings.base_url = {.host = "no-such-name.invalid"};
  const auto call = start();
  boost::asio::post(io, [this] { source->close(); });
  run();
  EXPECT_EQ(call->value().error().kind, failure::unreachable);
}

TEST_F(source_failure_test, calls_may_be_dropped_with_their_io) {
  serve([](tls_session& session) {
    session.read_request();
    session.wait_for_close();
  });
  auto own_io = std::make_unique<boost::asio::io_context>();
  source_ports ports{[this] { return who; }, [this] { return now; }, [this] { return now; },
                     [] { return std::uint64_t{0}; }, &log};
  settings.ca_file = certificates.ca_file().string();
  source = make_order_source(own_io->get_executor(), settings, std::move(ports)).value();
  boost::asio::co_spawn(*own_io, source->fetch(request, std::chrono::steady_clock::now() + ample),
                        [](const std::exception_ptr&, const outcome&) { FAIL() << "ended on its own"; });
  while (server->handshakes() == 0) own_io->run_one();
  source.reset();
  own_io.reset();
}

}  // namespace
}  // namespace ordersync::pandapon
