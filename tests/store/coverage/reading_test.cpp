// What a daemon reads when it takes the lead, and what it leaves for `status`.
#include "store/store_fixture.hpp"

#include <gmock/gmock.h>

namespace ordersync::store_test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class reading : public store_test {
 protected:
  struct read {
    core::window window;
    core::instant started_at;
    bool operator==(const read&) const = default;
  };
  std::vector<read> recent(core::instant since, const std::string& account = "main") {
    std::vector<read> reads;
    for (const auto& r : run(store_->recent_reads(account, since)).value()) reads.push_back({r.window, r.started_at});
    return reads;
  }
  core::instant clock() { return run(store_->clock()).value(); }
  core::instant servers_clock() {
    return core::instant{
        std::chrono::milliseconds{std::stoll(value("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint"))}};
  }
};

TEST_F(reading, recent_reads_come_in_the_order_they_began) {
  commit(proven_batch(span(20, 30), {}, 300));
  commit(proven_batch(span(0, 10), {}, 200));
  EXPECT_THAT(recent(at_ms(0)), ElementsAre(read{span(0, 10), at_ms(200)}, read{span(20, 30), at_ms(300)}));
  EXPECT_THAT(recent(at_ms(250)), ElementsAre(read{span(20, 30), at_ms(300)}));
}

TEST_F(reading, of_reads_of_the_same_window_the_last_counts) {
  commit(proven_batch(span(0, 10), {}, 200));
  commit(proven_batch(span(0, 10), {}, 400));
  EXPECT_THAT(recent(at_ms(0)), ElementsAre(read{span(0, 10), at_ms(400)}));
}

TEST_F(reading, reads_without_proof_of_other_accounts_and_of_other_scopes_do_not_count) {
  commit(unproven_batch(span(0, 10), {}, 200));
  auto half = proven_batch(span(20, 40), {}, 300);
  half.proven = span(20, 30);
  commit(half);
  open("second");
  EXPECT_THAT(recent(at_ms(0)), ElementsAre(read{span(20, 30), at_ms(300)}));
  EXPECT_THAT(recent(at_ms(0), "second"), IsEmpty());
  open("main", "scope-2");
  EXPECT_THAT(recent(at_ms(0)), IsEmpty());
}

TEST_F(reading, everything_proven_is_given) {
  EXPECT_THAT(run(store_->proven("main")).value(), IsEmpty());
  commit(proven_batch(span(20, 30), {}));
  commit(proven_batch(span(0, 10), {}));
  commit(proven_batch(span(10, 15), {}));
  EXPECT_THAT(run(store_->proven("main")).value(), ElementsAre(span(0, 15), span(20, 30)));
  EXPECT_EQ(run(store_->proven("second")).error().kind, core::failure::defect);
}

TEST_F(reading, the_clock_is_the_servers) {
  const auto before = servers_clock();
  const auto observed = clock();
  EXPECT_LE(before, observed);
  EXPECT_LE(observed, servers_clock());
}

TEST_F(reading, the_clock_is_never_before_the_heartbeat_of_a_leader) {
  execute(
      "INSERT INTO ordersync.leader(epoch, instance, host, pid, version, since, heartbeat_at) "
      "VALUES (1, 'a', 'h', 1, 'v', now(), '2099-01-01 00:00:00.5+00')");
  using namespace std::chrono;
  EXPECT_EQ(clock(), core::instant{sys_days{year{2099} / 1 / 1}} + milliseconds{500});
}

TEST_F(reading, tiers_are_replaced_and_shown_in_the_status) {
  using std::chrono::seconds;
  const auto write = [&](const std::string& account, std::vector<store::reports::tier_report> tiers) {
    ASSERT_TRUE(run(store_->write_tiers(account, std::move(tiers))).has_value());
  };
  write("second", {{"", seconds{60}, seconds{10}, std::nullopt, false, {}}});
  write("main", {{"", seconds{7200}, seconds{60}, at_ms(1), false, {}},
                 {"", seconds{86400}, seconds{900}, at_ms(2), false, {}}});
  write("main", {{"", seconds{7200}, seconds{30}, at_ms(3, 250), true, {}}});
  const auto tiers = run(store_->status()).value().tiers;
  ASSERT_EQ(tiers.size(), 2U);
  EXPECT_EQ(tiers[0].account, "main");
  EXPECT_EQ(tiers[0].younger_than, seconds{7200});
  EXPECT_EQ(tiers[0].every, seconds{30});
  EXPECT_EQ(tiers[0].oldest_read_at, at_ms(3, 250));
  EXPECT_TRUE(tiers[0].behind);
  EXPECT_GT(tiers[0].updated_at, at_ms(0));
  EXPECT_FALSE(tiers[1].oldest_read_at);
}

TEST_F(reading, the_status_shows_who_leads_and_which_jobs_are_open) {
  EXPECT_FALSE(run(store_->status()).value().leader);
  execute(
      "INSERT INTO ordersync.leader(epoch, instance, host, pid, version, since, heartbeat_at) "
      "VALUES (7, 'a', 'h', 12, 'v', now(), clock_timestamp() - interval '1 minute')");
  const auto job = run(store_->create_jobs({"main"}, span(0, 10), "somebody")).value().at(0);
  const auto status = run(store_->status()).value();
  ASSERT_TRUE(status.leader);
  EXPECT_EQ(status.leader->epoch, 7);
  EXPECT_EQ(status.leader->who.id, "a");
  EXPECT_EQ(status.leader->who.host, "h");
  EXPECT_EQ(status.leader->who.pid, 12);
  EXPECT_EQ(status.leader->who.version, "v");
  ASSERT_TRUE(status.heartbeat_age);
  EXPECT_GE(*status.heartbeat_age, std::chrono::minutes{1});
  ASSERT_EQ(status.open_jobs.size(), 1U);
  EXPECT_EQ(status.open_jobs[0].id, job.id);
}

}  // namespace
}  // namespace ordersync::store_test
