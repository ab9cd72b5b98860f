// Connections that cannot come to be, to a real server with TLS and passwords: what only a person can change is
// reported at once, by its cause, and is not waited for as an outage is.
#include "store/pg/connection.hpp"
#include "store/pg/sql_error.hpp"
#include "store/store_fixture.hpp"
#include "support/postgres_cluster.hpp"
#include "support/temp_dir.hpp"
#include "support/tls_certificates.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

namespace ordersync::store_test {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

// A loopback address of this process alone, so that the usual port is free there.
std::string own_address() {
  const auto pid = static_cast<unsigned>(::getpid());
  return fmt::format("127.{}.{}.{}", 64 + (pid >> 16) % 64, (pid >> 8) % 256, pid % 256);
}

class connecting : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    server = std::make_unique<test_support::postgres_cluster>();
    database_name = server->create_database();
    files = std::make_unique<test_support::temp_dir>();
    certificates = std::make_unique<test_support::tls_certificates>(files->path());
    execute("CREATE ROLE mei LOGIN PASSWORD 'right'");
    execute("CREATE ROLE nobody PASSWORD 'right'");
    execute("CREATE ROLE stranger LOGIN PASSWORD 'right'");
    execute("CREATE ROLE outsider LOGIN PASSWORD 'right'");
    execute(fmt::format("REVOKE CONNECT ON DATABASE {} FROM PUBLIC", database_name));
    execute(fmt::format("GRANT CONNECT ON DATABASE {} TO mei, nobody, stranger", database_name));
    execute("ALTER SYSTEM SET listen_addresses = '" + own_address() + "'");
    execute("ALTER SYSTEM SET ssl_cert_file = '" + (server->socket_directory() / "server.crt").string() + "'");
    execute("ALTER SYSTEM SET ssl_key_file = '" + (server->socket_directory() / "server.key").string() + "'");
    use(certificates->good());
    allow("host all stranger 127.0.0.0/8 reject\nhost all all 127.0.0.0/8 scram-sha-256\n");
    execute("ALTER SYSTEM SET ssl = on");
    server->restart();
  }
  static void TearDownTestSuite() {
    certificates.reset();
    files.reset();
    server.reset();
  }

  static void execute(const std::string& sql) {
    const store::pg::stop_signal never;
    store::pg::connection{server->superuser_url(database_name), "", never}.exec_script("arrange", sql);
  }
  static void use(const test_support::server_credentials& credentials) {
    give(credentials.certificate_file, "server.crt");
    give(credentials.key_file, "server.key");
  }
  // Into the server's directory, as the server's user.
  static void give(const fs::path& file, const std::string& name) {
    const auto copy = server->socket_directory() / name;
    fs::copy_file(file, copy, fs::copy_options::overwrite_existing);
    fs::permissions(copy, fs::perms{0600});
    struct stat owner {};
    ASSERT_EQ(::stat(server->socket_directory().c_str(), &owner), 0);
    ASSERT_EQ(::chown(copy.c_str(), owner.st_uid, owner.st_gid), 0);
  }
  static void allow(const std::string& by_network) {
    std::ofstream{server->socket_directory() / "data" / "pg_hba.conf"} << "local all all trust\n" << by_network;
  }
  static void serve(const test_support::server_credentials& credentials) {
    use(credentials);
    server->restart();
  }

  static std::string url(const std::string& options, const std::string& user = "mei") {
    return fmt::format("host=localhost hostaddr={} dbname={} user={} {}", own_address(), database_name, user, options);
  }
  static std::string trusting(const fs::path& ca) { return "sslmode=verify-full sslrootcert=" + ca.string(); }

  // What a command says that needs the database.
  core::result<store::reports::health_report> look(const std::string& to, const std::string& password) {
    store::pg::settings settings{.url = to, .password = password, .accounts = {"main"}};
    settings.retry = {std::chrono::milliseconds{1}, std::chrono::milliseconds{20}, std::chrono::milliseconds{1000}};
    const auto database = store::make_database(settings, log_);
    return run(database->health());
  }
  void expect_refused(const std::string& to, const std::string& password, const std::string& cause) {
    const auto seen = look(to, password);
    ASSERT_TRUE(seen.has_error());
    EXPECT_EQ(seen.error().kind, core::failure::database) << seen.error().what;
    EXPECT_THAT(seen.error().what, HasSubstr(cause));
    EXPECT_EQ(seen.error().what.find("right"), std::string::npos) << "the password is nobody's business";
    EXPECT_EQ(log_.text(), "") << "not waited for as an outage";
  }
  void expect_connected(const std::string& to, const std::string& password) {
    const auto seen = look(to, password);
    EXPECT_TRUE(seen.has_value()) << seen.error().what;
  }

  static inline std::unique_ptr<test_support::postgres_cluster> server;
  static inline std::unique_ptr<test_support::temp_dir> files;
  static inline std::unique_ptr<test_support::tls_certificates> certificates;
  static inline std::string database_name;
  recorded_log log_;
};

TEST_F(connecting, works_with_the_right_password_and_authority) {
  expect_connected(url(trusting(certificates->ca_file())), "right");
  expect_connected(url("sslmode=require"), "right");
  expect_connected(url("sslmode=disable"), "right");
}

// Who asks.

TEST_F(connecting, without_a_password_names_where_it_belongs) {
  expect_refused(url("sslmode=disable passfile=/nowhere"), "", "database.password_file");
  expect_refused(url("sslmode=require passfile=/nowhere"), "", "no password supplied");
}

TEST_F(connecting, with_a_wrong_password_says_so) {
  expect_refused(url("sslmode=disable"), "wrong", "28P01 (the server does not accept the password");
}

TEST_F(connecting, as_a_role_that_may_not_log_in_says_so) {
  expect_refused(url("sslmode=disable", "nobody"), "right", "ALTER ROLE ... LOGIN");
}

TEST_F(connecting, as_a_role_that_is_not_there_is_a_wrong_password_to_the_server) {
  expect_refused(url("sslmode=disable", "nosuch"), "right", "28P01");
}

TEST_F(connecting, that_pg_hba_rejects_names_it) {
  expect_refused(url("sslmode=disable", "stranger"), "right", "pg_hba.conf");
}

TEST_F(connecting, without_the_right_to_connect_says_so) {
  expect_refused(url("sslmode=disable", "outsider"), "right", "GRANT CONNECT ON DATABASE");
}

TEST_F(connecting, to_a_database_that_is_not_there_says_so) {
  expect_refused(fmt::format("host=localhost hostaddr={} dbname=nosuch user=mei", own_address()), "right",
                 "the database does not exist");
}

TEST_F(connecting, where_the_role_has_all_its_sessions_is_an_outage_that_names_it) {
  execute("ALTER ROLE mei CONNECTION LIMIT 0");
  const auto seen = look(url("sslmode=disable"), "right");
  execute("ALTER ROLE mei CONNECTION LIMIT -1");
  ASSERT_TRUE(seen.has_error());
  EXPECT_EQ(seen.error().kind, core::failure::database_down);
  EXPECT_THAT(seen.error().what, HasSubstr("53300 (too many connections): too many connections for role \"mei\""));
}

// Whom it asks.

TEST_F(connecting, that_verifies_without_a_root_certificate_names_its_file) {
  expect_refused(url(trusting("/nowhere/root.crt")), "right", "root certificate file \"/nowhere/root.crt\"");
  expect_refused(url("sslmode=verify-ca sslrootcert=/nowhere/root.crt"), "right", "/nowhere/root.crt");
}

TEST_F(connecting, to_a_server_that_no_authority_vouches_for_says_so) {
  serve(certificates->self_signed());
  expect_refused(url(trusting(certificates->ca_file())), "right", "its authority is not the one in sslrootcert");
  serve(certificates->good());
}

// It has the same name, as one that was made anew has.
TEST_F(connecting, to_a_server_of_another_authority_says_so) {
  expect_refused(url(trusting(certificates->other_ca_file())), "right", "its authority is not the one in sslrootcert");
}

TEST_F(connecting, to_a_server_with_a_certificate_that_is_over_says_so) {
  serve(certificates->expired());
  expect_refused(url(trusting(certificates->ca_file())), "right", "the server's certificate has expired, or");
  serve(certificates->good());
}

TEST_F(connecting, to_a_server_of_another_name_says_which) {
  serve(certificates->wrong_host());
  expect_refused(url(trusting(certificates->ca_file())), "right", "does not match host name \"localhost\"");
  expect_connected(url("sslmode=verify-ca sslrootcert=" + certificates->ca_file().string()), "right");
  serve(certificates->good());
}

TEST_F(connecting, with_tls_to_a_server_without_it_says_so) {
  execute("ALTER SYSTEM SET ssl = off");
  server->restart();
  expect_refused(url("sslmode=require"), "right", "server does not support SSL");
  expect_connected(url("sslmode=prefer"), "right");
  execute("ALTER SYSTEM SET ssl = on");
  server->restart();
}

TEST_F(connecting, without_tls_to_a_server_that_wants_it_names_pg_hba) {
  allow("hostssl all all 127.0.0.0/8 scram-sha-256\n");
  server->restart();
  expect_refused(url("sslmode=disable"), "right", "pg_hba.conf");
  expect_connected(url("sslmode=prefer"), "right");
  allow("host all stranger 127.0.0.0/8 reject\nhost all all 127.0.0.0/8 scram-sha-256\n");
  server->restart();
}

TEST_F(connecting, to_a_host_that_nobody_knows_says_so) {
  expect_refused("host='no such host' dbname=d user=mei", "right", "no such host");
}

// What is waited for.

TEST_F(connecting, to_a_port_where_nobody_listens_is_an_outage) {
  store::pg::settings settings{.url = url("sslmode=disable port=1"), .password = "right", .accounts = {"main"}};
  settings.retry = {std::chrono::milliseconds{1}, std::chrono::milliseconds{5}, std::chrono::milliseconds{50}};
  const auto seen = run(store::make_database(settings, log_)->health());
  ASSERT_TRUE(seen.has_error());
  EXPECT_EQ(seen.error().kind, core::failure::database_down);
  EXPECT_EQ(log_.count("database_retry"), 1);
}

// A name may be gone for as long as its server is, in clusters of containers; then a daemon waits, and a person does
// not.
TEST_F(connecting, to_a_host_that_nobody_knows_is_an_outage_for_a_daemon) {
  const store::pg::stop_signal never;
  const auto transient = [&](store::pg::session::purpose purpose) {
    try {
      store::pg::connection{"host='no such host' dbname=d user=mei", "right", never, {purpose, "ordersync"}};
    } catch (const store::pg::sql_error& why) {
      return why.transient();
    }
    throw std::runtime_error{"connected"};
  };
  EXPECT_FALSE(transient(store::pg::session::purpose::command));
  EXPECT_TRUE(transient(store::pg::session::purpose::work));
  EXPECT_TRUE(transient(store::pg::session::purpose::watch));
}

}  // namespace
}  // namespace ordersync::store_test
