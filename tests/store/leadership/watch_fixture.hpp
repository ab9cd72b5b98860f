// Daemons on one database: their watch posts and their stores.
#pragma once

#include "store/leadership/watch_post.hpp"
#include "store/store_fixture.hpp"
#include "support/postgres_cluster.hpp"

#include <fmt/format.h>

#include <memory>
#include <string>

namespace ordersync::store_test {

class watch_test : public store_test {
 protected:
  void TearDown() override { test_support::shared_cluster().start(); }

  std::unique_ptr<store::leadership::watch_post> post_of(const std::string& id) {
    return store::leadership::make_watch_post(settings_for(), {id, "host of " + id, 1, "1.0"}, log_);
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
  static store::leadership::sighting look(store::leadership::watch_post& post) {
    const auto seen = run(post.look());
    EXPECT_TRUE(seen.has_value()) << seen.error().what;
    return seen ? *seen : store::leadership::sighting{};
  }
  static std::int64_t lead(store::leadership::watch_post& post) {
    EXPECT_TRUE(look(post).leads);
    return run(post.assume()).value();
  }
  void wait_for_lock_waiter(const std::string& id, const std::string& what) {
    wait_until(
        fmt::format("SELECT count(*) > 0 FROM pg_stat_activity WHERE application_name = 'ordersync/{}' "
                    "AND wait_event_type = 'Lock' AND wait_event = '{}'",
                    id, what));
  }
};

}  // namespace ordersync::store_test
