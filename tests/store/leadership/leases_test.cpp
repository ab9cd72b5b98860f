// Leases of accounts: who takes them, who writes under them, what becomes of a frozen owner; and slices of the rate.
#include "store/details/details_fixture.hpp"
#include "store/leadership/election_fixture.hpp"
#include "store/store_fixture.hpp"
#include "support/postgres_cluster.hpp"

#include <gmock/gmock.h>

namespace ordersync::store_test {
namespace {

using store::leadership::leader_election;
using sync::sharing::lease;
using ::testing::HasSubstr;

class leases : public election_test {
 protected:
  // That has looked.
  std::unique_ptr<leader_election> worker(const std::string& id) {
    auto election = election_of(id);
    election->work_for({{"main", "key"}, {"second", "key"}});
    look(*election);
    return election;
  }
  sync::sharing::view see(leader_election& election) { return look(election).sharing.value(); }
  lease lease_of(leader_election& election, const std::string& account = "main") {
    for (const auto& each : see(election).leases)
      if (each.account == account) return each;
    ADD_FAILURE() << "no lease of " << account;
    return {};
  }
  std::vector<lease> take(leader_election& election, const lease& one) { return run(election.take({one})).value(); }
  std::unique_ptr<store::database> owner_of(const std::string& id, std::int64_t epoch) {
    auto daemon = daemon_of(id, 0);
    daemon->hold("main", epoch);
    return daemon;
  }
};

TEST_F(leases, a_worker_sees_itself_the_accounts_and_no_owner) {
  auto a = worker("a");
  const auto seen = see(*a);
  ASSERT_EQ(seen.workers.size(), 1U);
  EXPECT_EQ(seen.workers[0].id, "a");
  EXPECT_TRUE(seen.workers[0].connected);
  EXPECT_EQ(seen.workers[0].accounts, (std::vector<std::string>{"main", "second"}));
  ASSERT_EQ(seen.leases.size(), 2U);
  EXPECT_EQ(seen.leases[0].owner, "");
  EXPECT_NE(see(*a).workers[0].beat, seen.workers[0].beat) << "each look is a sign of life";
}

TEST_F(leases, of_two_who_read_the_same_one_takes_it) {
  auto a = worker("a");
  auto b = worker("b");
  const auto read = lease_of(*a);
  ASSERT_EQ(take(*a, read).size(), 1U);
  EXPECT_TRUE(take(*b, read).empty());
  EXPECT_EQ(lease_of(*b).owner, "a");
  EXPECT_EQ(lease_of(*b).epoch, 1);
}

TEST_F(leases, the_owner_writes_and_a_former_one_does_not) {
  auto a = worker("a");
  auto b = worker("b");
  const auto mine = take(*a, lease_of(*a)).at(0);
  const auto daemon = owner_of("a", mine.epoch);
  ASSERT_TRUE(run(daemon->commit(proven_batch(span(0, 60), {sample_order(1)}))).has_value());
  const auto job = run(store_->create_jobs({"main"}, span(0, 60), "somebody")).value().at(0);
  ASSERT_EQ(take(*b, mine).size(), 1U);
  for (const auto& error :
       {run(daemon->commit(proven_batch(span(60, 120), {sample_order(2)}))).error(),
        run(daemon->begin_job(job.id, 1)).error(),
        run(daemon->end_job(job.id, store::jobs::job_state::done, "")).error(),
        run(daemon->write_tiers("main", {{"", std::chrono::seconds{1}, std::chrono::seconds{1}, {}, false, {}}}))
            .error(),
        run(daemon->mark_vanished("main", {1}, at_ms(0))).error(),
        run(daemon->push_messages().take("main", 10)).error(), run(daemon->push_messages().expire("main")).error(),
        run(daemon->open_account({"main", "scope-9", "asked"})).error(),
        run(daemon->details().commit("main", {1, sample_detail(), {}})).error(),
        run(daemon->details().put_off("main", 1, "a reason")).error(),
        run(daemon->details().queue("main", span(0, 60))).error(),
        run(daemon->details().set_refused("main", "a reason")).error()}) {
    EXPECT_EQ(error.kind, core::failure::database);
    EXPECT_THAT(error.what, HasSubstr("another daemon (b) owns account main; nothing was written"));
  }
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.orders"), "1");
  EXPECT_EQ(value("SELECT state FROM ordersync.backfill_jobs"), "queued");
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.order_details"), "0");
}

TEST_F(leases, a_former_owner_that_leads_writes_for_the_account_no_more_than_others) {
  auto a = worker("a");
  auto b = worker("b");
  const auto epoch = lead(*a);
  const auto mine = take(*a, lease_of(*a)).at(0);
  const auto daemon = owner_of("a", mine.epoch);
  daemon->lead(epoch);
  ASSERT_EQ(take(*b, mine).size(), 1U);
  EXPECT_TRUE(run(daemon->commit(proven_batch(span(0, 60), {}))).has_error());
  EXPECT_TRUE(run(daemon->maintenance().retain({}, 0)).has_value());
}

TEST_F(leases, who_owns_an_account_writes_its_own_problems_and_who_owns_none_and_does_not_lead_does_not) {
  auto a = worker("a");
  const auto daemon = daemon_of("a", 0);
  const auto write = [&] { return run(daemon->write_problems({{.instance = "a", .event = "request_retry"}}, {})); };
  EXPECT_THAT(write().error().what, HasSubstr("neither leads nor owns an account"));
  const auto mine = take(*a, lease_of(*a));
  EXPECT_TRUE(write().has_value());
  ASSERT_TRUE(run(a->release(mine)).has_value());
  EXPECT_TRUE(write().has_error());
  lead(*a);
  EXPECT_TRUE(write().has_value());
}

TEST_F(leases, one_that_was_given_back_cannot_be_written_under) {
  auto a = worker("a");
  const auto mine = take(*a, lease_of(*a)).at(0);
  const auto daemon = owner_of("a", mine.epoch);
  ASSERT_TRUE(run(a->release({mine})).has_value());
  EXPECT_THAT(run(daemon->commit(proven_batch(span(0, 60), {}))).error().what, HasSubstr("does not own account main"));
  EXPECT_EQ(lease_of(*a).owner, "");
}

TEST_F(leases, a_transaction_in_hand_is_not_overtaken_and_holds_up_no_look) {
  auto a = worker("a");
  auto b = worker("b");
  const auto mine = take(*a, lease_of(*a)).at(0);
  const auto daemon = owner_of("a", mine.epoch);
  execute("BEGIN; LOCK TABLE ordersync.order_payloads IN ACCESS EXCLUSIVE MODE");
  auto outcome =
      std::async(std::launch::async, [&] { return run(daemon->commit(proven_batch(span(0, 60), {sample_order(1)}))); });
  wait_for_lock_waiter("a", "relation");
  EXPECT_TRUE(take(*b, mine).empty());
  EXPECT_EQ(lease_of(*b).owner, "a");
  execute("COMMIT");
  EXPECT_TRUE(outcome.get().has_value());
  EXPECT_EQ(take(*b, mine).size(), 1U);
}

TEST_F(leases, a_transaction_that_does_not_end_is_ended) {
  auto a = worker("a");
  auto b = worker("b");
  const auto mine = take(*a, lease_of(*a)).at(0);
  store::pg::connection frozen{settings_for().url, "", never_, {store::pg::session::purpose::work, "ordersync/a"}};
  frozen.exec("begin", "BEGIN");
  frozen.exec("check the lease", "SELECT FROM ordersync.account_leases WHERE account = 'main' FOR KEY SHARE");
  std::vector<lease> taken;
  while (taken.empty()) {
    look(*b);
    taken = take(*b, mine);
  }
  EXPECT_EQ(log_.count("worker_sessions_ended"), 1);
  EXPECT_THROW(frozen.exec("commit", "COMMIT"), store::pg::sql_error);
}

TEST_F(leases, whoever_stops_gives_all_back_after_it_was_closed) {
  auto a = worker("a");
  auto b = worker("b");
  take(*a, lease_of(*a));
  run(a->write_slice({"key", 10, 10, {}})).value();
  a->close();
  ASSERT_TRUE(run(a->retire()).has_value());
  const auto seen = see(*b);
  EXPECT_EQ(seen.workers.size(), 1U);
  EXPECT_EQ(seen.leases[0].owner, "");
  EXPECT_TRUE(seen.slices.empty());
}

TEST_F(leases, whoever_leaves_is_given_nothing_and_holds_what_it_has_until_it_is_released) {
  auto a = worker("a");
  auto b = worker("b");
  const auto mine = take(*a, lease_of(*a)).at(0);
  run(a->write_slice({"key", 10, 10, {}})).value();
  a->close();
  ASSERT_TRUE(run(a->leave()).has_value());
  const auto seen = see(*b);
  ASSERT_EQ(seen.workers.size(), 2U);
  EXPECT_TRUE(seen.workers[0].accounts.empty());
  EXPECT_TRUE(seen.slices.empty());
  EXPECT_EQ(seen.leases[0].owner, "a");
  ASSERT_TRUE(run(a->release({mine})).has_value());
  EXPECT_EQ(lease_of(*b).owner, "");
  EXPECT_EQ(value("SELECT released_at IS NOT NULL FROM ordersync.account_leases WHERE account = 'main'"), "t");
}

TEST_F(leases, whoever_has_left_may_come_back) {
  auto a = worker("a");
  ASSERT_TRUE(run(a->leave()).has_value());
  EXPECT_FALSE(look(*a).sharing);
  a->work_for({{"main", "key"}});
  EXPECT_EQ(see(*a).workers.at(0).accounts, std::vector<std::string>{"main"});
}

TEST_F(leases, slices_together_are_never_more_than_the_rate) {
  auto a = worker("a");
  auto b = worker("b");
  EXPECT_EQ(run(a->write_slice({"key", 10, 10, {}})).value()->per_second, 10);
  const auto none = run(b->write_slice({"key", 5, 10, {}})).value();
  EXPECT_EQ(none->per_second, 0);
  const auto half = run(a->write_slice({"key", 5, 10, {}})).value();
  EXPECT_EQ(half->per_second, 5);
  EXPECT_EQ(run(b->write_slice({"key", 7, 10, {}})).value()->per_second, 5);
  EXPECT_EQ(run(b->write_slice({"other key", 7, 10, {}})).value()->per_second, 7);
  // Of a lapsed one no more than what was read of it.
  EXPECT_EQ(run(b->write_slice({"key", 10, 10, {{"a", half->number - 1}}})).value()->per_second, 5);
  EXPECT_EQ(run(b->write_slice({"key", 10, 10, {{"a", half->number}}})).value()->per_second, 10);
}

TEST_F(leases, a_lock_on_the_slices_holds_up_no_look) {
  auto a = worker("a");
  execute("BEGIN; SELECT pg_advisory_xact_lock(1937340791, hashtext('key'))");
  EXPECT_FALSE(run(a->write_slice({"key", 10, 10, {}})).value());
  execute("COMMIT");
  EXPECT_TRUE(run(a->write_slice({"key", 10, 10, {}})).value());
}

}  // namespace
}  // namespace ordersync::store_test
