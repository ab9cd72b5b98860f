#include "app/http/token_bucket.hpp"

#include <gtest/gtest.h>

namespace ordersync::app::http {
namespace {

using namespace std::chrono_literals;

TEST(token_bucket, gives_a_burst_and_then_so_many_a_second) {
  token_bucket bucket(10, 3);
  token_bucket::time_point now{1h};
  int taken = 0;
  while (bucket.take(now)) ++taken;
  EXPECT_EQ(taken, 3);
  for (int i = 0; i < 100; ++i, now += 10ms) taken += bucket.take(now) ? 1 : 0;
  EXPECT_NEAR(taken, 13, 1);
  now += 1h;
  taken = 0;
  while (bucket.take(now)) ++taken;
  EXPECT_EQ(taken, 3) << "a pause saves up no more than the burst";
}

TEST(token_bucket, takes_what_one_costs_or_nothing) {
  token_bucket bucket(10, 3);
  const token_bucket::time_point now{1h};
  EXPECT_TRUE(bucket.take(now, 2.5));
  EXPECT_FALSE(bucket.take(now));
  EXPECT_TRUE(bucket.take(now, 0.5));
}

}  // namespace
}  // namespace ordersync::app::http
