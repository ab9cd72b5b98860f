// A server that is not who it claims to be gets no byte of a request.

#include "e2e/stage.hpp"

#include <gtest/gtest.h>

namespace ordersync::e2e {
namespace {

void expect_no_request(test_support::server_credentials credentials, const char* what) {
  SCOPED_TRACE(what);
  stage on;
  on.use_certificate(std::move(credentials));
  on.start_simulator({"--orders", "10", "--from", "2024-05-01", "--to", "2024-06-01"});
  on.configure();
  on.migrate();
  const auto done = on.run({"sync"});
  EXPECT_EQ(done.status.code, 3) << done.err;
  EXPECT_NE(done.err.find("certificate"), std::string::npos) << done.err;
  EXPECT_EQ(on.query("select count(*) from ordersync.orders"), "0");
}

struct certificates : ::testing::Test {
  test_support::temp_dir directory;
  test_support::tls_certificates made{directory.path()};
};

TEST_F(certificates, of_another_host_are_refused) {
  expect_no_request(made.wrong_host(), "wrong host");
}
TEST_F(certificates, that_expired_are_refused) {
  expect_no_request(made.expired(), "expired");
}
TEST_F(certificates, without_subject_alternative_names_are_refused) {
  expect_no_request(made.without_san(), "no SAN");
}
TEST_F(certificates, signed_by_themselves_are_refused) {
  expect_no_request(made.self_signed(), "self-signed");
}

}  // namespace
}  // namespace ordersync::e2e
