// How much was audited.
#include "store/coverage/audit_table.hpp"
#include "store/store_fixture.hpp"

namespace ordersync::store_test {
namespace {

class audits : public store_test {
 protected:
  void count(const store::coverage::audit_counts& counts, const std::string& account = "main") {
    const auto counted = run(store_->trials().count_audit(account, counts));
    ASSERT_TRUE(counted.has_value()) << counted.error().what;
  }
  // A row of so many days ago.
  void on_day(int ago, int checks) {
    execute("INSERT INTO ordersync.audits VALUES ('main', current_date - " + std::to_string(ago) + ", 'slices', " +
            std::to_string(checks) + ", 0, 0, 0, 0)");
  }
  store::coverage::audit_figures figures() { return run(store_->status()).value().accounts.at(0).audited; }
};

TEST_F(audits, add_up_by_day_and_way) {
  count({"slices", 1, 2, 300, 86'400, 0});
  count({"slices", 1, 3, 200, 3'600, 1});
  count({"look_up", 5, 5, 5, 0, 0});
  count({"slices", 9, 9, 9, 9, 9}, "second");
  EXPECT_EQ(table("SELECT day = current_date AS today, way, checks, calls, orders, seconds, contradictions "
                  "FROM ordersync.audits WHERE account = 'main' ORDER BY way DESC"),
            "t,slices,2,5,500,90000,1\nt,look_up,5,5,5,0,0");
  const auto read = figures();
  EXPECT_EQ(read.day.checks, 7);
  EXPECT_EQ(read.day.calls, 10);
  EXPECT_EQ(read.day.orders, 505);
  EXPECT_EQ(read.day.seconds, 90'000);
  EXPECT_EQ(read.day.contradictions, 1);
  EXPECT_EQ(read.month.checks, 7);
}

TEST_F(audits, the_figures_are_of_yesterday_and_today_and_of_31_days) {
  EXPECT_EQ(figures().month.checks, 0);
  on_day(1, 10);
  on_day(2, 100);
  on_day(30, 1'000);
  on_day(31, 10'000);
  count({"slices", 1, 0, 0, 0, 0});
  EXPECT_EQ(figures().day.checks, 11);
  EXPECT_EQ(figures().month.checks, 1'111);
}

TEST_F(audits, are_kept_for_62_days) {
  on_day(61, 1);
  on_day(62, 1);
  on_day(100, 1);
  count({"slices", 1, 0, 0, 0, 0});
  EXPECT_EQ(value("SELECT string_agg((current_date - day)::text, ',' ORDER BY day) FROM ordersync.audits"), "61,0");
}

TEST_F(audits, count_once_however_often_they_are_tried) {
  store::pg::connection db{settings_for().url, "", never_};
  store::coverage::earlier_try before;
  for (const auto* end : {"ROLLBACK", "COMMIT", "COMMIT"}) {  // the answer to the second was lost
    db.exec("begin", "BEGIN");
    store::coverage::add_audit(db, "main", {"slices", 1, 0, 0, 0, 0}, before);
    db.exec("end", end);
  }
  EXPECT_EQ(value("SELECT checks FROM ordersync.audits"), "1");
}

TEST_F(audits, count_where_the_server_does_not_know_the_earlier_try) {
  store::pg::connection db{settings_for().url, "", never_};
  store::coverage::earlier_try before = "4611686018427387904";
  store::coverage::add_audit(db, "main", {"slices", 1, 0, 0, 0, 0}, before);
  EXPECT_EQ(value("SELECT checks FROM ordersync.audits"), "1");
}

TEST_F(audits, of_a_daemon_that_leads_no_more_are_not_counted) {
  store_->lead(7);
  EXPECT_TRUE(run(store_->trials().count_audit("main", {"slices", 1, 0, 0, 0, 0})).has_error());
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.audits"), "0");
}

}  // namespace
}  // namespace ordersync::store_test
