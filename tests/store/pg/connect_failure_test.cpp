#include "store/pg/connect_failure.hpp"

#include "store/store.hpp"

#include <gmock/gmock.h>

namespace ordersync::store::pg {
namespace {

using ::testing::HasSubstr;

const std::string to = "connection to server at \"db1\" (10.0.0.1), port 5432 failed: ";

void expect_lasting(const std::string& message, const std::string& advice) {
  const auto failure = connect_failure(message);
  EXPECT_FALSE(failure.transient()) << message;
  EXPECT_THAT(failure.reason(), HasSubstr(advice));
}

TEST(connect_failure, what_only_a_person_can_change_is_reported_at_once) {
  expect_lasting(to + "fe_sendauth: no password supplied\n", "database.password_file");
  expect_lasting(to + "root certificate file \"/root/.postgresql/root.crt\" does not exist\nEither provide the file or "
                      "change sslmode to disable server certificate verification.\n",
                 "root certificate file");
  expect_lasting(to + "SSL error: certificate verify failed\n", "sslrootcert");
  expect_lasting(to + "server certificate for \"other\" does not match host name \"db1\"\n",
                 "does not match host name");
  expect_lasting("invalid sslmode value: \"maybe\"\n", "sslmode");
  expect_lasting("invalid port number: \"99999\"\n", "port number");
}

TEST(connect_failure, a_role_that_may_not_log_in_is_no_matter_of_pg_hba) {
  const auto refused = [](const std::string& words) {
    return to + "FATAL:  28000: " + words + "\nLOCATION:  InitializeSessionUserId, miscinit.c:779\n";
  };
  expect_lasting(refused("role \"r\" is not permitted to log in"), "the role may not log in");
  expect_lasting(refused("role \"r\" does not exist"), "the role does not exist");
  expect_lasting(refused("Rolle »r« hat keine Berechtigung zum Einloggen"), "does not exist or may not log in");
  expect_lasting(to + "FATAL:  28000: no pg_hba.conf entry for host\nLOCATION:  ClientAuthentication, auth.c:543\n",
                 "check pg_hba.conf");
}

TEST(connect_failure, a_missing_right_to_connect_is_reported_as_that) {
  expect_lasting(to + "FATAL:  42501: permission denied for database \"d\"\nDETAIL:  User does not have CONNECT "
                      "privilege.\nLOCATION:  CheckMyDatabase, postinit.c:371\n",
                 "GRANT CONNECT ON DATABASE");
}

TEST(connect_failure, what_passes_is_waited_for) {
  EXPECT_TRUE(connect_failure(to + "Connection refused\n\tIs the server running on that host?\n").transient());
  EXPECT_TRUE(
      connect_failure(to + "FATAL:  57P03: the database system is starting up\nLOCATION:  f, g.c:1\n").transient());
  EXPECT_TRUE(
      connect_failure(to + "FATAL:  28P01: no\nLOCATION:  auth_failed, auth.c:1\n" + to + "Connection refused\n")
          .transient())
      << "the other host may come back";
  EXPECT_TRUE(connect_failure("").transient());
}

TEST(connect_failure, of_tls_is_lasting_but_for_what_breaks_off) {
  expect_lasting(to + "SSL error: EVP lib\n", "sslrootcert");
  expect_lasting(to + "SSL error: invalid padding\n", "sslrootcert");
  expect_lasting(to + "SSL error: unsupported protocol\n", "unsupported protocol");
  EXPECT_TRUE(connect_failure(to + "SSL error: unexpected eof while reading\n").transient());
  EXPECT_TRUE(connect_failure(to + "SSL error: tlsv1 alert internal error\n").transient());
  EXPECT_TRUE(connect_failure(to + "SSL SYSCALL error: Connection reset by peer\n").transient());
}

TEST(connect_failure, a_name_that_no_server_knows_returns_for_a_daemon_alone) {
  const std::string unknown = "could not translate host name \"db\" to address: Name or service not known\n";
  const auto failure = connect_failure(unknown, false);
  EXPECT_FALSE(failure.transient());
  EXPECT_THAT(failure.reason(), HasSubstr("check database.url"));
  EXPECT_TRUE(connect_failure(unknown, true).transient());
  EXPECT_TRUE(connect_failure(unknown + to + "Connection refused\n", false).transient()) << "the other host is known";
  EXPECT_TRUE(
      connect_failure("could not translate host name \"db\" to address: Temporary failure in name resolution\n", false)
          .transient());
}

TEST(connect_failure, shows_no_place_in_the_servers_source) {
  const auto failure = connect_failure(to + "FATAL:  28P01: no\nLOCATION:  auth_failed, auth.c:1\n" + to + "timeout\n");
  EXPECT_EQ(failure.reason().find("LOCATION"), std::string::npos) << failure.reason();
}

TEST(check_url, finds_what_can_never_connect) {
  for (const auto* url :
       {"postgresql://u@h/d?sslmode=maybe", "postgresql://u@h:99999/d", "host=a,b port=5432,0 dbname=d",
        "postgresql://u@h/d?sslmode=verify-full&sslrootcert=/nowhere/root.crt"})
    EXPECT_TRUE(check_url(url).has_error()) << url;
  for (const auto* url : {"postgresql://u@h/d?sslmode=require", "postgresql://u@a:1,b/d",
                          "postgresql://u@/d?host=/run&sslmode=verify-full&sslrootcert=/nowhere/root.crt",
                          "postgresql://u@h/d?sslmode=verify-full&sslrootcert=/etc/hostname"})
    EXPECT_TRUE(check_url(url).has_value()) << url;
}

}  // namespace
}  // namespace ordersync::store::pg
