// The time that reads are dated by, when the server's clock was set back.
#include "store/leadership/leader_election.hpp"
#include "store/store_fixture.hpp"

#include <gmock/gmock.h>

namespace ordersync::store_test {
namespace {

using ::testing::HasSubstr;

class clock : public store_test {
 protected:
  core::instant now() { return run(store_->clock()).value(); }
  // Moves everything of that column an hour ahead of the server's clock: as if that had gone back.
  core::instant ahead(const std::string& table, const std::string& column) {
    execute("UPDATE ordersync." + table + " SET " + column + " = clock_timestamp() + interval '1 hour'");
    return core::instant{std::chrono::milliseconds{
        std::stoll(value("SELECT (extract(epoch FROM max(" + column + ")) * 1000)::bigint FROM ordersync." + table))}};
  }
};

TEST_F(clock, is_the_servers_when_that_is_ahead_of_what_is_stored) {
  store_orders({sample_order(1)});
  EXPECT_GT(now(), at_ms(1'000'000));
  EXPECT_EQ(log_.count("database_clock_behind"), 0);
}

TEST_F(clock, does_not_stand_behind_a_read_that_is_stored) {
  store_orders({sample_order(1)});
  const auto latest = ahead("sweeps", "finished_at");
  EXPECT_EQ(now(), latest);
  EXPECT_EQ(log_.count("database_clock_behind"), 1);
  EXPECT_THAT(log_.text(), HasSubstr("warning database_clock_behind behind=359"));
}

TEST_F(clock, does_not_stand_behind_a_state_that_is_stored) {
  store_orders({sample_order(1)});
  EXPECT_EQ(now(), ahead("orders", "_changed_at"));
}

TEST_F(clock, does_not_stand_behind_a_state_that_was_superseded) {
  store_orders({sample_order(1)}, 100);
  auto changed = sample_order(1);
  changed.order_status = 2;
  rehash(changed);
  store_orders({changed}, 200);
  EXPECT_EQ(now(), ahead("order_history", "valid_from"));
}

// A change that the API shows after the server's clock went back is stored.
TEST_F(clock, lets_a_read_of_now_change_what_was_read_before) {
  store_orders({sample_order(1)});
  execute("UPDATE ordersync.orders SET _observed_at = clock_timestamp() + interval '1 hour'");
  ahead("orders", "_changed_at");
  ahead("sweeps", "finished_at");
  auto changed = sample_order(1);
  changed.order_status = 2;
  rehash(changed);
  auto batch = proven_batch(span(0, 60), {changed});
  batch.started_at = batch.finished_at = now();
  batch.orders[0].observed_at = now();
  EXPECT_EQ(commit(batch).changed, 1);
}

TEST_F(clock, of_the_watch_post_is_the_same) {
  store_orders({sample_order(1)});
  const auto latest = ahead("sweeps", "finished_at");
  const auto election = store::leadership::make_leader_election(settings_for(), {"a", "host", 1, "1"}, log_);
  ASSERT_TRUE(run(election->look()).value().leads);
  ASSERT_TRUE(run(election->assume()).has_value());
  EXPECT_EQ(run(election->clock()).value(), latest);
}

}  // namespace
}  // namespace ordersync::store_test
