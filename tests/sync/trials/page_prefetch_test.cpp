// Requests that are sent before a trial comes to them: how many at once, in which order, and what becomes of those that
// nobody takes.
#include "sync/trials/page_prefetch.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gtest/gtest.h>

#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace ordersync::sync::trials {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

page_request page_number(int number) {
  return {.window = {core::second{0s}, core::second{60s}}, .page = number};
}

// Replies wait until the test lets them go.
struct page_prefetching : ::testing::Test {
  asio::io_context io;
  std::vector<int> sent;  // page numbers
  int under_way = 0;
  std::multimap<int, asio::steady_timer*> held;
  int broken = 0;  // that page throws
  core::instant now{};
  page_prefetch ahead{io.get_executor(), [this](page_request asked) { return answer(asked.page); },
                      [this] { return now; }, 3};

  struct counted {
    explicit counted(int& of) : of_(of) { ++of_; }
    counted(const counted&) = delete;
    counted& operator=(const counted&) = delete;
    ~counted() { --of_; }
    int& of_;
  };

  asio::awaitable<core::result<page>> answer(int number) {
    sent.push_back(number);
    const counted here(under_way);
    asio::steady_timer until(io, std::chrono::steady_clock::time_point::max());
    const auto at = held.emplace(number, &until);
    co_await until.async_wait(asio::as_tuple(asio::use_awaitable));
    held.erase(at);
    if (number == broken) throw std::logic_error("a defect");
    const auto cancelled = (co_await asio::this_coro::cancellation_state).cancelled();
    if (cancelled != asio::cancellation_type::none) throw boost::system::system_error(asio::error::operation_aborted);
    co_return page{.total = number};
  }

  void start(const std::vector<int>& numbers, bool last_after_others = false) {
    std::vector<page_prefetch::planned> next;
    for (const int number : numbers)
      next.push_back({page_number(number), last_after_others && number == numbers.back()});
    ahead.start(std::move(next));
    io.poll();
  }
  void let_go(int number) {
    held.find(number)->second->cancel();
    io.poll();
  }
  // What take() gave: the page's total, -1 where it gave none, a word where it threw.
  std::string taken;
  void take(int number) {
    taken.clear();
    const auto run = [](page_prefetching& test, page_request wanted) -> asio::awaitable<void> {
      const auto got = co_await test.ahead.take(wanted);
      test.taken = got ? std::to_string(got->reply->total) : "none";
    };
    asio::co_spawn(io, run(*this, page_number(number)), [this](const std::exception_ptr& thrown) {
      if (thrown) taken = "threw";
    });
    io.restart();
    io.poll();
  }
  std::string ended;
  void end() {
    asio::co_spawn(io, ahead.end(), [this](const std::exception_ptr& thrown) { ended = thrown ? "threw" : "ended"; });
    io.restart();
    io.poll();
  }
  void TearDown() override {
    end();
    EXPECT_FALSE(ended.empty());
    EXPECT_EQ(under_way, 0);
  }
};

TEST_F(page_prefetching, sends_so_many_at_once_in_their_order_and_the_next_when_one_is_answered) {
  start({1, 2, 3, 4, 5});
  EXPECT_EQ(sent, (std::vector{1, 2, 3}));
  let_go(2);
  EXPECT_EQ(sent, (std::vector{1, 2, 3, 4}));
  EXPECT_EQ(ahead.calls(), 4);
}

TEST_F(page_prefetching, gives_each_reply_to_whom_it_belongs_in_whatever_order_they_come) {
  start({1, 2});
  take(1);
  EXPECT_EQ(taken, "");
  let_go(2);
  EXPECT_EQ(taken, "");
  let_go(1);
  EXPECT_EQ(taken, "1");
  take(2);
  EXPECT_EQ(taken, "2");
}

TEST_F(page_prefetching, sends_one_that_comes_after_others_only_when_all_before_it_are_answered) {
  start({1, 2, 3}, true);
  EXPECT_EQ(sent, (std::vector{1, 2}));
  let_go(1);
  EXPECT_EQ(sent, (std::vector{1, 2}));
  let_go(2);
  EXPECT_EQ(sent, (std::vector{1, 2, 3}));
}

TEST_F(page_prefetching, a_reply_is_taken_once_so_that_what_is_asked_twice_is_sent_twice) {
  start({1});
  let_go(1);
  take(1);
  EXPECT_EQ(taken, "1");
  take(1);
  EXPECT_EQ(taken, "none");
}

TEST_F(page_prefetching, one_that_nobody_expected_ends_all_others) {
  start({1, 2, 3, 4});
  take(9);
  EXPECT_EQ(taken, "none");
  EXPECT_EQ(under_way, 0);
  EXPECT_EQ(sent, (std::vector{1, 2, 3})) << "the fourth was not sent any more";
  take(1);
  EXPECT_EQ(taken, "none");
}

TEST_F(page_prefetching, a_reply_that_is_too_old_is_not_taken) {
  start({1});
  let_go(1);
  now += 10s;
  now += 1ms;
  take(1);
  EXPECT_EQ(taken, "none");
}

TEST_F(page_prefetching, end_returns_when_nothing_is_under_way_any_more) {
  start({1, 2, 3, 4});
  EXPECT_EQ(under_way, 3);
  end();
  EXPECT_EQ(ended, "ended");
  EXPECT_EQ(under_way, 0);
}

TEST_F(page_prefetching, a_defect_is_thrown_to_whom_takes_next) {
  start({1, 2});
  broken = 2;
  let_go(2);
  take(1);
  EXPECT_EQ(taken, "threw");
}

TEST_F(page_prefetching, a_defect_that_nobody_has_met_is_thrown_at_the_end) {
  start({1, 2});
  broken = 2;
  let_go(2);
  end();
  EXPECT_EQ(ended, "threw");
  EXPECT_EQ(under_way, 0);
}

}  // namespace
}  // namespace ordersync::sync::trials
