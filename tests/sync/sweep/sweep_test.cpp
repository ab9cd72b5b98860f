#include "sync/sweep/sweep.hpp"

#include <gtest/gtest.h>

#include <algorithm>

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

TEST(a_sweep, of_nothing_is_finished) {
  quiet_log log;
  const sweep plan("main", sweep_kind::live, {}, {}, log);
  EXPECT_TRUE(plan.finished());
}

}  // namespace
}  // namespace ordersync::sync::sweep
