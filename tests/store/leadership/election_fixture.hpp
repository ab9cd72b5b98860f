// Daemons on one database: their watch posts and their stores.
#pragma once

#include "store/leadership/leader_election.hpp"
#include "store/store_fixture.hpp"
#include "support/postgres_cluster.hpp"

#include <fmt/format.h>

#include <memory>
#include <string>

namespace ordersync::store_test {

class election_test : public store_test {
 protected:
  void TearDown() override { test_support::shared_cluster().start(); }

  std::unique_ptr<store::leadership::leader_election> election_of(const std::string& id) {
    return store::leadership::make_leader_election(settings_for(), {id, "host of " + id, 1, "1.0"}, log_);
  }
  // With the account "main" opened before it leads.
  std::unique_ptr<store::database> daemon_of(const std::string& id, std::int64_t epoch) {
    auto settings = settings_for();
    settings.instance = id;
    auto daemon = store::make_database(settings, log_);
    EXPECT_TRUE(run(daemon->open_account({"main", "scope-1", "asked for scope-1"})).has_value());
    daemon->lead(epoch);
    return daemon;
  }
  static store::leadership::sighting look(store::leadership::leader_election& election) {
    const auto seen = run(election.look());
    EXPECT_TRUE(seen.has_value()) << seen.error().what;
    return seen ? *seen : store::leadership::sighting{};
  }
  // The server needs a moment to see that the former leader's session has ended.
  static bool gets_the_lock(store::leadership::leader_election& election) {
    bool leads = false;
    for (int looks = 0; looks < 60 && !leads; ++looks) leads = look(election).leads;
    return leads;
  }
  static std::int64_t lead(store::leadership::leader_election& election) {
    EXPECT_TRUE(gets_the_lock(election));
    return run(election.assume()).value();
  }
  void wait_for_lock_waiter(const std::string& id, const std::string& what) {
    wait_until(
        fmt::format("SELECT count(*) > 0 FROM pg_stat_activity WHERE application_name = 'ordersync/{}' "
                    "AND wait_event_type = 'Lock' AND wait_event = '{}'",
                    id, what));
  }
};

}  // namespace ordersync::store_test
