// Which reads have nothing to say any more, and that no answer changes without them.
#include "store/coverage/superseded_reads.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

namespace ordersync::store::coverage {
namespace {

using namespace std::chrono_literals;

const core::second base{std::chrono::sys_days{std::chrono::year{2024} / 5 / 7}};

core::window span(int begin, int end) {
  return {base + std::chrono::seconds{begin}, base + std::chrono::seconds{end}};
}

proven_read read_of(core::window w, int started, int finished, bool saw_orders = false) {
  return {.scope = "s",
          .range = w,
          .proven = w,
          .started_at = base + std::chrono::seconds{started},
          .finished_at = base + std::chrono::seconds{finished},
          .saw_orders = saw_orders};
}

// Whether the mirror has orders created at these seconds.
struct superseded : ::testing::Test {
  std::set<int> orders;
  superseded_reads reads;

  bool gone(const proven_read& r) {
    return reads.is_superseded(r, [&](const core::window& w) {
      return std::ranges::any_of(orders, [&](int t) { return w.contains(base + std::chrono::seconds{t}); });
    });
  }
};

TEST_F(superseded, is_a_read_whose_whole_range_was_proven_again_later) {
  reads.keep(read_of(span(0, 60), 500, 501));
  reads.keep(read_of(span(60, 100), 490, 491));
  EXPECT_TRUE(gone(read_of(span(10, 100), 100, 101)));
  EXPECT_FALSE(gone(read_of(span(10, 101), 100, 101)));
}

TEST_F(superseded, is_not_a_read_that_had_not_ended_when_the_later_one_began) {
  reads.keep(read_of(span(0, 60), 500, 510));
  EXPECT_FALSE(gone(read_of(span(0, 60), 490, 500)));
  EXPECT_TRUE(gone(read_of(span(0, 60), 490, 499)));
}

TEST_F(superseded, is_not_a_read_of_another_scope) {
  auto other = read_of(span(0, 60), 500, 501);
  other.scope = "other";
  reads.keep(other);
  EXPECT_FALSE(gone(read_of(span(0, 60), 100, 101)));
}

TEST_F(superseded, is_not_a_read_of_more_than_it_could_prove_where_the_rest_is_not_proven_later) {
  reads.keep(read_of(span(0, 60), 500, 501));
  auto cut = read_of(span(0, 70), 100, 101);
  cut.proven = span(0, 60);
  EXPECT_FALSE(gone(cut));
}

TEST_F(superseded, is_not_a_read_that_may_have_shown_an_order_last) {
  orders = {30};
  reads.keep(read_of(span(0, 60), 500, 501, false));
  EXPECT_FALSE(gone(read_of(span(0, 60), 100, 101, true)));
  orders = {};
  EXPECT_TRUE(gone(read_of(span(0, 60), 90, 91, true)));
}

// For each second: the latest proof by its beginning and by its end, and the last read that showed an order there.
struct latest {
  core::instant started{}, finished{}, shown{};
  friend bool operator==(const latest&, const latest&) = default;
};

std::vector<latest> answers(const std::vector<proven_read>& reads, const std::set<int>& orders) {
  std::vector<latest> all(100);
  for (int t = 0; t < 100; ++t) {
    const auto at = base + std::chrono::seconds{t};
    auto& of = all[static_cast<std::size_t>(t)];
    for (const auto& r : reads) {
      if (r.proven.contains(at)) of.started = std::max(of.started, r.started_at);
      if (r.proven.contains(at)) of.finished = std::max(of.finished, r.finished_at);
      if (r.saw_orders && orders.contains(t) && r.range.contains(at)) of.shown = std::max(of.shown, r.finished_at);
    }
  }
  return all;
}

TEST_F(superseded, reads_change_no_answer_in_any_of_a_thousand_mirrors) {
  std::size_t gone_in_all = 0;
  for (unsigned seed = 0; seed < 1'000; ++seed) {
    std::mt19937 random(seed);
    const auto below = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
    orders.clear();
    for (int i = 0; i < 5; ++i) orders.insert(below(100));
    std::vector<proven_read> all;
    for (int i = 0; i < 60; ++i) {
      const int begin = below(90);
      const auto w = span(begin, begin + 1 + below(100 - begin));
      auto r = read_of(w, 1'000 + i * 10 + below(15), 0, below(3) > 0);
      r.finished_at = r.started_at + std::chrono::seconds{below(20)};
      if (below(5) == 0) r.proven.end = r.proven.begin + (r.proven.end - r.proven.begin) / 2;
      all.push_back(r);
    }
    std::ranges::sort(all, std::greater{}, &proven_read::finished_at);
    reads = {};
    std::vector<proven_read> kept;
    for (const auto& r : all) {
      if (gone(r)) continue;
      reads.keep(r);
      kept.push_back(r);
    }
    gone_in_all += all.size() - kept.size();
    ASSERT_EQ(answers(kept, orders), answers(all, orders)) << "seed " << seed;
  }
  EXPECT_GT(gone_in_all, 20'000U);
}

}  // namespace
}  // namespace ordersync::store::coverage
