// Whom the source talks to: nobody gets a byte of a request who cannot prove to be the API.
#include "pandapon/source_fixture.hpp"

namespace ordersync::pandapon {
namespace {

using test_support::http_ok;
using test_support::tls_server;
using test_support::tls_session;

class source_tls_test : public source_test {
 protected:
  // The failure of a fetch from a server with that certificate, after making sure that nothing was sent.
  std::string refusal_of(const test_support::server_credentials& credentials) {
    serve_as(credentials, [this](tls_session& session) { remember(session.read_request()); });
    const auto error = fetch_failing();
    EXPECT_EQ(error.kind, core::failure::untrusted);
    server.reset();  // waits for its threads
    for (const auto& received : requests) EXPECT_EQ(received, "");
    return error.what;
  }
};

TEST_F(source_tls_test, a_name_is_checked_and_asked_for) {
  std::string asked_for;
  serve([&](tls_session& session) {
    asked_for = session.server_name();
    session.read_request();
    session.write(http_ok(empty_page));
  });
  settings.base_url = {"localhost", server->port()};
  EXPECT_TRUE(fetch());
  EXPECT_EQ(asked_for, "localhost");
}

TEST_F(source_tls_test, an_ip_address_is_checked_and_not_asked_for) {
  std::string asked_for = "?";
  serve([&](tls_session& session) {
    asked_for = session.server_name();
    session.read_request();
    session.write(http_ok(empty_page));
  });
  EXPECT_TRUE(fetch());
  EXPECT_EQ(asked_for, "");
}

TEST_F(source_tls_test, another_host_is_refused) {
  const auto what = refusal_of(certificates.wrong_host());
  EXPECT_NE(what.find("do not include 127.0.0.1"), std::string::npos) << what;
}

TEST_F(source_tls_test, another_host_is_refused_by_name_too) {
  serve_as(certificates.wrong_host(), [this](tls_session& session) { remember(session.read_request()); });
  settings.base_url = {"localhost", server->port()};
  const auto what = fetch_failing().what;
  EXPECT_NE(what.find("do not include localhost"), std::string::npos) << what;
}

TEST_F(source_tls_test, a_name_that_stands_in_the_subject_alone_is_refused) {
  serve_as(certificates.without_san(), [this](tls_session& session) { remember(session.read_request()); });
  settings.base_url = {"localhost", server->port()};
  const auto what = fetch_failing().what;
  EXPECT_NE(what.find("do not include localhost"), std::string::npos) << what;
  server.reset();
  for (const auto& received : requests) EXPECT_EQ(received, "");
}

TEST_F(source_tls_test, an_expired_certificate_is_refused) {
  const auto what = refusal_of(certificates.expired());
  EXPECT_NE(what.find("expired"), std::string::npos) << what;
  EXPECT_NE(what.find("clock"), std::string::npos) << what;
}

TEST_F(source_tls_test, a_self_signed_certificate_is_refused) {
  const auto what = refusal_of(certificates.self_signed());
  EXPECT_NE(what.find("api.ca_file"), std::string::npos) << what;
}

TEST_F(source_tls_test, an_issuer_that_is_not_trusted_is_refused) {
  settings.ca_file = certificates.other_ca_file().string();
  const auto what = refusal_of(certificates.good());
  EXPECT_NE(what.find("api.ca_file"), std::string::npos) << what;
}

TEST_F(source_tls_test, tls_before_1_2_is_refused) {
  server.emplace(
      certificates.good(), [this](tls_session& session) { remember(session.read_request()); },
      tls_server::manner{.old_tls = true});
  settings.base_url = {"127.0.0.1", server->port()};
  const auto error = fetch_failing();
  EXPECT_EQ(error.kind, core::failure::unreachable);
  EXPECT_NE(error.what.find("TLS 1.2"), std::string::npos) << error.what;
  EXPECT_EQ(server->handshakes(), 0);
}

}  // namespace
}  // namespace ordersync::pandapon
