// In which ranges an order is looked for whose age is not known.
#include "app/orders/number_search.hpp"

#include <gmock/gmock.h>

namespace ordersync::app::orders {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

core::second on(int day) {
  return core::second{} + days{20'000 + day};
}

TEST(number_search, a_number_loses_the_blanks_around_it) {
  EXPECT_EQ(trimmed_number("\t 12 34\r\n"), "12 34");
  EXPECT_EQ(trimmed_number(" \n"), "");
  EXPECT_EQ(trimmed_number(""), "");
}

TEST(number_search, goes_from_now_back_to_the_start_without_holes) {
  EXPECT_THAT(search_ranges({on(0), on(70)}, {}, 60),
              ElementsAre(core::window{on(40), on(70)}, core::window{on(10), on(40)}, core::window{on(0), on(10)}));
}

TEST(number_search, asks_for_no_more_than_the_api_allows) {
  EXPECT_THAT(search_ranges({on(0), on(20)}, {.longest_range = days{7}, .nearest_end = days{1}}, 2),
              ElementsAre(core::window{on(12), on(19)}, core::window{on(5), on(12)}));
}

TEST(number_search, has_nowhere_to_look_before_the_start) {
  EXPECT_THAT(search_ranges({on(5), on(5)}, {}, 60), IsEmpty());
  EXPECT_THAT(search_ranges({on(5), on(4)}, {}, 60), IsEmpty());
  EXPECT_THAT(search_ranges({on(4), on(5)}, {.nearest_end = days{2}}, 60), IsEmpty());
}

TEST(number_search, knows_what_1688_may_have_as_a_number) {
  EXPECT_TRUE(can_be_searched("2042894174938880794"));
  for (const std::string& text : {std::string{}, std::string{"12a"}, std::string{"-1"}, std::string{"1 "},
                                  std::string(31, '1'), std::string{"'; DROP"}})
    EXPECT_FALSE(can_be_searched(text)) << text;
}

}  // namespace
}  // namespace ordersync::app::orders
