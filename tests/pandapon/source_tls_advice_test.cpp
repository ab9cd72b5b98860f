// What is said about a handshake that fails: advice that helps against its cause.
#include "pandapon/source_fixture.hpp"

namespace ordersync::pandapon {
namespace {

using test_support::server_credentials;
using test_support::tls_server;
using test_support::tls_session;

class source_tls_advice_test : public source_test {
 protected:
  core::error failure_with(const server_credentials& credentials, tls_server::manner how) {
    source.reset();
    server.emplace(
        credentials, [](tls_session& session) { session.read_request(); }, how);
    settings.base_url = {"127.0.0.1", server->port()};
    return fetch_failing();
  }
  void expect_untrusted(const server_credentials& credentials, const std::vector<std::string>& words) {
    const auto error = failure_with(credentials, {.weak = true});
    EXPECT_EQ(error.kind, core::failure::untrusted);
    for (const auto& word : words) EXPECT_NE(error.what.find(word), std::string::npos) << word << ": " << error.what;
    // Trusting whoever issued it would not help.
    EXPECT_EQ(error.what.find("put"), std::string::npos) << error.what;
  }
};

TEST_F(source_tls_advice_test, weak_keys_and_digests_have_to_be_replaced_by_the_server) {
  expect_untrusted(certificates.weak_key(), {"its key is too weak", "with RSA 2048", "the server's operator"});
  expect_untrusted(certificates.weak_digest(), {"signed with a weak digest", "SHA-256", "the server's operator"});
}

TEST_F(source_tls_advice_test, name_constraints_are_the_issuers) {
  expect_untrusted(certificates.of_constrained_issuer(), {"name constraints", "127.0.0.1", "of another issuer"});
}

TEST_F(source_tls_advice_test, a_certificate_for_clients_is_none_for_servers) {
  expect_untrusted(certificates.for_clients(), {"not valid for servers", "serverAuth"});
}

TEST_F(source_tls_advice_test, an_issuer_that_may_not_issue_is_reported) {
  expect_untrusted(certificates.of_no_authority(), {"not allowed to issue certificates"});
}

TEST_F(source_tls_advice_test, an_issuer_that_has_expired_is_named) {
  expect_untrusted(certificates.of_expired_issuer(),
                   {"its issuer's, \"an expired issuer\"", "clock", "ca-certificates"});
}

TEST_F(source_tls_advice_test, a_chain_with_a_hole_is_the_servers_or_wants_an_anchor) {
  const auto error = failure_with(certificates.without_issuer(), {});
  EXPECT_EQ(error.kind, core::failure::untrusted);
  EXPECT_NE(error.what.find("send its whole chain"), std::string::npos) << error.what;
  EXPECT_NE(error.what.find("api.ca_file"), std::string::npos) << error.what;
}

TEST_F(source_tls_advice_test, a_wanted_client_certificate_is_reported_in_either_version) {
  for (const bool newest : {true, false}) {
    const auto error = failure_with(certificates.good(), {.wants_certificate = true, .newest_tls = newest});
    EXPECT_EQ(error.kind, core::failure::unreachable);
    EXPECT_NE(error.what.find("requires a client certificate"), std::string::npos) << error.what;
  }
}

TEST_F(source_tls_advice_test, a_port_without_tls_is_reported) {
  server.emplace(
      certificates.good(),
      [](tls_session& session) {
        boost::system::error_code ignored;
        session.tcp().write_some(boost::asio::buffer("HTTP/1.1 400 Bad Request\r\n\r\n", 28), ignored);
        session.wait_for_close();
      },
      tls_server::manner{.plain = true});
  settings.base_url = {"127.0.0.1", server->port()};
  const auto error = fetch_failing();
  EXPECT_EQ(error.kind, core::failure::unreachable);
  EXPECT_NE(error.what.find("does not speak TLS: check the port"), std::string::npos) << error.what;
}

}  // namespace
}  // namespace ordersync::pandapon
