#include "sync/sweep/failed_reads.hpp"

#include <gtest/gtest.h>

namespace ordersync::sync::sweep {
namespace {

using namespace std::chrono_literals;

const core::second zero{0s};
const core::window day{zero, zero + 24h};
const core::window second{zero, zero + 1s};

window_reader begun(const core::window& w, window_reader::mode how = window_reader::mode::careful) {
  window_reader reader{w, {.page_size = 50}, w.length() > 1s};
  reader.begin(how);
  return reader;
}
// Of an API that counts two orders and shows the same one on each page.
window_reader doubtful(const core::window& w, window_reader::mode how = window_reader::mode::careful) {
  auto reader = begun(w, how);
  while (const auto number = reader.next_page()) {
    page reply;
    reply.total = 2;
    reply.orders.emplace_back().id = 1;
    reader.on_page(*number, std::move(reply));
  }
  EXPECT_EQ(reader.concluded(), conclusion::doubtful);
  return reader;
}
window_reader failed(const core::window& w) {
  auto reader = begun(w);
  EXPECT_EQ(reader.next_page(), 1);
  reader.on_failure({core::failure::unusable_reply, "?"});
  EXPECT_EQ(reader.concluded(), conclusion::failed);
  return reader;
}

constexpr failed_read_rules at_once{.reads_before_split = 1,
                                    .reads_before_giving_up = 1,
                                    .doubts_before_giving_up = 1'000,
                                    .refusals_before_giving_up = 1};

TEST(failed_reads, a_window_is_read_again_before_anything_else) {
  failed_reads reads{{}};
  EXPECT_EQ(reads.after_doubtful(doubtful(day), 0), next_step::read_again);
  EXPECT_EQ(reads.after_failed(failed(day), 0), next_step::read_again);
}

TEST(failed_reads, a_second_is_not_split) {
  failed_reads reads{at_once};
  EXPECT_EQ(reads.after_doubtful(doubtful(second), 0), next_step::read_exhaustively);
  EXPECT_EQ(reads.after_doubtful(doubtful(second, window_reader::mode::exhaustive), 0), next_step::leave);
  EXPECT_EQ(reads.after_failed(failed(second), 0), next_step::leave);
}

TEST(failed_reads, nothing_is_split_after_so_many_doubts_in_a_row) {
  failed_reads reads{{.reads_before_split = 1, .doubts_before_giving_up = 3}};
  EXPECT_EQ(reads.after_doubtful(doubtful(day), 0), next_step::split);
  EXPECT_EQ(reads.after_doubtful(doubtful(day), 0), next_step::split);
  reads.agreed();
  EXPECT_EQ(reads.after_doubtful(doubtful(day), 0), next_step::split);
  EXPECT_EQ(reads.after_doubtful(doubtful(day), 0), next_step::split);
  EXPECT_EQ(reads.after_doubtful(doubtful(day), 0), next_step::read_exhaustively);
}

TEST(failed_reads, doubts_may_cost_in_proportion_to_the_orders_seen) {
  failed_reads reads{at_once};
  const auto calls = doubtful(day).pages_of_read();
  for (int cost = calls; cost <= 12 + 60; cost += calls)
    ASSERT_EQ(reads.after_doubtful(doubtful(day), 0), next_step::split) << cost;
  EXPECT_EQ(reads.after_doubtful(doubtful(day), 0), next_step::read_exhaustively);
  EXPECT_EQ(reads.after_doubtful(doubtful(day), 50), next_step::split) << "twelve calls more for a page of orders";
}

TEST(failed_reads, nothing_is_halved_after_so_many_refusals_without_a_page_between_them) {
  failed_reads reads{at_once};
  EXPECT_EQ(reads.after_failed(failed(day), 0), next_step::split);
  reads.answered();
  EXPECT_EQ(reads.after_failed(failed(day), 0), next_step::split);
  EXPECT_EQ(reads.after_failed(failed(day), 0), next_step::leave);
}

}  // namespace
}  // namespace ordersync::sync::sweep
