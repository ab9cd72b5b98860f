// Epochs: a daemon that lost the lead writes nothing more, and one that has it is waited for.
#include "store/leadership/election_fixture.hpp"
#include "store/store_fixture.hpp"
#include "support/postgres_cluster.hpp"

#include <gmock/gmock.h>

namespace ordersync::store_test {
namespace {

using ::testing::HasSubstr;

class leading : public election_test {};

TEST_F(leading, the_leader_writes) {
  auto election = election_of("a");
  const auto daemon = daemon_of("a", lead(*election));
  const auto summary = run(daemon->commit(proven_batch(span(0, 60), {sample_order(1)})));
  ASSERT_TRUE(summary.has_value()) << summary.error().what;
  EXPECT_EQ(value("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'ordersync/a'"), "2");
}

TEST_F(leading, a_daemon_of_a_former_epoch_writes_nothing_and_learns_who_leads) {
  auto election = election_of("a");
  const auto daemon = daemon_of("a", lead(*election));
  const auto job = run(store_->create_jobs({"main"}, span(0, 60), "somebody")).value().at(0);
  election.reset();
  auto successor = election_of("b");
  EXPECT_EQ(lead(*successor), 2);
  auto batch = proven_batch(span(0, 60), {sample_order(1)});
  batch.job = job.id;
  for (const auto& error :
       {run(daemon->commit(batch)).error(), run(daemon->begin_job(job.id, 1)).error(),
        run(daemon->end_job(job.id, store::jobs::job_state::done, "")).error(),
        run(daemon->write_tiers("main", {{"", std::chrono::seconds{1}, std::chrono::seconds{1}, {}, false, {}}}))
            .error(),
        run(daemon->open_account({"main", "scope-9", "asked"})).error()}) {
    EXPECT_EQ(error.kind, core::failure::database);
    EXPECT_THAT(error.what, HasSubstr("another daemon (process 1 on host of b) leads since 20"));
  }
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.orders"), "0");
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.sweeps"), "0");
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.revisit_tiers"), "0");
  EXPECT_EQ(value("SELECT state FROM ordersync.backfill_jobs"), "queued");
  EXPECT_EQ(value("SELECT scope FROM ordersync.coverage"), "scope-1");
  EXPECT_TRUE(run(daemon->status()).has_value());
}

TEST_F(leading, the_number_of_an_epoch_is_not_enough) {
  auto election = election_of("a");
  const auto epoch = lead(*election);
  EXPECT_TRUE(run(daemon_of("b", epoch)->commit(proven_batch(span(0, 60), {}))).has_error());
}

TEST_F(leading, commands_write_whoever_leads) {
  auto election = election_of("a");
  lead(*election);
  EXPECT_EQ(store_orders({sample_order(1)}).created, 1);
}

TEST_F(leading, a_transaction_in_hand_ends_before_the_next_epoch_begins) {
  auto election = election_of("a");
  const auto daemon = daemon_of("a", lead(*election));
  election.reset();
  auto successor = election_of("b");
  ASSERT_TRUE(gets_the_lock(*successor));
  execute("BEGIN; LOCK TABLE ordersync.stored_payloads IN ACCESS EXCLUSIVE MODE");
  auto outcome =
      std::async(std::launch::async, [&] { return run(daemon->commit(proven_batch(span(0, 60), {sample_order(1)}))); });
  wait_for_lock_waiter("a", "relation");
  auto epoch = std::async(std::launch::async, [&] { return run(successor->assume()); });
  wait_for_lock_waiter("b", "transactionid");
  execute("COMMIT");
  EXPECT_TRUE(outcome.get().has_value());
  EXPECT_EQ(epoch.get().value(), 2);
  EXPECT_EQ(log_.count("leader_sessions_ended"), 0);
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.orders"), "1");
}

TEST_F(leading, a_transaction_that_does_not_end_is_ended) {
  auto election = election_of("a");
  const auto epoch = lead(*election);
  election.reset();
  store::pg::connection frozen{settings_for().url, "", never_, {store::pg::session::purpose::work, "ordersync/a"}};
  frozen.exec("begin", "BEGIN");
  frozen.exec("check the epoch", "SELECT FROM ordersync.leader WHERE epoch = $1 FOR KEY SHARE",
              {std::to_string(epoch)});
  auto successor = election_of("b");
  ASSERT_TRUE(gets_the_lock(*successor));
  EXPECT_EQ(run(successor->assume()).value(), 2);
  EXPECT_EQ(log_.count("leader_sessions_ended"), 1);
  EXPECT_THROW(frozen.exec("commit", "COMMIT"), store::pg::sql_error);
}

TEST_F(leading, a_heartbeat_does_not_wait_for_a_transaction_in_hand) {
  auto election = election_of("a");
  const auto daemon = daemon_of("a", lead(*election));
  execute("BEGIN; LOCK TABLE ordersync.stored_payloads IN ACCESS EXCLUSIVE MODE");
  auto outcome =
      std::async(std::launch::async, [&] { return run(daemon->commit(proven_batch(span(0, 60), {sample_order(1)}))); });
  wait_for_lock_waiter("a", "relation");
  EXPECT_EQ(look(*election).epoch, 1);
  execute("COMMIT");
  EXPECT_TRUE(outcome.get().has_value());
}

TEST_F(leading, a_role_that_cannot_see_the_leaders_session_goes_by_its_heartbeats) {
  auto election = election_of("a");
  lead(*election);
  EXPECT_EQ(run(store_->status())->heartbeat_every, std::chrono::seconds{0});
  execute("DO $$ BEGIN CREATE ROLE stranger LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$");
  execute("GRANT USAGE ON SCHEMA ordersync TO stranger; GRANT SELECT ON ALL TABLES IN SCHEMA ordersync TO stranger");
  auto settings = settings_for({"main"});
  settings.url = test_support::shared_cluster().connection_url(database_, "stranger");
  const auto stranger = store::make_database(settings, log_);
  EXPECT_EQ(run(stranger->status())->heartbeat_every, std::chrono::seconds{30});
}

TEST_F(leading, a_transaction_that_waited_through_a_change_of_the_lead_is_refused) {
  auto election = election_of("a");
  const auto daemon = daemon_of("a", lead(*election));
  execute("BEGIN; UPDATE ordersync.leader SET epoch = epoch + 1, instance = 'b'");
  auto outcome =
      std::async(std::launch::async, [&] { return run(daemon->commit(proven_batch(span(0, 60), {sample_order(1)}))); });
  wait_for_lock_waiter("a", "transactionid");
  execute("COMMIT");
  EXPECT_EQ(outcome.get().error().kind, core::failure::database);
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.orders"), "0");
}

TEST_F(leading, a_daemon_that_never_gives_up_goes_on_where_it_was) {
  auto election = election_of("a");
  auto settings = settings_for();
  settings.instance = "a";
  settings.retry.give_up_after = std::chrono::milliseconds::max();
  const auto daemon = store::make_database(settings, log_);
  ASSERT_TRUE(run(daemon->open_account({"main", "scope-1", "asked"})).has_value());
  daemon->lead(lead(*election));
  test_support::shared_cluster().stop_immediately();
  auto outcome =
      std::async(std::launch::async, [&] { return run(daemon->commit(proven_batch(span(0, 60), {sample_order(1)}))); });
  EXPECT_TRUE(log_.wait_for("database_retry"));
  test_support::shared_cluster().start();
  EXPECT_TRUE(outcome.get().has_value());
  EXPECT_TRUE(log_.wait_for("database_back"));
}

TEST_F(leading, a_server_that_became_read_only_is_left) {
  auto election = election_of("a");
  const auto daemon = daemon_of("a", lead(*election));
  ASSERT_TRUE(run(daemon->commit(proven_batch(span(0, 10), {}))).has_value());
  const auto pid =
      "SELECT max(pid) FROM pg_stat_activity WHERE application_name = 'ordersync/a' "
      "AND query NOT LIKE '%LISTEN%' AND query = 'COMMIT'";
  const auto before = value(pid);
  // As a primary that has stepped down would answer.
  execute(
      "CREATE FUNCTION step_down() RETURNS trigger LANGUAGE plpgsql AS "
      "$$ BEGIN RAISE SQLSTATE '25006'; END $$;"
      "CREATE TRIGGER step_down BEFORE INSERT ON ordersync.sweeps EXECUTE FUNCTION step_down()");
  auto outcome =
      std::async(std::launch::async, [&] { return run(daemon->commit(proven_batch(span(10, 20), {}, 200))); });
  ASSERT_TRUE(log_.wait_for("database_retry"));
  execute("DROP TRIGGER step_down ON ordersync.sweeps");
  EXPECT_TRUE(outcome.get().has_value());
  EXPECT_NE(value(pid), before);
}

}  // namespace
}  // namespace ordersync::store_test
