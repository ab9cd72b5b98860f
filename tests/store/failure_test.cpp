// A database that goes away, refuses, or is slow.
#include "store/orders/write_batch.hpp"
#include "store/store_fixture.hpp"
#include "support/postgres_cluster.hpp"

#include <gmock/gmock.h>

namespace ordersync::store_test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// A session that holds a lock until it is released, so that the store waits in the middle of its transaction.
class roadblock {
 public:
  explicit roadblock(store::pg::connection& by) : by_(by) {
    by_.exec_script("block", "BEGIN; LOCK TABLE ordersync.stored_payloads IN ACCESS EXCLUSIVE MODE");
  }
  ~roadblock() { remove(); }
  roadblock(const roadblock&) = delete;
  roadblock& operator=(const roadblock&) = delete;
  void remove() {
    if (!std::exchange(standing_, false)) return;
    by_.exec_script("unblock", "ROLLBACK");
  }

 private:
  store::pg::connection& by_;
  bool standing_ = true;
};

class failing : public store_test {
 protected:
  void SetUp() override {
    store_test::SetUp();
    blocker_ =
        std::make_unique<store::pg::connection>(test_support::shared_cluster().superuser_url(database_), "", never_);
  }
  void TearDown() override { test_support::shared_cluster().start(); }
  void wait_until_blocked() {
    wait_until(
        "SELECT count(*) > 0 FROM pg_stat_activity WHERE usename = 'ordersync' AND wait_event_type = 'Lock' "
        "AND datname = current_database()");
  }
  sync::window_batch batch(int observed = 100) {
    return proven_batch(span(0, 60), {sample_order(1), sample_order(2)}, observed);
  }
  static std::string waits_for_standby(const std::string& role) {
    return "SELECT count(*) > 0 FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND usename = '" + role + "'";
  }
  // From now on a commit is done, but not answered: it waits for a standby that does not exist. Returns once the server
  // goes by that, which a commit of another session shows.
  void leave_commits_unanswered() {
    execute("SET synchronous_commit = local");
    execute("ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
    value("SELECT pg_reload_conf()");
    auto probing = std::async(std::launch::async, [this] {
      try {
        while (true) blocker_->exec("probe", "SELECT pg_current_xact_id()");
      } catch (const store::pg::sql_error&) {  // killed below
      }
    });
    wait_until(waits_for_standby("postgres"));
    value("SELECT count(pg_terminate_backend(pid, 60000)) FROM pg_stat_activity WHERE wait_event = 'SyncRep'");
  }
  void answer_commits() {
    execute("ALTER SYSTEM RESET synchronous_standby_names");
    value("SELECT pg_reload_conf()");
  }
  std::unique_ptr<store::pg::connection> blocker_;
};

TEST_F(failing, a_session_killed_in_the_middle_is_made_good_by_running_the_transaction_again) {
  roadblock block{*blocker_};
  auto outcome = commit_meanwhile(batch());
  wait_until_blocked();
  kill_sessions();
  ASSERT_TRUE(log_.wait_for("database_retry"));
  block.remove();
  const auto summary = outcome.get();
  ASSERT_TRUE(summary.has_value()) << summary.error().what;
  EXPECT_EQ(summary->created, 2);
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.orders"), "2");
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.order_items"), "4");
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.sweeps"), "1");
  EXPECT_TRUE(run(store_->unproven("main", span(0, 60))).value().empty());
  EXPECT_THAT(log_.text(), HasSubstr("reason=SQLSTATE 57P01"));
}

TEST_F(failing, an_idle_session_that_was_killed_costs_one_retry) {
  commit(batch());
  kill_sessions();
  EXPECT_EQ(commit(batch(200)).unchanged, 2);
  EXPECT_EQ(log_.count("database_retry"), 1);
}

TEST_F(failing, a_commit_whose_answer_was_lost_is_not_done_twice) {
  leave_commits_unanswered();
  auto outcome = commit_meanwhile(batch());
  wait_until(waits_for_standby("ordersync"));
  kill_sessions();
  outcome.wait_for(std::chrono::seconds{30});  // for good if the second try writes: nobody answers that commit either
  answer_commits();
  const auto summary = outcome.get();
  ASSERT_TRUE(summary.has_value()) << summary.error().what;
  EXPECT_EQ(summary->created, 2);
  EXPECT_EQ(summary->unchanged, 0);
  EXPECT_EQ(log_.count("database_retry"), 1);
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.sweeps"), "1");
  EXPECT_EQ(value("SELECT max(_version) FROM ordersync.orders"), "1");
}

TEST_F(failing, what_the_database_refuses_for_good_is_not_called_proven_any_more) {
  commit(proven_batch(span(0, 120), {}));
  execute("ALTER TABLE ordersync.orders ADD CONSTRAINT theirs CHECK (id <> 1)");
  const auto error = commit_fails(batch(200));
  EXPECT_EQ(error.kind, core::failure::database);
  EXPECT_THAT(error.what, HasSubstr("23514"));
  EXPECT_EQ(run(store_->unproven("main", span(0, 120))).value(), (std::vector{span(0, 60)}));
  EXPECT_THAT(value("SELECT reason FROM ordersync.contradictions WHERE way = 'refused' AND resolved_at IS NULL"),
              HasSubstr("the database refuses the orders read"));
  EXPECT_EQ(log_.count("proof_retracted"), 1);
  commit_fails(batch(300));
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.contradictions"), "1");
  execute("ALTER TABLE ordersync.orders DROP CONSTRAINT theirs");
  commit(batch(4000000));
  EXPECT_TRUE(run(store_->unproven("main", span(0, 120))).value().empty());
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.contradictions WHERE resolved_at IS NULL"), "0");
}

TEST_F(failing, what_is_waited_for_longer_than_ten_seconds_is_logged) {
  roadblock block{*blocker_};
  auto outcome = commit_meanwhile(batch());
  ASSERT_TRUE(log_.wait_for("database_waiting"));
  EXPECT_THAT(log_.text(), HasSubstr("database_waiting operation=storing a window step=copy orders lasted=10 "
                                     "waits_for=a lock held by process "));
  EXPECT_THAT(log_.text(), HasSubstr("of user postgres (its query is not shown to this role)"));
  block.remove();
  EXPECT_TRUE(outcome.get().has_value());
}

TEST_F(failing, a_commit_that_waits_for_a_standby_says_so) {
  leave_commits_unanswered();
  auto outcome = commit_meanwhile(batch());
  ASSERT_TRUE(log_.wait_for("database_waiting"));
  EXPECT_THAT(log_.text(), HasSubstr("step=commit lasted=10 waits_for=a synchronous standby, which must confirm the "
                                     "commit: check that one of synchronous_standby_names (nobody) is connected"));
  answer_commits();
  EXPECT_TRUE(outcome.get().has_value());
}

TEST_F(failing, a_batch_that_was_committed_is_found_by_its_sweep_and_not_written_again) {
  const auto settings = settings_for();
  store::pg::connection db{settings.url, "", never_};
  store::orders::write_context context{"scope-1", {{"main"}}, 0};
  const auto run_once = [&] {
    db.exec("begin", "BEGIN");
    const auto summary = store::orders::write_batch(db, batch(), context);
    db.exec("commit", "COMMIT");
    return summary;
  };
  EXPECT_EQ(run_once().created, 2);
  const auto id = context.sweep_id;
  EXPECT_EQ(run_once().created, 2);
  EXPECT_EQ(context.sweep_id, id);
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.sweeps"), "1");
}

TEST_F(failing, a_server_that_comes_back_in_time_is_waited_for) {
  auto& cluster = test_support::shared_cluster();
  commit(batch());
  cluster.stop_immediately();
  auto outcome = commit_meanwhile(batch(200));
  ASSERT_TRUE(log_.wait_for("database_retry"));
  cluster.start();
  const auto summary = outcome.get();
  ASSERT_TRUE(summary.has_value()) << summary.error().what;
  EXPECT_EQ(summary->unchanged, 2);
  EXPECT_EQ(log_.count("database_back"), 1);
}

TEST_F(failing, a_server_that_stays_away_is_given_up_and_tried_once_an_operation_from_then_on) {
  auto settings = settings_for();
  settings.retry.give_up_after = std::chrono::milliseconds{50};
  recorded_log log;
  const auto with_short_timeout = store::make_database(settings, log);
  test_support::shared_cluster().stop();
  const auto status = run(with_short_timeout->status());
  ASSERT_TRUE(status.has_error());
  EXPECT_EQ(status.error().kind, core::failure::database_down);
  EXPECT_THAT(status.error().what, HasSubstr("reading the status"));
  EXPECT_EQ(log.count("database_retry"), 1);
  EXPECT_TRUE(run(with_short_timeout->status()).has_error());
  EXPECT_EQ(log.count("database_retry"), 1);
  test_support::shared_cluster().start();
  EXPECT_TRUE(run(with_short_timeout->status()).has_value());
}

TEST_F(failing, closing_wakes_whoever_waits_to_try_again) {
  auto settings = settings_for();
  settings.retry = {std::chrono::hours{1}, std::chrono::hours{1}, std::chrono::hours{2}};
  const auto retrying = store::make_database(settings, log_);
  test_support::shared_cluster().stop();
  auto outcome = std::async(std::launch::async, [&] { return run(retrying->status()); });
  ASSERT_TRUE(log_.wait_for("database_retry"));
  test_support::shared_cluster().start();  // for an hour it will not be noticed
  EXPECT_TRUE(run(another_store()->status()).has_value());
  retrying->close();
  const auto status = outcome.get();
  ASSERT_TRUE(status.has_error());
  EXPECT_EQ(status.error().kind, core::failure::database_down);
  EXPECT_EQ(log_.count("database_retry"), 1);
  EXPECT_THAT(log_.text(), HasSubstr("wait=3600"));
}

TEST_F(failing, closing_lets_the_transaction_in_hand_finish_and_refuses_the_next) {
  roadblock block{*blocker_};
  auto outcome = commit_meanwhile(batch());
  wait_until_blocked();
  store_->close();
  block.remove();
  EXPECT_TRUE(outcome.get().has_value());
  EXPECT_EQ(commit_fails(batch(200)).kind, core::failure::database_down);
}

TEST_F(failing, cutting_ends_the_statement_in_hand) {
  const roadblock block{*blocker_};
  auto outcome = commit_meanwhile(batch());
  wait_until_blocked();
  store_->close();
  store_->cut();
  const auto summary = outcome.get();
  ASSERT_TRUE(summary.has_error());
  EXPECT_EQ(summary.error().kind, core::failure::database_down);
}

TEST_F(failing, a_deadlock_is_tried_again) {
  execute(
      "CREATE FUNCTION ordersync.fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
      "IF nextval('ordersync.failures') < 3 THEN RAISE EXCEPTION 'canary' USING ERRCODE = '40P01'; END IF; "
      "RETURN NEW; END $$; CREATE SEQUENCE ordersync.failures; "
      "GRANT ALL ON SEQUENCE ordersync.failures TO ordersync; "
      "CREATE TRIGGER fail BEFORE INSERT ON ordersync.sweeps FOR EACH ROW EXECUTE FUNCTION ordersync.fail()");
  EXPECT_EQ(commit(batch()).created, 2);
  EXPECT_THAT(log_.text(), HasSubstr("database_back attempts=2"));
  EXPECT_EQ(log_.count("database_retry"), 1);
  EXPECT_THAT(log_.text(), HasSubstr("operation=storing a window step=write sweep reason=SQLSTATE 40P01 (deadlock)"));
  EXPECT_THAT(log_.text(), Not(HasSubstr("canary")));
}

TEST_F(failing, a_missing_right_is_reported_at_once) {
  execute("ALTER TABLE ordersync.order_items OWNER TO postgres");
  const auto error = commit_fails(batch());
  EXPECT_EQ(error.kind, core::failure::database);
  EXPECT_THAT(error.what, HasSubstr("42501"));
  EXPECT_EQ(log_.count("database_retry"), 0);
}

TEST_F(failing, a_database_that_is_not_there_is_reported_at_once) {
  auto settings = settings_for();
  settings.url = test_support::shared_cluster().connection_url("nowhere");
  const auto lost = store::make_database(settings, log_);
  const auto status = run(lost->status());
  ASSERT_TRUE(status.has_error());
  EXPECT_EQ(status.error().kind, core::failure::database);
  EXPECT_THAT(status.error().what, HasSubstr("3D000"));
}

TEST_F(failing, several_hosts_are_tried_in_turn) {
  auto settings = settings_for();
  const auto directory = test_support::shared_cluster().socket_directory().string();
  settings.url =
      "host=/nowhere," + directory + " user=ordersync dbname=" + database_ + " target_session_attrs=read-write";
  const auto found = store::make_database(settings, log_);
  EXPECT_TRUE(run(found->status()).has_value());
}

TEST_F(failing, a_password_that_changed_is_used_from_the_next_operation_on) {
  commit(batch());
  const auto before =
      value("SELECT pid FROM pg_stat_activity WHERE usename = 'ordersync' AND datname = current_database()");
  store_->reconfigure("another", {"main"}, {});
  commit(batch(200));
  EXPECT_NE(value("SELECT pid FROM pg_stat_activity WHERE usename = 'ordersync' AND datname = current_database() "
                  "ORDER BY backend_start DESC LIMIT 1"),
            before);
}

TEST_F(failing, the_session_says_who_it_is) {
  commit(batch());
  EXPECT_EQ(value("SELECT application_name FROM pg_stat_activity WHERE usename = 'ordersync' "
                  "AND datname = current_database()"),
            "ordersync");
}

}  // namespace
}  // namespace ordersync::store_test
