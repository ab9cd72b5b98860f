#include "app/tasks/completeness.hpp"

#include <gtest/gtest.h>

namespace ordersync::app::tasks {
namespace {

using namespace std::chrono_literals;
using windows = std::vector<core::window>;

core::second at(std::int64_t s) {
  return core::second{std::chrono::seconds{s}};
}
core::window span(std::int64_t begin, std::int64_t end) {
  return {at(begin), at(end)};
}

TEST(completeness, of_a_mirror_that_was_never_filled_is_one_gap) {
  const auto view = completeness_of({}, at(0), at(1000), 100s);
  EXPECT_FALSE(view.complete());
  EXPECT_EQ(view.gaps, windows{span(0, 900)});
  EXPECT_EQ(view.through, std::nullopt);
  EXPECT_EQ(view.behind, 1000s);
}

TEST(completeness, does_not_count_the_last_moments) {
  const auto view = completeness_of({span(0, 950)}, at(0), at(1000), 100s);
  EXPECT_TRUE(view.complete());
  EXPECT_EQ(view.through, at(950));
  EXPECT_EQ(view.behind, 50s);
}

TEST(completeness, counts_a_mirror_that_stopped_being_fed) {
  const auto view = completeness_of({span(0, 500)}, at(0), at(1000), 100s);
  EXPECT_EQ(view.gaps, windows{span(500, 900)});
}

TEST(completeness, reaches_only_to_the_first_gap) {
  const auto view = completeness_of({span(-50, 300), span(400, 1000)}, at(0), at(1000), 100s);
  EXPECT_EQ(view.through, at(300));
  EXPECT_EQ(view.gaps, windows{span(300, 400)});
}

TEST(completeness, before_the_start_nothing_is_expected) {
  const auto view = completeness_of({}, at(2000), at(1000), 100s);
  EXPECT_TRUE(view.complete());
  EXPECT_EQ(view.behind, 0s);
}

}  // namespace
}  // namespace ordersync::app::tasks
