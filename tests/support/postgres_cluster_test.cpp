#include "support/postgres_cluster.hpp"

#include "support/child_process.hpp"

#include <gtest/gtest.h>
#include <pqxx/pqxx>

#include <filesystem>
#include <iostream>
#include <signal.h>
#include <unistd.h>

namespace ordersync::test_support {
namespace {

std::string ask(const std::string& url, const std::string& sql) {
  pqxx::connection connection{url};
  return pqxx::nontransaction{connection}.exec(sql).at(0).at(0).c_str();
}

void execute(const std::string& url, const std::string& sql) {
  pqxx::connection connection{url};
  pqxx::nontransaction{connection}.exec(sql);
}

TEST(postgres_cluster, each_database_is_fresh_and_owned_by_a_role_that_is_no_superuser) {
  const auto first = shared_cluster().fresh_database_url();
  execute(first, "CREATE TABLE seen (n int)");
  EXPECT_EQ(ask(shared_cluster().fresh_database_url(), "SELECT count(*) FROM pg_tables WHERE tablename = 'seen'"), "0");
  EXPECT_EQ(ask(first, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"), "f");
}

TEST(postgres_cluster, what_was_committed_survives_an_immediate_stop) {
  const auto url = shared_cluster().fresh_database_url();
  execute(url, "CREATE TABLE kept AS SELECT 7 AS n");
  shared_cluster().stop_immediately();
  EXPECT_THROW(pqxx::connection{url}, pqxx::broken_connection);
  shared_cluster().start();
  EXPECT_EQ(ask(url, "SELECT n FROM kept"), "7");
}

TEST(postgres_cluster, a_restart_ends_sessions) {
  const auto url = shared_cluster().fresh_database_url();
  pqxx::connection connection{url};
  shared_cluster().restart();
  EXPECT_ANY_THROW(pqxx::nontransaction{connection}.exec("SELECT 1"));
  EXPECT_EQ(ask(url, "SELECT 1"), "1");
}

TEST(postgres_cluster, a_replica_follows_until_it_is_cut_off_and_takes_writes_once_promoted) {
  postgres_cluster origin;
  const auto name = origin.create_database();
  execute(origin.connection_url(name), "CREATE TABLE counted AS SELECT 1 AS n");
  const auto replica = origin.make_replica();
  const auto url = replica->connection_url(name);
  const std::string count = "SELECT count(*) FROM counted";
  EXPECT_EQ(ask(url, count), "1");
  EXPECT_ANY_THROW(execute(url, "INSERT INTO counted VALUES (2)"));

  execute(origin.connection_url(name), "INSERT INTO counted VALUES (2)");
  while (ask(url, count) != "2") {  // bounded by the time limit of the test
  }
  origin.restart();
  execute(origin.connection_url(name), "INSERT INTO counted VALUES (3)");
  while (ask(url, count) != "3") {
  }

  replica->cut_off();
  execute(origin.connection_url(name), "INSERT INTO counted VALUES (4)");
  origin.stop_immediately();
  replica->promote();
  EXPECT_EQ(ask(url, count), "3");
  execute(url, "INSERT INTO counted VALUES (5)");
  EXPECT_EQ(ask(url, count), "4");
}

// The real case: the test program is killed by its time limit. A child stands in for it.
TEST(postgres_cluster, nothing_is_left_when_the_test_program_is_killed) {
  child_options options;
  options.argv = {std::filesystem::read_symlink("/proc/self/exe"), "--gtest_also_run_disabled_tests",
                  "--gtest_filter=*DISABLED_that_is_killed"};
  child_process victim{options};
  const auto line = victim.wait_for_stdout("cluster in ");
  ASSERT_TRUE(line);
  const std::filesystem::path directory{line->substr(line->find("/tmp/"))};
  ASSERT_TRUE(std::filesystem::exists(directory / "data"));

  victim.signal(SIGKILL);
  child_options wait;  // at most a minute, until the watchdog has done its work
  wait.argv = {"/bin/sh", "-c", "n=0; while [ -e \"$0\" ] && [ $n -lt 600 ]; do sleep 0.1; n=$((n+1)); done",
               directory};
  run_process(wait, std::chrono::seconds{90});
  EXPECT_FALSE(std::filesystem::exists(directory));
}

TEST(postgres_cluster, DISABLED_that_is_killed) {
  const postgres_cluster cluster;
  std::cout << "cluster in " << cluster.socket_directory().string() << std::endl;
  for (;;) ::pause();
}

}  // namespace
}  // namespace ordersync::test_support
