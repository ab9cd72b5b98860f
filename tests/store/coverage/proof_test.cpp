// What is proven, for whom, and what is missing.
#include "store/store_fixture.hpp"

#include <gmock/gmock.h>

namespace ordersync::store_test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class proof : public store_test {
 protected:
  void prove(core::window w, int observed = 100) { commit(proven_batch(w, {}, observed)); }
  std::vector<core::window> unproven(core::window range, const std::string& account = "main") {
    return run(store_->unproven(account, range)).value();
  }
  store::reports::coverage_report coverage(core::window range) { return run(store_->coverage("main", range)).value(); }
};

TEST_F(proof, nothing_is_proven_at_first) {
  EXPECT_THAT(unproven(span(0, 100)), ElementsAre(span(0, 100)));
}

TEST_F(proof, windows_that_touch_become_one_and_what_lies_between_is_a_gap) {
  prove(span(0, 10));
  prove(span(20, 30));
  prove(span(10, 15));
  EXPECT_EQ(
      value("SELECT proven FROM ordersync.coverage"),
      R"x({["2024-05-07 00:00:00+00","2024-05-07 00:00:15+00"),["2024-05-07 00:00:20+00","2024-05-07 00:00:30+00")})x");
  EXPECT_THAT(unproven(span(-5, 35)), ElementsAre(span(-5, 0), span(15, 20), span(30, 35)));
  EXPECT_THAT(unproven(span(0, 15)), IsEmpty());
  EXPECT_THAT(unproven(span(5, 5)), IsEmpty());
}

TEST_F(proof, only_what_is_proven_of_a_window_counts) {
  auto batch = proven_batch(span(0, 60), {});
  batch.proven = span(0, 40);
  commit(batch);
  EXPECT_THAT(unproven(span(0, 60)), ElementsAre(span(40, 60)));
}

TEST_F(proof, another_scope_starts_its_own_and_the_former_comes_back) {
  prove(span(0, 10));
  open("main", "scope-2");
  EXPECT_THAT(unproven(span(0, 10)), ElementsAre(span(0, 10)));
  prove(span(5, 10));
  open("main", "scope-1");
  EXPECT_THAT(unproven(span(0, 10)), IsEmpty());
  open("main", "scope-2");
  EXPECT_THAT(unproven(span(0, 10)), ElementsAre(span(0, 5)));
  EXPECT_EQ(log_.count("account_scope_changed"), 3);
  EXPECT_EQ(value("SELECT string_agg(scope, ',') FROM ordersync.coverage_former"), "scope-1");
}

TEST_F(proof, another_scope_starts_without_the_limits_of_the_former) {
  ASSERT_TRUE(run(store_->trials().set_limit("main", {"longest_range", 86'400, {}, {}, "a test"})).has_value());
  open("main");
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.api_limits"), "1");
  open("main", "scope-2");
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.api_limits"), "0");
}

TEST_F(proof, opening_again_with_the_same_scope_writes_nothing) {
  prove(span(0, 10));
  const auto before = value("SELECT concat(ctid, xmin) FROM ordersync.coverage");
  open("main");
  EXPECT_EQ(value("SELECT concat(ctid, xmin) FROM ordersync.coverage"), before);
}

TEST_F(proof, accounts_have_each_their_own) {
  open("second");
  prove(span(0, 10));
  EXPECT_THAT(unproven(span(0, 10), "second"), ElementsAre(span(0, 10)));
}

TEST_F(proof, a_store_whose_account_was_opened_otherwise_meanwhile_writes_nothing_more) {
  auto other = another_store();
  ASSERT_TRUE(run(other->open_account({"main", "scope-2", "asked"})).has_value());
  const auto error = commit_fails(proven_batch(span(0, 60), {sample_order(1)}));
  EXPECT_EQ(error.kind, core::failure::database);
  EXPECT_THAT(error.what, HasSubstr("other settings"));
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.orders"), "0");
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.sweeps"), "0");
  EXPECT_TRUE(run(store_->unproven("main", span(0, 60))).has_error());
}

TEST_F(proof, an_account_that_was_not_opened_is_a_defect) {
  auto batch = proven_batch(span(0, 60), {});
  batch.account = "nobody";
  EXPECT_EQ(commit_fails(batch).kind, core::failure::defect);
}

TEST_F(proof, the_report_has_the_reason_of_each_gap) {
  prove(span(0, 10));
  commit(unproven_batch(span(10, 20), {}, 200));
  auto failed = unproven_batch(span(12, 15), {}, 300);
  failed.outcome = sync::sweep_outcome::failed;
  failed.reason = "the API cannot be reached";
  commit(failed);
  const auto report = coverage(span(5, 40));
  EXPECT_EQ(report.scope, "scope-1");
  EXPECT_EQ(report.asked, "asked for scope-1");
  EXPECT_THAT(report.proven, ElementsAre(span(5, 10)));
  EXPECT_THAT(report.gaps,
              ElementsAre(store::reports::gap{span(10, 12), "the API counts 3 orders but returned 2", at_ms(201)},
                          store::reports::gap{span(12, 15), "the API cannot be reached", at_ms(301), true},
                          store::reports::gap{span(15, 20), "the API counts 3 orders but returned 2", at_ms(201)},
                          store::reports::gap{span(20, 40), "", std::nullopt}));
}

TEST_F(proof, the_report_of_an_unknown_account_is_refused) {
  const auto report = run(store_->coverage("nobody", span(0, 10)));
  ASSERT_TRUE(report.has_error());
  EXPECT_EQ(report.error().kind, core::failure::input);
}

TEST_F(proof, the_status_counts_what_is_there) {
  open("second");
  auto noted = sample_order(2, 20);
  noted.notes = {{"receiver", "not valid JSON", "{"}};
  noted.unknown_paths = {"newField"};
  rehash(noted);
  store_orders({sample_order(1), noted}, 100);
  commit(unproven_batch(span(100, 200), {}, 300));
  const auto status = run(store_->status()).value();
  EXPECT_EQ(status.orders, 2);
  EXPECT_EQ(status.order_items, 4);
  EXPECT_EQ(status.quarantine.open, 1);
  EXPECT_EQ(status.quarantine.open_kinds, 1);
  ASSERT_EQ(status.quarantine_kinds.size(), 1U);
  EXPECT_EQ(status.quarantine_kinds[0].path, "receiver");
  EXPECT_EQ(status.drift_paths, 1);
  EXPECT_EQ(status.newest_order, at_ms(20, 123));
  ASSERT_EQ(status.accounts.size(), 2U);
  const auto& main = status.accounts[0];
  EXPECT_EQ(main.account, "main");
  EXPECT_EQ(main.scope, "scope-1");
  EXPECT_EQ(main.asked, "asked for scope-1");
  EXPECT_THAT(main.proven, ElementsAre(span(0, 60)));
  ASSERT_TRUE(main.last_proven);
  EXPECT_EQ(main.last_proven->window, span(0, 60));
  EXPECT_EQ(main.last_proven->kind, "live");
  EXPECT_EQ(main.last_proven->finished_at, at_ms(101));
  EXPECT_EQ(main.orders, 2);
  EXPECT_EQ(main.quarantine.open, 1);
  EXPECT_EQ(status.accounts[1].orders, 0);
}

TEST_F(proof, the_status_of_an_empty_mirror_is_all_zeros) {
  const auto status = run(store_->status()).value();
  EXPECT_EQ(status.orders, 0);
  EXPECT_FALSE(status.newest_order);
  EXPECT_THAT(status.accounts.at(0).proven, IsEmpty());
  EXPECT_FALSE(status.accounts.at(0).last_proven);
}

}  // namespace
}  // namespace ordersync::store_test
