#include "app/daemon/api_clock.hpp"

#include "support/recorded_log.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ordersync::app::daemon {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::StartsWith;

struct api_clock_test : ::testing::Test {
  core::instant local{core::second{1'000'000s}};
  test_support::recorded_log log;
  api_clock clock{"main", [this] { return local; }, log};

  // A reply of a server whose clock is behind this machine's by `ahead`.
  void observe(std::chrono::seconds ahead) {
    sync::page reply;
    reply.server_time = reply.date = std::chrono::floor<std::chrono::seconds>(local - ahead);
    clock.observe(reply);
  }
};

TEST_F(api_clock_test, is_this_machines_until_a_reply_has_the_time) {
  EXPECT_EQ(clock.now(), core::second{1'000'000s});
  EXPECT_EQ(clock.skew(), std::nullopt);
  clock.observe({});
  EXPECT_EQ(clock.skew(), std::nullopt);
  observe(30s);
  EXPECT_EQ(clock.now(), core::second{999'970s});
  EXPECT_EQ(clock.skew(), 30s);
  observe(1s);
  EXPECT_EQ(clock.skew(), 0s) << "Date is no more exact";
}

TEST_F(api_clock_test, reports_a_skew_once_it_matters_once_and_that_it_is_over) {
  observe(60s);
  EXPECT_THAT(log.lines(), IsEmpty());
  for (const auto ahead : {61s, 90s, -541s, 10s, 10s}) observe(ahead);
  EXPECT_THAT(log.lines(), ElementsAre(StartsWith("warning clock_skewed account=main ahead=61 "),
                                       StartsWith("error clock_skewed account=main ahead=-541 "),
                                       StartsWith("info clock_right_again account=main ahead=10 ")));
}

TEST_F(api_clock_test, a_date_that_is_not_trusted_is_reported_once_and_sets_nothing) {
  sync::page reply;
  reply.date_off = 8h;
  for (int i = 0; i < 3; ++i) clock.observe(reply);
  EXPECT_THAT(log.lines(), ElementsAre(StartsWith("warning api_date_wrong account=main ahead=-28800 ")));
  EXPECT_EQ(clock.skew(), std::nullopt);
}

}  // namespace
}  // namespace ordersync::app::daemon
