#include "support/tls_certificates.hpp"

#include "support/child_process.hpp"
#include "support/temp_dir.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace ordersync::test_support {
namespace {

using testing::HasSubstr;

// OpenSSL's own program checks what its library made.
class certificates : public testing::Test {
 protected:
  [[nodiscard]] std::string verify(const server_credentials& server, std::vector<std::string> more = {}) const {
    child_options options;
    options.argv = {"openssl", "verify", "-purpose", "sslserver", "-CAfile", made.ca_file()};
    options.argv.insert(options.argv.end(), more.begin(), more.end());
    options.argv.push_back(server.certificate_file);
    const auto done = run_process(options);
    return done.out + done.err;
  }

  temp_dir directory;
  tls_certificates made{directory.path()};
};

TEST_F(certificates, a_good_one_is_accepted_by_address_and_name) {
  EXPECT_THAT(verify(made.good(), {"-verify_ip", "127.0.0.1"}), HasSubstr(": OK"));
  EXPECT_THAT(verify(made.good(), {"-verify_hostname", "localhost"}), HasSubstr(": OK"));
}

TEST_F(certificates, each_bad_one_is_refused_for_its_own_reason) {
  EXPECT_THAT(verify(made.wrong_host(), {"-verify_hostname", "localhost"}), HasSubstr("hostname mismatch"));
  EXPECT_THAT(verify(made.expired()), HasSubstr("certificate has expired"));
  EXPECT_THAT(verify(made.self_signed()), HasSubstr("self-signed certificate"));
  EXPECT_THAT(verify(made.without_san(), {"-verify_ip", "127.0.0.1"}), HasSubstr("IP address mismatch"));
}

TEST_F(certificates, the_one_without_san_is_right_in_all_else) {
  EXPECT_THAT(verify(made.without_san(), {"-verify_hostname", "localhost"}), HasSubstr(": OK"));
}

TEST_F(certificates, the_other_authority_vouches_for_none_of_them) {
  child_options options;
  options.argv = {"openssl", "verify", "-CAfile", made.other_ca_file(), made.good().certificate_file};
  EXPECT_NE(run_process(options).status.code, 0);
}

}  // namespace
}  // namespace ordersync::test_support
