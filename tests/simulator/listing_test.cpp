#include "listing.hpp"

#include "behaving.hpp"
#include "identity.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace pandapon_sim::testing {
namespace {

constexpr epoch_ms minute = 60'000;

TEST(cap_total, ends_the_count_and_the_list) {
  world plain = behaving("");
  world w = behaving("--cap-total 120");
  EXPECT_EQ(total(w), 120);
  auto first = listed(plain);
  first.resize(120);
  EXPECT_EQ(listed(w), first);
  EXPECT_TRUE(ids_of(reply_to(w, page_of("", 4, 40))).empty());
  EXPECT_EQ(total(w, between("10:00:00", "11:00:00")), total(plain, between("10:00:00", "11:00:00")));
}

/// How many orders have one of the statuses 5, 6 and 7.
std::int64_t finished(world& plain) {
  std::int64_t sum = 0;
  for (const char* status : {"5", "6", "7"}) sum += total(plain, std::string(R"("orderStatus":)") + status);
  return sum;
}

TEST(hide_finished, leaves_them_out_unless_a_status_is_named) {
  world plain = behaving("");
  world w = behaving("--hide-finished");
  const auto left = listed(w);
  EXPECT_EQ(std::ssize(left), 300 - finished(plain));
  EXPECT_EQ(total(w), std::ssize(left));
  EXPECT_EQ(finished(w), finished(plain));
  EXPECT_EQ(truth(w), truth(plain));
}

TEST(hide_finished, may_begin_later) {
  world w = behaving("--hide-finished-after 5m");
  EXPECT_EQ(total(w, "", noon + 5 * minute - 1), 300);
  EXPECT_LT(total(w, "", noon + 5 * minute), 300);
}

TEST(hide_finished, holds_for_look_ups_unless_they_are_kept) {
  world plain = behaving("");
  const auto all = reply_to(plain, page_of(R"("orderStatus":5)"));
  const std::string number = look_up(std::string(all.at("data").as_array()[0].at("tbOrderId").as_string()));
  world strict = behaving("--hide-finished");
  world kind = behaving("--hide-finished --hide-finished-keeps-look-ups");
  EXPECT_EQ(total(strict, number), 0);
  EXPECT_EQ(total(kind, number), 1);
  EXPECT_EQ(total(kind), total(strict));
}

TEST(hide_older, begins_at_its_moment_and_hides_from_look_ups_too) {
  world plain = behaving("");
  world w = behaving("--hide-older-than 3h --hide-older-after 5m");
  const std::string first = look_up(number_at(plain, 0));
  EXPECT_EQ(total(w, "", noon + 5 * minute - 1), 300);
  EXPECT_EQ(total(w, first, noon + 5 * minute - 1), 1);
  EXPECT_EQ(listed(w, "", noon + 5 * minute), listed(plain, from("09:05:00")));
  EXPECT_EQ(listed(w, from("10:00:00"), noon + 5 * minute), listed(plain, from("10:00:00")));
  EXPECT_EQ(total(w, first, noon + 5 * minute), 0);
}

TEST(hide, takes_orders_off_the_list_but_not_from_look_ups) {
  world w = behaving("");
  const std::string before = truth(w);
  const std::string number = look_up(number_at(w, 17));
  request order;
  order.method = "POST";
  order.path = "/_hide";
  order.body = "[" + std::to_string(listed(w)[17]) + "]";
  EXPECT_EQ(handle_control(w, order, noon).status, 200U);
  EXPECT_EQ(total(w), 299);
  EXPECT_EQ(total(w, number), 1);
  EXPECT_EQ(truth(w), before);
  EXPECT_TRUE(w.orders.events().empty());
  order.path = "/_unhide";
  EXPECT_EQ(handle_control(w, order, noon).status, 200U);
  EXPECT_EQ(total(w), 300);
  order.body = "12";
  EXPECT_EQ(handle_control(w, order, noon).status, 404U);
}

TEST(paging, may_repeat_the_last_page_for_ever) {
  world w = behaving("--repeat-last-page");
  const auto page = [&](int number) { return ids_of(reply_to(w, page_of("", number, 80))); };
  EXPECT_EQ(page(4).size(), 60U);
  EXPECT_EQ(page(5), page(4));
  EXPECT_EQ(page(1000), page(4));
  EXPECT_EQ(ids_of(reply_to(w, page_of(between("00:00:00", "00:00:00"), 3, 80))).size(), 0U);
}

TEST(paging, may_show_the_same_page_whatever_was_asked) {
  world w = behaving("--same-page");
  const auto page = [&](int number) { return ids_of(reply_to(w, page_of("", number, 80))); };
  EXPECT_EQ(page(1).size(), 80U);
  EXPECT_EQ(page(2), page(1));
  EXPECT_EQ(page(9), page(1));
}

TEST(total, may_count_lines) {
  world w = behaving("--total-of-lines");
  const auto all = reply_to(w, page_of());
  std::int64_t lines = 0;
  for (const auto& order : all.at("data").as_array()) lines += std::ssize(order.at("orderDetailInfoVOS").as_array());
  EXPECT_GT(lines, 300);
  EXPECT_EQ(integer(all, "total"), lines);
  EXPECT_EQ(integer(reply_to(w, page_of("", 2, 50)), "total"), lines);
}

TEST(total, may_be_the_rows_of_this_page) {
  world w = behaving("--total-of-page");
  EXPECT_EQ(integer(reply_to(w, page_of("", 1, 80)), "total"), 80);
  EXPECT_EQ(integer(reply_to(w, page_of("", 4, 80)), "total"), 60);
}

/// The statuses of each order in the rows of a page.
std::map<std::int64_t, std::vector<std::int64_t>> statuses(const boost::json::object& page) {
  std::map<std::int64_t, std::vector<std::int64_t>> out;
  for (const auto& order : page.at("data").as_array())
    out[integer(order.as_object(), "id")].push_back(integer(order.as_object(), "orderStatus"));
  return out;
}

TEST(twice, lists_orders_again_on_their_page_in_an_older_state) {
  world plain = behaving("");
  world w = behaving("--twice 20");
  std::set<std::int64_t> seen;
  int twice = 0;
  for (int number = 1; number <= 6; ++number) {
    const auto right = statuses(reply_to(plain, page_of("", number, 50)));
    const auto got = reply_to(w, page_of("", number, 50));
    EXPECT_EQ(integer(got, "total"), 300);
    for (const auto& [id, shown] : statuses(got)) {
      EXPECT_TRUE(seen.insert(id).second);
      EXPECT_EQ(*std::max_element(shown.begin(), shown.end()), right.at(id)[0]);
      if (shown.size() == 1) continue;
      ++twice;
      ASSERT_EQ(shown.size(), 2U);
      EXPECT_LT(std::min(shown[0], shown[1]), right.at(id)[0]);
    }
  }
  EXPECT_EQ(seen.size(), 300U);
  EXPECT_GT(twice, 30);
  EXPECT_LT(twice, 90);
  EXPECT_EQ(truth(w), truth(plain));
}

TEST(twice, the_second_row_stands_behind_or_before_or_at_the_end_of_the_page) {
  world plain = behaving("");
  world w = behaving("--twice 20");
  const auto shown = ids_of(reply_to(w, page_of("", 1, 100)));
  const auto right = ids_of(reply_to(plain, page_of("", 1, 100)));
  EXPECT_GT(shown.size(), 105U);
  std::set<std::ptrdiff_t> distances;
  for (auto at = shown.begin(); at != shown.end(); ++at)
    if (const auto again = std::find(at + 1, shown.end(), *at); again != shown.end()) distances.insert(again - at);
  EXPECT_TRUE(distances.contains(1));
  EXPECT_GT(*distances.rbegin(), 10);
  EXPECT_EQ(std::set<std::int64_t>(shown.begin(), shown.end()), std::set<std::int64_t>(right.begin(), right.end()));
}

TEST(twice, may_be_counted) {
  world w = behaving("--twice 20 --twice-counted");
  const auto all = listed(w);
  EXPECT_EQ(total(w), std::ssize(all));
  EXPECT_GT(all.size(), 330U);
  std::vector<std::int64_t> paged;
  for (int number = 1; number <= 8; ++number) {
    const auto page = ids_of(reply_to(w, page_of("", number, 50)));
    EXPECT_EQ(page.size(), std::min<std::size_t>(50, all.size() - paged.size()));
    paged.insert(paged.end(), page.begin(), page.end());
  }
  EXPECT_EQ(paged, all);
}

}  // namespace
}  // namespace pandapon_sim::testing
