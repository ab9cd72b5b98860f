#pragma once
// What tests of the mirror in a Citus cluster, a coordinator and two workers, have in common: a database of that
// cluster, distributed, the programs on it, and readers who ask it.

#include "e2e/stage.hpp"
#include "e2e/truth.hpp"
#include "support/citus_cluster.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace ordersync::e2e {

using test_support::citus_cluster;
using test_support::shared_citus_cluster;

inline const std::vector<std::string> may{"backfill", "create",     "--from",      "2024-05-01",
                                          "--to",     "2024-06-01", "--foreground"};
inline const std::string may_is_proven =
    "EXISTS (SELECT FROM ordersync.coverage WHERE proven @> tstzrange('2024-05-01+08', '2024-06-01+08'))";

// A stage whose database is a new one of the cluster; skips each test where there is none.
class citus : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!citus_cluster::is_installed()) GTEST_SKIP() << "this PostgreSQL has no extension citus";
    use(shared_citus_cluster().create_database());
  }

  void use(const std::string& database) {
    database_ = database;
    auto& coordinator = shared_citus_cluster().coordinator();
    on.use_database(coordinator.connection_url(database), coordinator.superuser_url(database));
  }

  void start(const std::string& orders, std::vector<std::string> more = {}) {
    std::vector<std::string> arguments{"--seed", "7", "--orders", orders, "--from", "2024-05-01", "--to", "2024-06-01"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    on.start_simulator(arguments);
    on.configure();
  }

  void distribute() {
    const auto done = on.run({"migrate", "--distribute"});
    ASSERT_EQ(done.status.code, 0) << done.err;
    ASSERT_THAT(done.out, ::testing::HasSubstr("distributed by order over 2 nodes: orders, "));
  }

  void mirror(const std::string& orders, std::vector<std::string> more = {}) {
    start(orders, std::move(more));
    distribute();
    expect_well(on.run({"sync"}));
    ASSERT_EQ(differences_of_distributed(on), "");
  }

  // Values in quarantine make most commands end with 6, so the code says little.
  static void expect_well(const finished_process& done) {
    EXPECT_THAT(done.err, ::testing::Not(::testing::HasSubstr("SQLSTATE"))) << done.out;
  }
  void read_again() { expect_well(on.run(may)); }

  // Runs the command and expects this exit code.
  std::string expect(int code, const std::vector<std::string>& verb) {
    const auto done = on.run(verb);
    EXPECT_EQ(done.status.code, code) << verb.front() << ": " << done.out << done.err;
    return done.out;
  }

  // Who logs in as a member of each role; a node is asked as that one.
  void make_readers() {
    for (const auto& [member, role] : {std::pair{"analyst", "ordersync_reader"}, {"auditor", "ordersync_pii_reader"}}) {
      if (on.query(fmt::format("SELECT to_regrole('{}') IS NULL", member)) == "t")
        on.query(fmt::format("CREATE ROLE {} LOGIN IN ROLE {}", member, role));
    }
  }
  // Throws the server's words.
  std::string ask_as(const std::string& member, const std::string& sql) {
    return ask_as(member, sql, shared_citus_cluster().coordinator());
  }
  std::string ask_as(const std::string& member, const std::string& sql, test_support::postgres_cluster& node) {
    on.use_database(node.connection_url(database_), node.connection_url(database_, member));
    std::string answer;
    std::string refused;
    try {
      answer = on.query(sql);
    } catch (const std::runtime_error& why) {
      refused = why.what();
    }
    use(database_);
    if (!refused.empty()) throw std::runtime_error(refused);
    return answer;
  }

  std::string count(const std::string& table) { return on.query("SELECT count(*) FROM " + table); }

  stage on;
  std::string database_;
};

}  // namespace ordersync::e2e
