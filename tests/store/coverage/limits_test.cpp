// What the API was found to allow, as it is kept.
#include "store/store_fixture.hpp"

namespace ordersync::store_test {
namespace {

class limits : public store_test {
 protected:
  void set(const std::string& account, std::int64_t value, int found, const std::string& name = "longest_range") {
    const auto written =
        run(store_->trials().set_limit(account, {name, value, at_ms(found), at_ms(found, 5),
                                                 "a range of 31 d was refused at " + std::to_string(found)}));
    ASSERT_TRUE(written.has_value()) << written.error().what;
  }
  std::vector<store::coverage::api_limit> read(const std::string& account = "main") {
    return run(store_->trials().limits(account)).value();
  }
};

TEST_F(limits, are_read_as_they_were_written_by_name) {
  set("main", 2'592'000, 10);
  set("main", 50, 20, "depth");
  set("second", 7, 30);
  const auto found = read();
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].name, "depth");
  EXPECT_EQ(found[1].name, "longest_range");
  EXPECT_EQ(found[1].value, 2'592'000);
  EXPECT_EQ(found[1].since, at_ms(10));
  EXPECT_EQ(found[1].tried_at, at_ms(10, 5));
  EXPECT_EQ(found[1].found_by, "a range of 31 d was refused at 10");
  EXPECT_TRUE(read("third").empty());
}

TEST_F(limits, keep_since_when_they_are_known_while_the_value_is_the_same) {
  set("main", 100, 10);
  set("main", 100, 20);
  EXPECT_EQ(read().at(0).since, at_ms(10));
  EXPECT_EQ(read().at(0).tried_at, at_ms(20, 5));
  set("main", 50, 30);
  EXPECT_EQ(read().at(0).since, at_ms(30));
  EXPECT_EQ(read().at(0).value, 50);
}

TEST_F(limits, can_be_dropped) {
  set("main", 100, 10);
  set("main", 50, 10, "depth");
  ASSERT_TRUE(run(store_->trials().drop_limit("main", "longest_range")).has_value());
  ASSERT_TRUE(run(store_->trials().drop_limit("main", "longest_range")).has_value());
  ASSERT_EQ(read().size(), 1U);
  EXPECT_EQ(read()[0].name, "depth");
}

TEST_F(limits, are_part_of_the_status) {
  set("main", 100, 10);
  const auto status = run(store_->status()).value();
  ASSERT_EQ(status.accounts.at(0).limits.size(), 1U);
  EXPECT_EQ(status.accounts[0].limits[0].value, 100);
}

TEST_F(limits, of_a_daemon_that_leads_no_more_are_not_written) {
  set("main", 100, 10);
  store_->lead(7);
  EXPECT_TRUE(run(store_->trials().set_limit("main", {"depth", 1, at_ms(1), at_ms(1), ""})).has_error());
  EXPECT_TRUE(run(store_->trials().drop_limit("main", "longest_range")).has_error());
  store_->lead(0);
  EXPECT_EQ(read().size(), 1U);
}

}  // namespace
}  // namespace ordersync::store_test
