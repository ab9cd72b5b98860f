// A whole trial whose requests are under way at once: that it ends only when they have, and in which order it asks.
#include "sync/trials/trial.hpp"

#include "sync/flow/request_gate.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <tuple>
#include <utility>
#include <vector>

namespace ordersync::sync::trials {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

const core::second begin{1'714'500'000s};
const core::window month{begin, begin + 24h * 30};

// An honest API with an order an hour, the oldest first; its replies are as many turns of the loop away as the test
// says.
struct trial_at_once : ::testing::Test {
  asio::io_context io;
  double per_second = 1'000'000;  // what the gate lets in
  int burst = 100;
  int in_flight = 100;
  std::unique_ptr<flow::request_gate> gate;
  evidence::evidence known;
  std::vector<page_request> asked;
  std::vector<std::size_t> answered_before;  // replies when each of them was sent
  std::size_t answered = 0;
  int under_way = 0;
  int most_under_way = 0;
  int turns = 5;
  std::size_t hang_after = 1'000;   // requests from this one on are not answered
  std::size_t break_at = 1'000;     // this one throws
  std::size_t refuse_from = 1'000;  // and these are refused
  std::optional<core::result<trial_report>> report;
  std::exception_ptr thrown;
  asio::cancellation_signal cancel;

  struct counted {
    counted(int& of, int& most) : of_(of) { most = std::max(most, ++of_); }
    counted(const counted&) = delete;
    counted& operator=(const counted&) = delete;
    ~counted() { --of_; }
    int& of_;
  };

  static page listed(const page_request& of) {
    page reply;
    for (std::int64_t i = 0; i < 24 * 30; ++i) {
      const auto at = begin + i * 1h + 7s;
      const int status = static_cast<int>(1 + i % 8);
      if (at < of.window.begin || at >= of.window.end || (of.status && *of.status != status)) continue;
      if (reply.total++ >= of.page_size) continue;
      auto& order = reply.orders.emplace_back();
      order.id = i + 1;
      order.created_at = at;
      order.order_status = status;
    }
    return reply;
  }

  asio::awaitable<core::result<page>> answer(page_request request) {
    const auto pass = co_await gate->enter(flow::urgency::backfill, "main");
    asked.push_back(request);
    answered_before.push_back(answered);
    const auto number = asked.size();
    const counted here(under_way, most_under_way);
    if (number >= hang_after) {
      asio::steady_timer forever(io, std::chrono::steady_clock::time_point::max());
      co_await forever.async_wait(asio::use_awaitable);
    }
    auto reply = listed(request);
    for (int i = 0; i < turns; ++i) co_await asio::post(asio::use_awaitable);
    ++answered;
    if (number == break_at) throw std::logic_error("a defect");
    if (number >= refuse_from) co_return core::make_error(core::failure::refused, "no such key");
    co_return reply;
  }

  void start(int together) {
    const flow::admission_rules rules{.per_second = per_second, .burst = burst, .in_flight = in_flight};
    gate = std::make_unique<flow::request_gate>(io.get_executor(), rules);
    const auto run = [](trial_at_once& test, int at_once) -> asio::awaitable<core::result<trial_report>> {
      page_fetcher fetcher = [&test](page_request request) { return test.answer(std::move(request)); };
      const auto now = [] { return core::instant{month.end + 5s}; };
      trial whole(std::move(fetcher), now, test.known, {.together = at_once});
      std::vector<evidence::witness> none;
      co_return co_await whole.all(month, std::move(none));
    };
    auto ended = [this](std::exception_ptr why, core::result<trial_report> found) {
      // Nothing that it has begun may outlive it.
      EXPECT_EQ(under_way, 0);
      thrown = std::move(why);
      if (!thrown) report = std::move(found);
    };
    asio::co_spawn(io, run(*this, together), asio::bind_cancellation_slot(cancel.slot(), std::move(ended)));
  }
  void run(int together) {
    start(together);
    io.run();
  }
};

TEST_F(trial_at_once, sends_so_many_requests_at_once_once_the_first_is_answered) {
  run(4);
  ASSERT_TRUE(report && report->has_value());
  EXPECT_EQ((*report)->open, "");
  EXPECT_EQ(most_under_way, 4);
  EXPECT_EQ(static_cast<std::size_t>((*report)->calls), asked.size());
}

TEST_F(trial_at_once, sends_no_more_of_an_honest_api_than_one_by_one) {
  run(1);
  EXPECT_EQ(most_under_way, 1);
  const auto key = [](const page_request& a) { return std::tuple{a.window, a.status, a.page}; };
  const auto before = [&](const page_request& a, const page_request& b) { return key(a) < key(b); };
  auto one_by_one = std::exchange(asked, {});
  known = evidence::evidence{};
  io.restart();
  run(4);
  std::ranges::sort(one_by_one, before);
  std::ranges::sort(asked, before);
  EXPECT_TRUE(std::ranges::equal(asked, one_by_one, {}, key, key)) << asked.size() << " and " << one_by_one.size();
}

TEST_F(trial_at_once, is_within_what_the_gate_lets_in) {
  in_flight = 2;
  run(4);
  EXPECT_EQ(most_under_way, 2);
}

TEST_F(trial_at_once, never_sends_more_than_the_rate_allows) {
  per_second = 200;
  burst = 1;
  const auto begun = std::chrono::steady_clock::now();
  run(4);
  EXPECT_GE(std::chrono::steady_clock::now() - begun, 5ms * (asked.size() - 1));
}

TEST_F(trial_at_once, asks_for_the_list_of_all_when_those_of_each_status_are_answered) {
  run(4);
  // The first of the whole range without a status opens the trial.
  std::vector<std::size_t> of_all;
  std::size_t last_of_status = 0;
  for (std::size_t i = 0; i < asked.size(); ++i) {
    if (asked[i].window != month) continue;
    if (asked[i].status)
      last_of_status = i;
    else
      of_all.push_back(i);
  }
  ASSERT_GE(of_all.size(), 2u);
  EXPECT_GT(of_all[1], last_of_status);
  EXPECT_GT(answered_before[of_all[1]], last_of_status);
}

TEST_F(trial_at_once, one_that_fails_ends_those_beside_it_before_it_returns) {
  refuse_from = 2;
  hang_after = 3;
  run(4);
  ASSERT_TRUE(report);
  ASSERT_TRUE(report->has_error());
  EXPECT_EQ(report->error().what, "no such key");
}

TEST_F(trial_at_once, a_request_that_fails_says_nothing_of_the_order_that_it_asked_for) {
  refuse_from = 2;
  run(1);
  ASSERT_TRUE(report);
  EXPECT_TRUE(report->has_error());
  EXPECT_EQ(asked.size(), 2u) << "it looked where else the order might be";
  EXPECT_TRUE(known.finished()) << "it was taken for gone";
}

TEST_F(trial_at_once, a_defect_in_one_ends_those_beside_it_before_it_is_thrown) {
  break_at = 3;
  hang_after = 4;
  run(4);
  ASSERT_TRUE(thrown);
  EXPECT_THROW(std::rethrow_exception(thrown), std::logic_error);
}

TEST_F(trial_at_once, cancelled_it_ends_its_requests_before_it_ends) {
  hang_after = 2;
  start(4);
  while (under_way < 4) io.run_one();
  cancel.emit(asio::cancellation_type::terminal);
  io.run();
  ASSERT_TRUE(thrown);
  EXPECT_THROW(std::rethrow_exception(thrown), boost::system::system_error);
}

}  // namespace
}  // namespace ordersync::sync::trials
