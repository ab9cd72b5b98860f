#include "sync/sweep/sweep.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

namespace ordersync::sync::sweep {
namespace {

using namespace std::chrono_literals;

const core::second zero{0s};
const core::window day{zero, zero + 24h};
constexpr core::instant now{1ms};

struct quiet_log : core::log {
  void write(core::severity, std::string_view, std::initializer_list<core::log_field>) noexcept override {}
};

page reply(std::int64_t total, int rows) {
  page p;
  p.total = total;
  for (int i = 0; i < rows; ++i) p.orders.emplace_back().id = 100 + i;
  return p;
}

struct sweeping : ::testing::Test {
  quiet_log log;
  sweep plan{"main", sweep_kind::backfill, {day}, {.reading = {.max_orders = 2000}}, log};

  // Answers what the sweep asks for next with `p`; what it asked for.
  core::window answer(page p) {
    const auto ask = plan.next_request();
    EXPECT_TRUE(ask.has_value());
    plan.on_page(ask->id, ask->page.page, std::move(p), now);
    return ask->page.window;
  }
  window_batch committed(core::result<commit_summary> outcome = commit_summary{}) {
    auto commit = plan.next_commit();
    EXPECT_TRUE(commit.has_value());
    plan.on_committed(commit->id, outcome);
    return std::move(commit->batch);
  }
};

TEST_F(sweeping, a_proven_window_is_committed_with_its_proof) {
  answer(reply(3, 3));
  const auto batch = committed();
  EXPECT_EQ(batch.outcome, sweep_outcome::proven);
  EXPECT_EQ(batch.proven, day);
  EXPECT_EQ(batch.account, "main");
  EXPECT_EQ(batch.total, 3);
  EXPECT_EQ(batch.orders.size(), 3u);
  EXPECT_TRUE(plan.finished());
}

TEST_F(sweeping, a_window_of_too_many_is_split_before_its_pages_are_read) {
  EXPECT_EQ(answer(reply(2001, 50)), day);
  const auto batch = committed();
  EXPECT_EQ(batch.outcome, sweep_outcome::split);
  EXPECT_TRUE(batch.orders.empty());
  EXPECT_EQ(batch.proven, std::nullopt);
  EXPECT_EQ(answer(reply(0, 0)), (core::window{day.begin, day.begin + 12h}));
}

TEST_F(sweeping, the_right_half_is_split_without_asking_where_the_left_half_gives_its_count) {
  answer(reply(100'000, 50));
  committed();
  const auto left = answer(reply(10, 10));
  committed();
  // 99,990 orders are to the right: nobody needs to ask.
  const auto next = answer(reply(0, 0));
  EXPECT_EQ(next.begin, left.end);
  EXPECT_LT(next.end, day.end);
}

TEST_F(sweeping, a_doubtful_window_is_read_again_and_then_split) {
  answer(reply(5, 3));
  EXPECT_EQ(answer(reply(5, 3)), day);  // not all rows are shown
  EXPECT_EQ(plan.progress().windows_split, 0);
}

TEST_F(sweeping, a_window_that_is_refused_is_halved_until_a_part_is_answered) {
  std::vector<core::window> asked;
  while (!plan.finished()) {
    while (auto commit = plan.next_commit()) plan.on_committed(commit->id, commit_summary{});
    const auto ask = plan.next_request();
    if (!ask) continue;
    asked.push_back(ask->page.window);
    if (ask->page.window.length() > 6h)
      plan.on_failure(ask->id, core::make_error(core::failure::unusable_reply, "code 50099"), now);
    else
      plan.on_page(ask->id, 1, reply(0, 0), now);
  }
  EXPECT_EQ(plan.progress().windows_proven, 4);
  EXPECT_EQ(plan.progress().gaps, 0);
  EXPECT_EQ(std::ranges::count(asked, day), 3) << "a refusal may pass";
}

TEST_F(sweeping, what_is_refused_at_any_length_becomes_gaps_with_the_reason_after_a_while) {
  std::int64_t calls = 0;
  std::string reason;
  while (!plan.finished() && calls < 10'000) {
    while (auto commit = plan.next_commit()) {
      if (commit->batch.outcome == sweep_outcome::failed) reason = commit->batch.reason;
      plan.on_committed(commit->id, commit_summary{});
    }
    if (const auto ask = plan.next_request()) {
      ++calls;
      plan.on_failure(ask->id, core::make_error(core::failure::unusable_reply, "no total"), now);
    }
  }
  EXPECT_TRUE(plan.finished());
  EXPECT_LT(calls, 300);
  EXPECT_EQ(reason, "no total");
  EXPECT_FALSE(plan.stopped_by().has_value());
  EXPECT_GT(plan.progress().gaps, 0);
}

TEST_F(sweeping, a_reply_that_is_too_large_is_asked_for_in_smaller_pages) {
  const auto ask = plan.next_request();
  auto why = core::make_error(core::failure::unusable_reply, "too large");
  why.remedy = core::remedy::ask_smaller;
  plan.on_failure(ask->id, why, now);
  const auto again = plan.next_request();
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(again->page.page_size, 25);
  EXPECT_EQ(again->page.window, day);
}

TEST_F(sweeping, refused_credentials_end_it) {
  const auto ask = plan.next_request();
  plan.on_failure(ask->id, core::make_error(core::failure::refused, "401"), now);
  committed();
  EXPECT_TRUE(plan.finished());
  EXPECT_EQ(plan.stopped_by()->kind, core::failure::refused);
  EXPECT_EQ(plan.next_request(), std::nullopt);
}

TEST_F(sweeping, a_lost_database_ends_it_without_handing_over_more) {
  answer(reply(2001, 50));
  const auto commit = plan.next_commit();
  answer(reply(1, 1));
  plan.on_committed(commit->id, core::make_error(core::failure::database_down, "gone"));
  EXPECT_FALSE(plan.next_commit().has_value());
  EXPECT_TRUE(plan.finished());
}

TEST_F(sweeping, a_window_that_another_reader_overtook_is_read_again) {
  answer(reply(1, 1));
  committed(commit_summary{.outdated = 1});
  EXPECT_FALSE(plan.finished());
  EXPECT_EQ(answer(reply(1, 1)), day);
  committed();
  EXPECT_TRUE(plan.finished());
  EXPECT_EQ(plan.progress().gaps, 0);
}

TEST_F(sweeping, a_window_that_is_not_settled_yet_is_left_undone_and_counts_as_a_gap) {
  auto p = reply(0, 0);
  p.server_time = day.begin;
  answer(std::move(p));
  EXPECT_EQ(committed().outcome, sweep_outcome::unproven);
  EXPECT_TRUE(plan.finished());
  EXPECT_EQ(plan.progress().gaps, 1);
  EXPECT_EQ(plan.progress().windows_proven, 0);
}

TEST_F(sweeping, a_stop_waits_for_the_answers_that_are_awaited) {
  const auto ask = plan.next_request();
  plan.stop();
  EXPECT_FALSE(plan.finished());
  plan.on_page(ask->id, 1, reply(1, 1), now);
  EXPECT_TRUE(plan.finished());
  EXPECT_FALSE(plan.next_commit().has_value());
}

TEST_F(sweeping, where_every_count_is_wrong_it_does_not_go_down_to_the_second) {
  std::int64_t calls = 0;
  while (!plan.finished()) {
    while (auto commit = plan.next_commit()) plan.on_committed(commit->id, commit_summary{});
    if (const auto ask = plan.next_request()) {
      ++calls;
      plan.on_page(ask->id, ask->page.page, reply(5, 3), now);
    }
  }
  EXPECT_LT(calls, 1000);
  EXPECT_GT(plan.progress().gaps, 0);
}

// `rows` of the orders that the API would show on that page of a window of `total`.
page reply_of(std::int64_t total, int number, int rows) {
  page p;
  p.total = total;
  for (int i = 0; i < rows; ++i) {
    auto& order = p.orders.emplace_back();
    order.id = 1000 * number + i;
    order.content_hash[0] = 1;
  }
  return p;
}

struct large_windows : ::testing::Test {
  quiet_log log;
  sweep plan{"main",
             sweep_kind::backfill,
             {day},
             {.reading = {.max_orders = 10'000, .most_held = 2000}, .windows = 1, .requests = 1},
             log};

  // All that is asked for until something is for the store or nothing may be asked.
  std::vector<int> read(std::int64_t total) {
    std::vector<int> pages;
    while (auto ask = plan.next_request()) {
      pages.push_back(ask->page.page);
      const auto rows = std::clamp<std::int64_t>(total - (ask->page.page - 1) * 50, 0, 50);
      plan.on_page(ask->id, ask->page.page, reply_of(total, ask->page.page, static_cast<int>(rows)), now);
    }
    return pages;
  }
};

TEST_F(large_windows, the_first_orders_of_a_fresh_mirror_are_stored_at_once) {
  const auto ask = plan.next_request();
  plan.on_page(ask->id, 1, reply_of(5000, 1, 50), now);
  const auto first = plan.next_commit();
  ASSERT_TRUE(first.has_value());
  EXPECT_EQ(first->batch.outcome, sweep_outcome::partial);
  EXPECT_EQ(first->batch.orders.size(), 50U);
  EXPECT_FALSE(first->batch.proven.has_value());
}

TEST_F(large_windows, are_stored_in_parts_and_the_last_part_proves_them_and_names_all) {
  std::int64_t orders = 0, pages = 0;
  std::vector<window_batch> batches;
  while (!plan.finished()) {
    read(5000);
    while (auto commit = plan.next_commit()) {
      EXPECT_LE(commit->batch.orders.size(), 2050U);
      EXPECT_EQ(commit->batch.orders_before, orders);
      orders += static_cast<std::int64_t>(commit->batch.orders.size());
      pages += commit->batch.pages - commit->batch.pages_before;
      plan.on_committed(commit->id, commit_summary{});
      batches.push_back(std::move(commit->batch));
    }
  }
  ASSERT_GT(batches.size(), 2U);
  EXPECT_EQ(orders, 5000) << "page 1, which is read twice, is stored once";
  EXPECT_EQ(pages, plan.progress().calls);
  EXPECT_EQ(batches.back().outcome, sweep_outcome::proven);
  EXPECT_EQ(batches.back().shown.size(), 5000U);
  EXPECT_EQ(plan.progress().windows_proven, 1);
}

TEST_F(large_windows, are_not_proven_by_the_last_part_where_an_earlier_one_was_overtaken_and_are_read_again) {
  std::vector<window_batch> last_parts;
  bool overtaken = false;
  while (!plan.finished()) {
    read(5000);
    while (auto commit = plan.next_commit()) {
      const bool part = commit->batch.outcome == sweep_outcome::partial;
      plan.on_committed(commit->id, commit_summary{.outdated = part && !std::exchange(overtaken, true) ? 1 : 0});
      if (!part) last_parts.push_back(std::move(commit->batch));
    }
  }
  ASSERT_EQ(last_parts.size(), 2U);
  EXPECT_EQ(last_parts.front().outcome, sweep_outcome::unproven);
  EXPECT_FALSE(last_parts.front().proven.has_value());
  EXPECT_TRUE(last_parts.front().outdated_before);
  EXPECT_EQ(last_parts.back().outcome, sweep_outcome::proven);
  EXPECT_FALSE(last_parts.back().outdated_before);
  EXPECT_EQ(plan.progress().gaps, 0);
}

TEST_F(large_windows, nothing_more_is_read_while_the_store_has_as_much_as_memory_allows) {
  const auto pages = read(5000).size();
  EXPECT_LE(pages, 2 * 2050U / 50);
  EXPECT_GE(pages, 2000U / 50);
  auto commit = plan.next_commit();
  ASSERT_TRUE(commit.has_value());
  while (commit) {
    plan.on_committed(commit->id, commit_summary{});
    commit = plan.next_commit();
  }
  EXPECT_TRUE(plan.next_request().has_value());
}

TEST_F(large_windows, one_of_which_the_api_shows_only_the_first_pages_makes_the_others_smaller) {
  std::vector<std::int64_t> proven;
  while (!plan.finished()) {
    while (auto commit = plan.next_commit()) {
      if (commit->batch.outcome == sweep_outcome::proven) proven.push_back(*commit->batch.total);
      plan.on_committed(commit->id, commit_summary{});
    }
    const auto ask = plan.next_request();
    if (!ask) continue;
    // An order every ten seconds; nothing is shown beyond page 60.
    const auto& window = ask->page.window;
    const auto total = (window.length().count() + 9) / 10;
    const auto rows = ask->page.page > 60 ? 0 : std::clamp<std::int64_t>(total - (ask->page.page - 1) * 50, 0, 50);
    auto p = reply_of(total, 0, static_cast<int>(rows));
    for (auto& order : p.orders) order.id += (window.begin - day.begin).count() * 1000 + ask->page.page * 100;
    plan.on_page(ask->id, ask->page.page, std::move(p), now);
  }
  EXPECT_EQ(plan.progress().gaps, 0);
  EXPECT_LE(std::ranges::max(proven), 3000);
  EXPECT_LE(plan.progress().calls, 2 * 61 + 1 + 8640 / 50 + 20) << "two reads in vain, once";
}

TEST(a_sweep, of_nothing_is_finished) {
  quiet_log log;
  const sweep plan("main", sweep_kind::live, {}, {}, log);
  EXPECT_TRUE(plan.finished());
}

}  // namespace
}  // namespace ordersync::sync::sweep
