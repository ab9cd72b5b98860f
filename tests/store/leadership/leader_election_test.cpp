// Who leads, and when another takes over.
#include "store/leadership/election_fixture.hpp"

#include <gmock/gmock.h>

#include <chrono>
#include <csignal>

namespace ordersync::store_test {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using ::testing::HasSubstr;

class watching : public election_test {
 protected:
  void set_heartbeat_back(const std::string& interval) {
    execute("UPDATE ordersync.leader SET heartbeat_at = clock_timestamp() - interval '" + interval + "'");
  }
  // Until it leads, for so many looks at most.
  static bool leads_within(store::leadership::leader_election& election, int looks) {
    for (int i = 0; i < looks; ++i) {
      if (look(election).leads) return true;
    }
    return false;
  }
};

TEST_F(watching, the_first_leads_at_once_and_the_second_stands_by) {
  auto first = election_of("a"), second = election_of("b");
  const auto seen = look(*first);
  EXPECT_TRUE(seen.leads);
  EXPECT_EQ(seen.epoch, 0);
  EXPECT_FALSE(seen.leader);
  EXPECT_EQ(run(first->assume()).value(), 1);
  const auto other = look(*second);
  EXPECT_FALSE(other.leads);
  EXPECT_EQ(other.epoch, 0);
  ASSERT_TRUE(other.leader);
  EXPECT_EQ(other.leader->who.id, "a");
  EXPECT_EQ(other.leader->epoch, 1);
  EXPECT_GT(other.database_time, at_ms(0));
}

TEST_F(watching, each_look_of_the_leader_is_a_heartbeat) {
  auto election = election_of("a");
  lead(*election);
  set_heartbeat_back("5 seconds");
  const auto seen = look(*election);
  EXPECT_EQ(seen.epoch, 1);
  ASSERT_TRUE(seen.leader);
  EXPECT_LT(seen.database_time - seen.leader->heartbeat_at, milliseconds{1000});
}

// Each row version that dies ends reports on a hot standby.
TEST_F(watching, the_looks_of_a_leader_and_a_standby_write_nothing_within_half_a_minute) {
  auto first = election_of("a"), second = election_of("b");
  lead(*first);
  const auto before = value("SELECT xmin FROM ordersync.leader");
  for (int i = 0; i < 5; ++i) {
    EXPECT_LT(look(*first).database_time - look(*second).leader->heartbeat_at, milliseconds{5000});
  }
  EXPECT_EQ(value("SELECT xmin FROM ordersync.leader"), before);
  set_heartbeat_back("31 seconds");
  look(*first);
  EXPECT_EQ(value("SELECT heartbeat_at > now() - interval '5 s' FROM ordersync.leader"), "t");
}

TEST_F(watching, before_the_schema_exists_there_is_a_leader_without_an_epoch) {
  database_ = test_support::shared_cluster().create_database();
  auto first = election_of("a"), second = election_of("b");
  const auto seen = look(*first);
  EXPECT_TRUE(seen.leads);
  EXPECT_EQ(seen.epoch, 0);
  EXPECT_FALSE(seen.leader);
  EXPECT_FALSE(look(*second).leads);
  EXPECT_FALSE(look(*second).leads);
  const auto assumed = run(first->assume());
  ASSERT_TRUE(assumed.has_error());
  EXPECT_EQ(assumed.error().kind, core::failure::database);
}

TEST_F(watching, the_lead_is_not_assumed_without_the_lock) {
  auto first = election_of("a"), second = election_of("b");
  lead(*first);
  look(*second);
  EXPECT_EQ(run(second->assume()).error().kind, core::failure::defect);
}

TEST_F(watching, a_leader_that_ends_in_order_is_followed_at_the_next_look) {
  auto first = election_of("a"), second = election_of("b");
  lead(*first);
  EXPECT_FALSE(look(*second).leads);
  first.reset();
  EXPECT_TRUE(leads_within(*second, 3));
  EXPECT_EQ(run(second->assume()).value(), 2);
}

TEST_F(watching, a_leader_whose_session_is_ended_loses_the_lead_and_may_get_it_back) {
  auto election = election_of("a");
  lead(*election);
  kill_sessions();
  const auto seen = run(election->look());
  ASSERT_TRUE(seen.has_error());
  EXPECT_EQ(seen.error().kind, core::failure::database_down);
  EXPECT_TRUE(gets_the_lock(*election));
  EXPECT_EQ(look(*election).epoch, 0);
  EXPECT_EQ(run(election->assume()).value(), 2);
}

TEST_F(watching, a_leader_whose_heartbeat_is_fresh_is_left_alone) {
  auto first = election_of("a"), second = election_of("b");
  lead(*first);
  const auto until = steady_clock::now() + std::chrono::seconds{8};
  while (steady_clock::now() < until) {
    EXPECT_EQ(look(*first).epoch, 1);
    EXPECT_FALSE(look(*second).leads);
  }
  EXPECT_EQ(log_.count("leader_silent"), 0);
}

TEST_F(watching, a_leader_that_is_silent_is_ended_with_all_its_sessions) {
  auto first = election_of("a"), second = election_of("b");
  const auto daemon = daemon_of("a", lead(*first));
  EXPECT_FALSE(look(*second).leads);
  const auto begin = steady_clock::now();
  EXPECT_TRUE(leads_within(*second, 20));
  EXPECT_LT(steady_clock::now() - begin, std::chrono::seconds{9});
  EXPECT_EQ(run(second->assume()).value(), 2);
  EXPECT_EQ(value("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'ordersync/a'"), "0");
  EXPECT_THAT(log_.text(), HasSubstr("warning leader_silent leader=a"));
  EXPECT_TRUE(run(first->look()).has_error());
  EXPECT_FALSE(look(*first).leads);
  EXPECT_TRUE(run(daemon->commit(proven_batch(span(0, 60), {}))).has_error());
}

TEST_F(watching, a_leader_is_not_ended_by_a_jump_of_the_databases_clock) {
  auto first = election_of("a"), second = election_of("b");
  lead(*first);
  for (int i = 0; i < 8; ++i) {
    set_heartbeat_back("8 hours");
    EXPECT_FALSE(look(*second).leads);
    EXPECT_EQ(look(*first).epoch, 1);
  }
}

TEST_F(watching, a_silent_leader_is_ended_though_the_databases_clock_was_set_back) {
  auto first = election_of("a"), second = election_of("b");
  lead(*first);
  set_heartbeat_back("-1 hour");
  EXPECT_TRUE(leads_within(*second, 30));
  EXPECT_EQ(run(second->assume()).value(), 2);
}

TEST_F(watching, one_that_holds_the_lock_and_never_assumed_the_lead_is_ended_too) {
  auto first = election_of("a"), second = election_of("b");
  look(*first);
  EXPECT_TRUE(leads_within(*second, 30));  // nobody looks for the first any more
  EXPECT_TRUE(run(first->look()).has_error());
}

TEST_F(watching, an_epoch_that_another_took_is_lost) {
  auto election = election_of("a");
  lead(*election);
  execute("UPDATE ordersync.leader SET epoch = 5, instance = 'b'");
  const auto seen = run(election->look());
  ASSERT_TRUE(seen.has_error());
  EXPECT_EQ(seen.error().kind, core::failure::database);
  EXPECT_THAT(seen.error().what, HasSubstr("another daemon"));
}

TEST_F(watching, the_leader_hears_of_a_job_at_once_and_sees_the_open_ones_oldest_first) {
  auto election = election_of("a");
  lead(*election);
  EXPECT_TRUE(look(*election).jobs.empty());
  const auto made = run(store_->create_jobs({"main", "second"}, span(0, 60), "somebody")).value();
  const auto begin = steady_clock::now();
  const auto seen = look(*election);
  EXPECT_LT(steady_clock::now() - begin, milliseconds{400});  // it would have listened for 500
  ASSERT_EQ(seen.jobs.size(), 2U);
  EXPECT_EQ(seen.jobs[0].id, made[0].id);
  ASSERT_TRUE(run(store_->change_job(made[0].id, store::jobs::job_action::cancel, "mei")).has_value());
  const auto after = steady_clock::now();
  EXPECT_EQ(look(*election).jobs.size(), 1U);
  EXPECT_LT(steady_clock::now() - after, milliseconds{400});
}

TEST_F(watching, without_a_word_a_job_is_seen_at_the_next_look) {
  auto election = election_of("a");
  lead(*election);
  execute(
      "INSERT INTO ordersync.backfill_jobs(account, from_time, to_time) VALUES ('main', now() - interval '1h', now())");
  EXPECT_EQ(look(*election).jobs.size(), 1U);
}

TEST_F(watching, closing_wakes_a_look_and_keeps_the_lock_until_the_end) {
  auto first = election_of("a"), second = election_of("b");
  lead(*first);
  first->close();
  EXPECT_EQ(run(first->look()).error().kind, core::failure::database_down);
  EXPECT_FALSE(look(*second).leads);
  first.reset();
  EXPECT_TRUE(leads_within(*second, 3));
}

TEST_F(watching, several_hosts_are_tried_in_turn) {
  auto settings = settings_for();
  settings.url = "host=/nowhere," + test_support::shared_cluster().socket_directory().string() +
                 " user=ordersync dbname=" + database_ + " target_session_attrs=read-write application_name=mine";
  const auto election = store::leadership::make_leader_election(settings, {"a", "h", 1, "v"}, log_);
  EXPECT_EQ(lead(*election), 1);
  EXPECT_EQ(value("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'ordersync/a'"), "1");
}

TEST_F(watching, a_server_that_is_away_is_reported_at_once_and_found_when_it_is_back) {
  auto election = election_of("a");
  lead(*election);
  test_support::shared_cluster().stop();
  EXPECT_EQ(run(election->look()).error().kind, core::failure::database_down);
  EXPECT_EQ(run(election->look()).error().kind, core::failure::database_down);
  test_support::shared_cluster().start();
  EXPECT_TRUE(look(*election).leads);
}

TEST_F(watching, a_server_that_answers_nothing_any_more_is_given_up) {
  auto election = election_of("a");
  lead(*election);
  const auto backend =
      static_cast<pid_t>(std::stol(value("SELECT pid FROM pg_stat_activity WHERE application_name = 'ordersync/a'")));
  ASSERT_EQ(::kill(backend, SIGSTOP), 0);
  const auto begin = steady_clock::now();
  const auto seen = run(election->look());
  const auto took = steady_clock::now() - begin;
  ::kill(backend, SIGCONT);
  ASSERT_TRUE(seen.has_error());
  EXPECT_EQ(seen.error().kind, core::failure::database_down);
  EXPECT_THAT(seen.error().what, HasSubstr("no answer in time"));
  EXPECT_LT(took, std::chrono::seconds{12});
}

}  // namespace
}  // namespace ordersync::store_test
