// How much is said of a database that fails.
#include "store/pg/outage_log.hpp"

#include "store/store_fixture.hpp"

#include <gmock/gmock.h>

namespace ordersync::store_test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::HasSubstr;

class outage_log : public ::testing::Test {
 protected:
  void fail() { outage_.failed(now_, "storing a window", {"connect", "", "no route to host"}, milliseconds{200}); }

  recorded_log log_;
  store::pg::outage_log outage_{log_};
  store::pg::outage_log::time_point now_{seconds{1000}};
};

TEST_F(outage_log, the_first_failure_is_logged_at_once) {
  fail();
  EXPECT_EQ(log_.text(),
            "warning database_retry operation=storing a window step=connect reason=no route to host attempt=2 "
            "lasted=0 wait=0.2\n");
}

TEST_F(outage_log, an_hour_of_failures_has_a_line_every_ten_seconds) {
  for (int i = 0; i < 3600; ++i, now_ += seconds{1}) fail();
  EXPECT_EQ(log_.count("database_retry"), 360);
  EXPECT_THAT(log_.text(), HasSubstr("attempt=12 lasted=10 "));
  EXPECT_THAT(log_.text(), HasSubstr("attempt=3592 lasted=3590 "));
}

TEST_F(outage_log, its_end_is_logged_once) {
  fail();
  now_ += seconds{5};
  fail();
  now_ += seconds{1};
  outage_.worked(now_);
  outage_.worked(now_);
  EXPECT_EQ(log_.count("database_back"), 1);
  EXPECT_THAT(log_.text(), HasSubstr("info database_back attempts=2 lasted=6"));
}

TEST_F(outage_log, a_database_that_comes_and_goes_does_not_fill_the_log) {
  for (int i = 0; i < 100; ++i, now_ += milliseconds{100}) {
    fail();
    outage_.worked(now_);
  }
  EXPECT_EQ(log_.count("database_retry"), 1);
  EXPECT_EQ(log_.count("database_back"), 1);
  fail();
  EXPECT_EQ(log_.count("database_retry"), 2);
}

TEST_F(outage_log, a_database_that_works_is_not_spoken_of) {
  outage_.worked(now_);
  EXPECT_EQ(log_.text(), "");
}

}  // namespace
}  // namespace ordersync::store_test
