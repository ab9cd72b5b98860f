#include "app/doctor/filter.hpp"

#include <gtest/gtest.h>

namespace ordersync::app::doctor {
namespace {

using namespace std::chrono_literals;

constexpr core::second noon{std::chrono::seconds{1'715'054'400}};

std::vector<dated_order> orders_apart(std::initializer_list<int> seconds) {
  std::vector<dated_order> orders;
  for (const int apart : seconds) {
    const auto created = noon + std::chrono::minutes{10 * std::ssize(orders)};
    orders.push_back({std::ssize(orders) + 1, created, created + std::chrono::seconds{apart}});
  }
  return orders;
}

// What an API of this way would show.
bool served(const filter_way& way, const filter_inquiry::question& asked) {
  const auto t = way.by_tb ? asked.about.tb_created : asked.about.created;
  return (asked.begin < t || (way.begin_belongs && asked.begin == t)) &&
         (t < asked.end || (way.end_belongs && asked.end == t));
}

// How many questions it took.
int inquire(filter_inquiry& inquiry, const filter_way& truth) {
  int questions = 0;
  while (const auto question = inquiry.next()) {
    inquiry.answer(*question, served(truth, *question));
    if (++questions == 20) break;
  }
  return questions;
}

std::vector<filter_way> all_ways() {
  std::vector<filter_way> ways;
  for (const bool by_tb : {false, true})
    for (const bool begin : {false, true})
      for (const bool end : {false, true}) ways.push_back({by_tb, begin, end});
  return ways;
}

TEST(filter_inquiry, finds_out_each_way_with_few_questions) {
  for (const auto& truth : all_ways()) {
    filter_inquiry inquiry(orders_apart({0, -1, 3, 1}));
    EXPECT_LE(inquire(inquiry, truth), 4);
    ASSERT_EQ(inquiry.left().size(), 1U);
    EXPECT_EQ(inquiry.left()[0].by_tb, truth.by_tb);
    EXPECT_EQ(inquiry.left()[0].begin_belongs, truth.begin_belongs);
    EXPECT_EQ(inquiry.left()[0].end_belongs, truth.end_belongs);
    for (const auto& found : assess_filter(inquiry.left(), 3)) EXPECT_EQ(found.state, check_state::ok) << found.found;
  }
}

TEST(filter_inquiry, of_orders_with_one_time_finds_the_ends_and_not_which_time) {
  for (const auto& truth : all_ways()) {
    filter_inquiry inquiry(orders_apart({0, 0}));
    const auto questions = inquire(inquiry, truth);
    const auto found = assess_filter(inquiry.left(), questions);
    EXPECT_EQ(found[0].state, check_state::unknown) << found[0].found;
    EXPECT_FALSE(found[0].cure.empty());
    EXPECT_EQ(found[1].state, check_state::ok) << found[1].found;
  }
}

// A filter of createTime in (begin, end] and one of tbCreateTime in [begin, end) look alike where every order's times
// are a second apart.
TEST(filter_inquiry, never_claims_what_the_orders_cannot_show) {
  for (const auto& truth : all_ways()) {
    filter_inquiry inquiry(orders_apart({-1}));
    inquire(inquiry, truth);
    bool holds_truth = false;
    for (const auto& way : inquiry.left())
      holds_truth = holds_truth || (way.by_tb == truth.by_tb && way.begin_belongs == truth.begin_belongs &&
                                    way.end_belongs == truth.end_belongs);
    EXPECT_TRUE(holds_truth);
  }
}

TEST(filter_inquiry, without_orders_is_unknown) {
  filter_inquiry inquiry({});
  EXPECT_FALSE(inquiry.next());
  for (const auto& found : assess_filter(inquiry.left(), 0)) {
    EXPECT_EQ(found.state, check_state::unknown);
    EXPECT_NE(found.found.find("no order to test with"), std::string::npos) << found.found;
  }
}

TEST(filter_inquiry, asks_no_more_about_an_order_that_remained_unknown) {
  filter_inquiry inquiry(orders_apart({3}));
  const auto question = inquiry.next();
  ASSERT_TRUE(question);
  inquiry.dismiss(*question);
  EXPECT_FALSE(inquiry.next());
}

TEST(filter_inquiry, takes_an_answer_that_fits_no_way_for_a_warning) {
  filter_inquiry inquiry(orders_apart({3}));
  const dated_order order{1, noon, noon + 3s};
  inquiry.answer({order, noon - 9s, noon + 9s}, false);  // well inside of both ends, and not shown
  for (const auto& found : assess_filter(inquiry.left(), 1)) {
    EXPECT_EQ(found.state, check_state::warning);
    EXPECT_FALSE(found.cure.empty());
  }
}

}  // namespace
}  // namespace ordersync::app::doctor
