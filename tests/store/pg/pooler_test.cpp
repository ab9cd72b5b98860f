// A pooler between the store and PostgreSQL: pgbouncer itself, in its modes.
#include "store/leadership/leader_election.hpp"
#include "store/store_fixture.hpp"
#include "support/child_process.hpp"
#include "support/postgres_cluster.hpp"
#include "support/temp_dir.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <array>
#include <fstream>
#include <optional>
#include <unistd.h>

namespace ordersync::store_test {
namespace {

using test_support::child_process;
using ::testing::HasSubstr;

constexpr const char* program = "/usr/sbin/pgbouncer";

class pooler : public store_test {
 protected:
  void SetUp() override {
    store_test::SetUp();
    if (::access(program, X_OK) != 0) GTEST_SKIP() << "there is no pgbouncer; ./dev packages test installs it";
  }
  // The way to the database by it.
  std::string begin(const std::string& mode) {
    const auto file = directory_.path() / "pgbouncer.ini";
    std::ofstream(file) << fmt::format(
        "[databases]\n{0} = host={1} dbname={0} user=ordersync\n[pgbouncer]\nunix_socket_dir = {2}\n"
        "listen_port = 6432\nauth_type = any\npool_mode = {3}\n"
        "ignore_startup_parameters = extra_float_digits\n",
        database_, test_support::shared_cluster().socket_directory().string(), directory_.path().string(), mode);
    // It refuses to run as root.
    const bool root = ::geteuid() == 0;
    if (root) std::filesystem::permissions(directory_.path(), std::filesystem::perms::all);
    process_.emplace(test_support::child_options{.argv = {program, file.string()},
                                                 .env = {},
                                                 .user = root ? std::optional<std::string>{"postgres"} : std::nullopt});
    EXPECT_TRUE(process_->wait_for_stderr("process up")) << process_->err();
    return fmt::format("host={} port=6432 dbname={} user=ordersync", directory_.path().string(), database_);
  }
  store::pg::settings by(const std::string& mode) {
    auto settings = settings_for();
    settings.url = begin(mode);
    return settings;
  }

  test_support::temp_dir directory_;
  std::optional<child_process> process_;
};

TEST_F(pooler, that_pools_transactions_is_refused_by_name_and_is_left_no_settings) {
  const auto settings = by("transaction");
  const auto store = store::make_database(settings, log_);
  const auto opened = run(store->open_account({"main", "scope-1", "asked"}));
  ASSERT_TRUE(opened.has_error());
  EXPECT_EQ(opened.error().kind, core::failure::database);
  EXPECT_THAT(opened.error().what, HasSubstr("pool_mode = session"));
  const auto election = store::leadership::make_leader_election(settings, {"a", "host", 1, "1"}, log_);
  const auto seen = run(election->look());
  ASSERT_TRUE(seen.has_error());
  EXPECT_THAT(seen.error().what, HasSubstr("uses another session for each transaction"));
  EXPECT_EQ(value("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"), "0");
  const auto shown = test_support::run_process(
      {.argv = {test_support::postgres_cluster::program("psql").string(), "-XAtc",
                "SELECT concat(current_setting('lock_timeout'), ' ', current_setting('synchronous_commit'))",
                settings.url}});
  EXPECT_EQ(shown.out, "0 on\n") << shown.err;
}

TEST_F(pooler, that_pools_statements_is_refused_too) {
  const auto store = store::make_database(by("statement"), log_);
  EXPECT_TRUE(run(store->open_account({"main", "scope-1", "asked"})).has_error());
}

TEST_F(pooler, that_pools_sessions_is_no_matter) {
  const auto settings = by("session");
  const auto store = store::make_database(settings, log_);
  const auto opened = run(store->open_account({"main", "scope-1", "asked"}));
  ASSERT_TRUE(opened.has_value()) << opened.error().what;
  const auto election = store::leadership::make_leader_election(settings, {"a", "host", 1, "1"}, log_);
  EXPECT_TRUE(run(election->look()).value().leads);
  EXPECT_TRUE(run(election->assume()).has_value());
}

// A pooler says nearly everything by one SQLSTATE.
TEST_F(pooler, that_does_not_know_the_database_is_no_outage) {
  auto settings = by("session");
  settings.url += " dbname=missing";
  const auto seen = run(store::make_database(settings, log_)->health());
  ASSERT_TRUE(seen.has_error());
  EXPECT_EQ(seen.error().kind, core::failure::database);
  EXPECT_THAT(seen.error().what, HasSubstr("a pooler in front of PostgreSQL refuses"));
  EXPECT_EQ(log_.count("database_retry"), 0);
}

}  // namespace
}  // namespace ordersync::store_test
