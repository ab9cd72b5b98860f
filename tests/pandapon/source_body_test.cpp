// How bodies come: compressed, ended by the connection, too large.
#include "pandapon/packed.hpp"
#include "pandapon/sample.hpp"
#include "pandapon/source_fixture.hpp"

namespace ordersync::pandapon {
namespace {

using core::failure;
using test_support::frame;
using test_support::http_ok;
using test_support::packed;
using test_support::tls_session;

const std::string unframed = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n";

class source_body_test : public source_test {
 protected:
  // Every request is answered with this, and then the connection ends with a close_notify.
  void serve_with_close_notify(std::string reply) {
    serve([reply = std::move(reply), this](tls_session& session) {
      remember(session.read_request());
      session.write(reply);
      session.send_close_notify();
    });
  }
  core::error failure_of(std::string reply) {
    source.reset();
    serve_always(std::move(reply));
    return fetch_failing();
  }
};

TEST_F(source_body_test, compressed_replies_are_read_on_connections_that_are_kept) {
  for (const auto& [coding, as] :
       {std::pair{"gzip", frame::gzip}, std::pair{"deflate", frame::zlib}, std::pair{"deflate", frame::none}}) {
    source.reset();
    serve_always(http_ok(packed(sample_page(), as), fmt::format("Content-Encoding: {}\r\n", coding)));
    for (int i = 0; i < 2; ++i) EXPECT_EQ(fetch().value().orders.at(0).id, 1060631267218818995);
    EXPECT_EQ(server->connections(), 1);
  }
}

TEST_F(source_body_test, a_bomb_is_refused_with_the_remedy_of_large_replies) {
  settings.max_response_bytes = 100'000;
  const auto error = failure_of(http_ok(packed(std::string(50 << 20, ' ')), "Content-Encoding: gzip\r\n"));
  EXPECT_EQ(error.kind, failure::unusable_reply);
  EXPECT_EQ(error.remedy, core::remedy::ask_smaller);
  EXPECT_NE(error.what.find("api.max_response_bytes"), std::string::npos) << error.what;
}

TEST_F(source_body_test, damaged_and_unknown_codings_are_unusable) {
  auto bad = packed(empty_page);
  bad[bad.size() - 6] ^= 1;  // the checksum
  EXPECT_EQ(failure_of(http_ok(bad, "Content-Encoding: gzip\r\n")).kind, failure::unusable_reply);
  EXPECT_EQ(failure_of(http_ok(empty_page, "Content-Encoding: gzip\r\n")).kind, failure::unusable_reply);
  const auto error = failure_of(http_ok(empty_page, "Content-Encoding: identity\r\nContent-Encoding: br\r\n"));
  EXPECT_EQ(error.kind, failure::unusable_reply);
  EXPECT_NE(error.what.find("encoded with br although ordersync requested identity"), std::string::npos) << error.what;
}

TEST_F(source_body_test, a_compressed_refusal_is_understood) {
  const auto body = packed(R"({"code":50010,"msg":"请求过于频繁"})");
  EXPECT_EQ(failure_of(fmt::format("HTTP/1.1 400 Bad Request\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n{}",
                                   body.size(), body))
                .kind,
            failure::overloaded);
}

TEST_F(source_body_test, a_body_that_ends_with_its_connection_is_taken_where_tls_says_so) {
  serve_with_close_notify(unframed + sample_page());
  EXPECT_EQ(fetch().value().total, 1);
  EXPECT_EQ(fetch().value().total, 1);
  EXPECT_EQ(server->connections(), 2);
  source.reset();
  serve_with_close_notify("HTTP/1.0 200 OK\r\n\r\n" + sample_page());
  EXPECT_EQ(fetch().value().total, 1);
}

TEST_F(source_body_test, a_body_that_ends_with_its_connection_is_not_taken_where_it_is_not_whole) {
  serve_with_close_notify(unframed + std::string(empty_page.substr(0, empty_page.size() - 1)));
  EXPECT_EQ(fetch_failing().kind, failure::unusable_reply);
  source.reset();
  serve([](tls_session& session) {
    session.read_request();
    session.write(unframed + std::string(empty_page));  // whole, and nobody can know
  });
  const auto error = fetch_failing();
  EXPECT_EQ(error.kind, failure::unusable_reply);
  EXPECT_NE(error.what.find("close_notify"), std::string::npos) << error.what;
}

TEST_F(source_body_test, a_body_without_a_length_keeps_to_the_limit) {
  settings.max_response_bytes = 1000;
  serve_with_close_notify(unframed + std::string(empty_page) + std::string(1001 - empty_page.size(), ' '));
  EXPECT_EQ(fetch_failing().remedy, core::remedy::ask_smaller);
  source.reset();
  serve_with_close_notify(unframed + std::string(empty_page) + std::string(1000 - empty_page.size(), ' '));
  EXPECT_TRUE(fetch());
}

TEST_F(source_body_test, a_reply_over_the_limit_ends_its_connection_at_once) {
  settings.max_response_bytes = 1000;
  std::atomic<bool> closed = false;
  serve([&](tls_session& session) {
    session.read_request();
    session.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7d0\r\n" + std::string(2000, ' ') + "\r\n");
    session.wait_for_close();
    closed = true;
  });
  EXPECT_EQ(fetch_failing().remedy, core::remedy::ask_smaller);
  server.reset();  // waits for its threads
  EXPECT_TRUE(closed);
}

TEST_F(source_body_test, a_web_page_is_transient_even_where_its_text_cannot_be_read) {
  const auto error = failure_of(
      "HTTP/1.1 403 Forbidden\r\nContent-Type: text/html; charset=UTF-8\r\nContent-Encoding: br\r\nContent-Length: "
      "3\r\n\r\nabc");
  EXPECT_EQ(error.kind, failure::unreachable);
  EXPECT_NE(error.what.find("web page (status 403)"), std::string::npos) << error.what;
}

}  // namespace
}  // namespace ordersync::pandapon
