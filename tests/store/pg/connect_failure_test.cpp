#include "store/pg/connect_failure.hpp"

#include "store/libpq_facts.hpp"
#include "store/store.hpp"
#include "support/temp_dir.hpp"

#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <initializer_list>
#include <string>
#include <utility>

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

TEST(connect_failure, is_told_in_the_servers_own_words_too) {
  EXPECT_EQ(connect_failure(to + "FATAL:  F0000: strange\nDETAIL:  It is so.\nLOCATION:  f, g.c:1\n").reason(),
            "SQLSTATE F0000: strange (It is so.)");
  EXPECT_EQ(connect_failure(to + "FATAL:  53300: too many connections for role \"r\"\nLOCATION:  f, g.c:1\n").reason(),
            "SQLSTATE 53300 (too many connections): too many connections for role \"r\"");
  EXPECT_EQ(connect_failure(to + "FATAL:  XX000: a\033[2Jb\xff\n").reason(), "SQLSTATE XX000: a\\u001b[2Jb\uFFFD");
  EXPECT_THAT(connect_failure(to + "FATAL:  28000: LDAP authentication failed for user \"r\"\nLOCATION:  auth_failed, "
                                   "auth.c:334\n")
                  .reason(),
              HasSubstr("the way of authentication that pg_hba.conf asks for"));
}

TEST(connect_failure, of_a_pooler_lasts_by_its_words) {
  for (const auto* words : {"no such database: d", "SASL authentication failed", "database \"d\" does not exist",
                            "unsupported startup parameter: options"})
    expect_lasting(to + "FATAL:  08P01: " + words + "\n", words);
  for (const auto* words : {"query_wait_timeout", "no more connections allowed (max_client_conn)",
                            "pgbouncer cannot connect to server", "database \"d\" is disabled"})
    EXPECT_TRUE(connect_failure(to + "FATAL:  08P01: " + words + "\n").transient()) << words;
}

TEST(connect_failure, of_libpq_itself_is_lasting_whatever_it_is) {
  expect_lasting("invalid ssl_min_protocol_version value: \"TLSv1.9\"\n", "ssl_min_protocol_version");
  expect_lasting("invalid SSL protocol version range\n", "range");
  expect_lasting(to + "setsockopt(TCP_KEEPIDLE) failed: Invalid argument\n", "TCP_KEEPIDLE");
  expect_lasting("could not parse network address \"300.1.1.1\": Name or service not known\n", "300.1.1.1");
  expect_lasting("definition of service \"nosuch\" not found\n", "nosuch");
  expect_lasting(to + "received invalid response to SSL negotiation: H\n", "not PostgreSQL");
  expect_lasting(to + "authentication method 99 not supported\n", "99");
  const std::string socket = "connection to server on socket \"/run/postgresql/.s.PGSQL.5432\" failed: ";
  expect_lasting(socket + "requirepeer specifies \"a\", but actual peer user name is \"b\"\n", "requirepeer");
  expect_lasting(socket + "Permission denied\n\tIs the server running locally?\n", "may not use the server's socket");
  EXPECT_TRUE(connect_failure(socket + "No such file or directory\n").transient()) << "the server is to be started";
  EXPECT_TRUE(connect_failure(to + "Permission denied\n").transient()) << "a firewall may say so";
}

TEST(connect_failure, of_kerberos_is_lasting_unless_nobody_answers) {
  expect_lasting(to + "GSSAPI continuation error: No credentials were supplied: No Kerberos credentials available\n",
                 "kinit");
  EXPECT_TRUE(
      connect_failure(to + "GSSAPI continuation error: Miscellaneous failure: Cannot contact any KDC for realm\n")
          .transient());
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
  EXPECT_THAT(connect_failure(unknown, true).reason(), HasSubstr("cannot be resolved; check database.url"));
  EXPECT_TRUE(connect_failure(unknown + to + "Connection refused\n", false).transient()) << "the other host is known";
  EXPECT_TRUE(
      connect_failure("could not translate host name \"db\" to address: Temporary failure in name resolution\n", false)
          .transient());
}

TEST(connect_failure, shows_no_place_in_the_servers_source) {
  const auto failure = connect_failure(to + "FATAL:  28P01: no\nLOCATION:  auth_failed, auth.c:1\n" + to + "timeout\n");
  EXPECT_EQ(failure.reason().find("LOCATION"), std::string::npos) << failure.reason();
}

std::string why_not(const std::string& url) {
  const auto checked = check_url(url);
  return checked.has_error() ? checked.error().what : "";
}

TEST(check_url, finds_what_can_never_connect) {
  for (const auto& [options, why] : std::initializer_list<std::pair<std::string, std::string>>{
           {"sslmode=maybe", "sslmode is invalid"},
           {"port=99999", "the port is invalid"},
           {"host=a,b&port=5432,0", "the port is invalid"},
           {"host=a,b&port=1,2,3", "another number of ports than of hosts"},
           {"keepalives=x", "keepalives is invalid; use a whole number"},
           {"connect_timeout=x", "connect_timeout is invalid; use a whole number"},
           {"keepalives=-1", "keepalives is invalid; use a whole number, 0 or more"},
           {"keepalives_idle=-5", "keepalives_idle is invalid; use a whole number from 1 to 32767"},
           {"keepalives_idle=0", "keepalives_idle is invalid"},
           {"keepalives_interval=32768", "keepalives_interval is invalid"},
           {"keepalives_count=128", "keepalives_count is invalid; use a whole number from 1 to 127"},
           {"tcp_user_timeout=-1", "tcp_user_timeout is invalid; use a whole number, 0 or more"},
           {"tcp_user_timeout=", "tcp_user_timeout is invalid"},
           {"host=rel%2Fdir", "the host is no name, address or directory"},
           {"host=a,%5B::1%5D", "the host is no name, address or directory"},
           {"channel_binding=x", "libpq refuses it: invalid channel_binding value"},
           {"target_session_attrs=x", "libpq refuses it: invalid target_session_attrs value"},
           {"ssl_min_protocol_version=TLSv1.9", "libpq refuses it: invalid ssl_min_protocol_version value"},
           {"ssl_min_protocol_version=TLSv1.3&ssl_max_protocol_version=TLSv1.2",
            "libpq refuses it: invalid SSL protocol version range"},
           {"sslmode=require&nosuch=1", "it has the parameter nosuch, which libpq does not know"},
           {"sslmode=verify-full&sslrootcert=/nowhere/root.crt", "/nowhere/root.crt cannot be read"},
           {"sslrootcert=/etc/hostname", "sslrootcert /etc/hostname contains no certificate"},
           {"sslrootcert=/etc", "sslrootcert /etc contains no certificate"},
           {"sslcert=/etc/hostname", "sslcert /etc/hostname contains no certificate"},
           {"hostaddr=999.1.1.1", "hostaddr is no IP address"},
           {"hostaddr=10.0.0.1,10.0.0.2", "another number of addresses"},
           {"host=/" + std::string(100, 'x'), "too long for a socket"},
           {"service=nosuch", "not in libpq's service file"},
           {"replication=true", "replication is for standby servers"},
           {"target_session_attrs=standby", "takes no writes"},
           {"target_session_attrs=read-only", "takes no writes"}})
    EXPECT_THAT(why_not("postgresql://u@h/d?" + options), HasSubstr(why)) << options;
  for (const auto* url : {"postgresql://u@h/d?sslmode=require", "postgresql://u@a:1,b/d",
                          "postgresql://u@a,b/d?port=5432&connect_timeout=10&channel_binding=require",
                          "postgresql://u@h/d?connect_timeout=-1&keepalives=0&tcp_user_timeout=0",
                          "postgresql://u@h/d?keepalives_idle=32767&keepalives_interval=1&keepalives_count=127",
                          "postgresql://u@[::1]:5432/d", "postgresql://u@/d?host=@socket",
                          "postgresql://u@/d?host=/run&sslmode=verify-full&sslrootcert=/nowhere/root.crt",
                          "postgresql://u@a,b/d?hostaddr=10.0.0.1,::1&target_session_attrs=primary"})
    EXPECT_EQ(why_not(url), "") << url;
}

// libpq takes them for what the url leaves out.
TEST(check_url, finds_what_can_never_connect_in_the_environment) {
  for (const auto* name : {"PGSSLMODE", "PGPORT", "PGTARGETSESSIONATTRS", "PGSERVICE", "PGHOSTADDR"}) {
    ::setenv(name, "99999x", 1);  // NOLINT(concurrency-mt-unsafe): there is no other thread
    EXPECT_THAT(why_not("postgresql://u@h/d"), HasSubstr(name));
    ::unsetenv(name);  // NOLINT(concurrency-mt-unsafe): there is no other thread
  }
}

// Who runs `check` has another home directory than the service.
TEST(check_url, takes_a_root_certificate_at_home_for_this_user_alone) {
  const test_support::temp_dir home;
  std::filesystem::create_directory(home.path() / ".postgresql");
  const std::string url = "postgresql://u@h/d?sslmode=verify-full";
  ::setenv("HOME", home.path().c_str(), 1);  // NOLINT(concurrency-mt-unsafe): there is no other thread
  EXPECT_THAT(why_not(url), HasSubstr(home.path().string() + "/.postgresql/root.crt, where libpq looks"));
  home.write(".postgresql/root.crt", "");
  EXPECT_EQ(why_not(url), "");
  const auto of_service = check_url_for_service(url);
  ASSERT_TRUE(of_service.has_error());
  EXPECT_THAT(of_service.error().what, HasSubstr("the service has no home directory"));
  const auto authority = home.write("ca.pem", "-----BEGIN CERTIFICATE-----\n").string();
  EXPECT_TRUE(check_url_for_service(url + "&sslrootcert=" + authority).has_value());
  ::setenv("PGSSLMODE", "verify-full", 1);  // NOLINT(concurrency-mt-unsafe): there is no other thread
  EXPECT_TRUE(check_url_for_service("postgresql://u@h/d").has_error()) << "as libpq reads it";
  ::unsetenv("PGSSLMODE");  // NOLINT(concurrency-mt-unsafe): there is no other thread
}

}  // namespace
}  // namespace ordersync::store::pg
