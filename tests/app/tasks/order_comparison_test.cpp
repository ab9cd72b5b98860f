#include "app/tasks/order_comparison.hpp"

#include <gtest/gtest.h>

namespace ordersync::app::tasks {
namespace {

using namespace std::chrono_literals;
using kind = order_difference::kind;

const core::second zero{1'714'500'000s};
const core::window hour{zero, zero + 1h};

core::order shown(std::int64_t id, std::int64_t status = 1, int second = 10) {
  core::order order;
  order.id = id;
  order.order_status = status;
  order.created_at = zero + second * 1s;
  order.tb_created_at = order.created_at;
  order.content_hash[0] = static_cast<unsigned char>(status);
  return order;
}

store::maintenance::held_order held(std::int64_t id, std::int64_t status = 1, int second = 10) {
  const auto same = shown(id, status, second);
  return {.id = id,
          .account = "main",
          .status = status,
          .content_hash = same.content_hash,
          .created_at = same.created_at,
          .tb_created_at = same.tb_created_at};
}

struct order_comparison : ::testing::Test {
  shown_orders api;
  std::vector<store::maintenance::held_order> by_id, in_window;

  // "2 missing, 3 status 1->2"
  std::string differences() const {
    std::string text;
    for (const auto& one : api.differences("main", hour, by_id, in_window)) {
      text += (text.empty() ? "" : ", ") + std::to_string(one.order_id) + " " + name(one.what);
      if (one.what == kind::status)
        text += " " + std::to_string(*one.mirror_status) + "->" + std::to_string(*one.api_status);
    }
    return text;
  }
};

TEST_F(order_comparison, equal_orders_do_not_differ) {
  api.add({shown(1), shown(2, 5)});
  by_id = in_window = {held(1), held(2, 5)};
  EXPECT_EQ(differences(), "");
}

TEST_F(order_comparison, says_what_is_missing_what_is_not_shown_and_what_has_changed) {
  auto edited = shown(4);
  edited.content_hash[1] = 9;
  api.add({shown(1), shown(2, 2), edited});
  by_id = {held(2), held(4)};
  in_window = {held(2), held(3), held(4)};
  EXPECT_EQ(differences(), "1 missing, 2 status 1->2, 4 content, 3 not_shown");
}

TEST_F(order_comparison, what_lies_around_the_window_is_left_to_its_own) {
  auto reaching_in = shown(1, 1, -1);
  reaching_in.tb_created_at = zero;
  api.add({shown(2, 1, -1), shown(3, 1, 3600), reaching_in});
  auto half_in = held(4, 1, -1);
  half_in.created_at = zero;
  in_window = {half_in};
  EXPECT_EQ(differences(), "1 missing") << "one of its times is in the window; the API need not show what is half in";
}

TEST_F(order_comparison, an_order_without_times_is_compared_and_never_expected) {
  auto timeless = shown(1);
  timeless.created_at.reset();
  timeless.tb_created_at.reset();
  api.add({timeless});
  auto kept = held(2);
  kept.created_at.reset();
  kept.tb_created_at.reset();
  in_window = {kept};
  EXPECT_EQ(differences(), "1 missing");
}

TEST_F(order_comparison, what_another_account_has_written_is_none_of_this_ones) {
  api.add({shown(1, 2)});
  auto theirs = held(1);
  theirs.account = "second";
  auto not_shown = held(2);
  not_shown.account = "second";
  by_id = {theirs};
  in_window = {theirs, not_shown};
  EXPECT_EQ(differences(), "");
}

TEST_F(order_comparison, an_order_that_two_pages_show_counts_once_as_it_was_shown_last) {
  api.add({shown(1, 1)});
  api.add({shown(1, 2)});
  by_id = in_window = {held(1, 2)};
  EXPECT_EQ(api.size(), 1);
  EXPECT_EQ(differences(), "");
}

}  // namespace
}  // namespace ordersync::app::tasks
