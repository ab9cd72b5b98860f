// The coroutine that performs a sweep, over a made-up source and store, in real time of a few milliseconds.

#include "sync/sweep/sweep_runner.hpp"

#include "support/recorded_log.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gtest/gtest.h>

#include <deque>
#include <string>

namespace ordersync::sync::sweep {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

const core::window day{core::second{0s}, core::second{24h}};
const core::window next_day{core::second{48h}, core::second{72h}};

struct scripted_source : order_source {
  std::deque<core::result<page>> replies;
  std::function<void()> when_asked = [] {};
  bool hangs = false;
  bool at_once = true;
  int asked = 0;

  asio::awaitable<core::result<page>> fetch(page_request, std::chrono::steady_clock::time_point) override {
    ++asked;
    when_asked();
    if (hangs) {
      asio::steady_timer forever(co_await asio::this_coro::executor, std::chrono::steady_clock::time_point::max());
      co_await forever.async_wait(asio::use_awaitable);
    }
    if (!at_once) co_await asio::post(asio::use_awaitable);
    if (replies.empty()) throw std::logic_error("asked more often than the test says");
    auto reply = std::move(replies.front());
    replies.pop_front();
    co_return reply;
  }
  asio::awaitable<core::result<page>> look_up(std::string, core::window, std::chrono::steady_clock::time_point,
                                              std::function<void()>) override {
    throw std::logic_error("a sweep looks nothing up");
  }
  void close() noexcept override {}
};

struct memory_store : order_store {
  std::vector<window_batch> batches;
  asio::awaitable<core::result<commit_summary>> commit(window_batch batch) override {
    batches.push_back(std::move(batch));
    co_return commit_summary{};
  }
};

page reply(std::int64_t total) {
  page p;
  p.total = total;
  for (std::int64_t i = 0; i < total; ++i) p.orders.emplace_back().id = i + 1;
  return p;
}

struct performing : ::testing::Test {
  asio::io_context io;
  test_support::recorded_log log;
  scripted_source source;
  memory_store store;
  flow::request_gate turns{io.get_executor(), {.per_second = 1000, .burst = 10, .in_flight = 4}};
  sweep_runner_rules rules{.request_timeout = 1s, .retries = {.tries = 3, .first_ceiling = 1ms, .last_ceiling = 2ms}};
  sweep plan{"main", sweep_kind::backfill, {day}, {}, log};
  sweep_runner performer{io.get_executor(),
                         {source, store, turns, log, [] { return core::instant{}; }, [] { return std::uint64_t{7}; }},
                         rules};

  void perform() {
    std::exception_ptr thrown;
    asio::co_spawn(io, performer.perform(plan, "main"), [&](std::exception_ptr e) { thrown = e; });
    io.run();
    if (thrown) std::rethrow_exception(thrown);
  }
};

TEST_F(performing, a_window_goes_from_source_to_store) {
  source.replies.push_back(reply(3));
  perform();
  ASSERT_EQ(store.batches.size(), 1u);
  EXPECT_EQ(store.batches[0].outcome, sweep_outcome::proven);
  EXPECT_EQ(store.batches[0].orders.size(), 3u);
  EXPECT_TRUE(plan.finished());
}

TEST_F(performing, a_request_that_failed_is_sent_again_and_logged_once_each_time) {
  source.replies.push_back(core::make_error(core::failure::unreachable, "reset"));
  source.replies.push_back(core::make_error(core::failure::overloaded, "429"));
  source.replies.push_back(reply(1));
  perform();
  EXPECT_EQ(log.count("request_retry"), 2);
  EXPECT_EQ(store.batches.at(0).outcome, sweep_outcome::proven);
}

TEST_F(performing, it_gives_up_after_its_tries_and_says_why) {
  for (int i = 0; i < 3; ++i) source.replies.push_back(core::make_error(core::failure::unreachable, "reset"));
  perform();
  ASSERT_TRUE(plan.stopped_by().has_value());
  EXPECT_EQ(plan.stopped_by()->kind, core::failure::unreachable);
  EXPECT_EQ(source.asked, 3);
}

TEST_F(performing, a_daemon_outlasts_an_api_that_is_away) {
  rules.retries.outlast = true;
  sweep_runner retrying{io.get_executor(),
                        {source, store, turns, log, [] { return core::instant{}; }, [] { return std::uint64_t{7}; }},
                        rules};
  for (int i = 0; i < 30; ++i) source.replies.push_back(core::make_error(core::failure::unreachable, "away"));
  source.replies.push_back(reply(2));
  std::exception_ptr thrown;
  asio::co_spawn(io, retrying.perform(plan, "main"), [&](std::exception_ptr e) { thrown = e; });
  io.run();
  EXPECT_FALSE(thrown);
  EXPECT_FALSE(plan.stopped_by().has_value());
  EXPECT_EQ(store.batches.at(0).outcome, sweep_outcome::proven);
}

TEST_F(performing, a_daemon_leaves_no_gap_while_its_credentials_are_refused) {
  rules.retries.outlast = true;
  sweep_runner retrying{io.get_executor(),
                        {source, store, turns, log, [] { return core::instant{}; }, [] { return std::uint64_t{7}; }},
                        rules};
  for (int i = 0; i < 5; ++i)
    source.replies.push_back(core::make_error(core::failure::refused, "the secret was reset"));
  source.replies.push_back(reply(2));
  asio::co_spawn(io, retrying.perform(plan, "main"), [&](std::exception_ptr e) { EXPECT_FALSE(e); });
  io.run();
  EXPECT_FALSE(plan.stopped_by().has_value());
  EXPECT_EQ(plan.progress().gaps, 0);
  ASSERT_EQ(store.batches.size(), 1u);
  EXPECT_EQ(store.batches[0].outcome, sweep_outcome::proven);
}

core::error unknown_refusal(const char* what = "code 40010") {
  auto error = core::make_error(core::failure::unusable_reply, what);
  error.remedy = core::remedy::ask_less;
  return error;
}

// Two days, each in a request of its own, sent together.
struct performing_two : performing {
  flow::request_gate shared{io.get_executor(), {.per_second = 1000, .burst = 10, .in_flight = 4, .quiet = 20ms}};
  sweep both{"main",
             sweep_kind::backfill,
             {day, next_day},
             {.failing = {.reads_before_giving_up = 1, .refusals_before_giving_up = 0}},
             log};
  sweep_runner pair{io.get_executor(),
                    {source, store, shared, log, [] { return core::instant{}; }, [] { return std::uint64_t{7}; }},
                    rules};

  void perform_both() {
    source.at_once = false;
    std::exception_ptr thrown;
    asio::co_spawn(io, pair.perform(both, "main"), [&](std::exception_ptr e) { thrown = e; });
    io.run();
    if (thrown) std::rethrow_exception(thrown);
  }
  int retries() const { return log.count("request_retry"); }
};

TEST_F(performing_two, a_refusal_that_goes_when_the_load_goes_is_taken_for_throttling) {
  for (int i = 0; i < 2; ++i) source.replies.push_back(unknown_refusal());
  for (int i = 0; i < 2; ++i) source.replies.push_back(reply(1));
  perform_both();
  EXPECT_EQ(both.progress().gaps, 0);
  EXPECT_EQ(store.batches.size(), 2U);
  EXPECT_EQ(source.asked, 4);
  EXPECT_EQ(retries(), 2);
  EXPECT_TRUE(shared.load().found_per_second.has_value());
}

TEST_F(performing_two, a_refusal_that_stays_without_the_load_is_given_back_and_slows_nothing) {
  for (int i = 0; i < 3; ++i) source.replies.push_back(unknown_refusal());  // two, and one trial for both
  perform_both();
  EXPECT_EQ(source.asked, 3);
  EXPECT_EQ(retries(), 0);
  EXPECT_EQ(both.progress().gaps, 2);
  EXPECT_EQ(shared.load().found_per_second, std::nullopt);
}

TEST_F(performing_two, every_text_of_a_refusal_has_a_trial_of_its_own) {
  source.replies.push_back(unknown_refusal("code 1"));
  source.replies.push_back(unknown_refusal("code 2"));
  source.replies.push_back(unknown_refusal("code 1"));
  source.replies.push_back(reply(1));
  perform_both();
  EXPECT_EQ(source.asked, 4);
  EXPECT_EQ(both.progress().gaps, 1);
}

TEST_F(performing_two, a_trial_can_be_stopped) {
  for (int i = 0; i < 2; ++i) source.replies.push_back(unknown_refusal());
  source.when_asked = [&] {
    source.hangs = source.asked == 3;
    if (source.hangs) asio::post(io, [&] { pair.stop(); });
  };
  perform_both();
  EXPECT_EQ(source.asked, 3);
  EXPECT_TRUE(both.finished());
}

TEST_F(performing, a_refusal_of_a_request_that_was_alone_has_no_trial) {
  sweep once{"main",
             sweep_kind::backfill,
             {day},
             {.failing = {.reads_before_giving_up = 1, .refusals_before_giving_up = 0}},
             log};
  source.replies.push_back(unknown_refusal());
  asio::co_spawn(io, performer.perform(once, "main"), [&](std::exception_ptr e) { EXPECT_FALSE(e); });
  io.run();
  EXPECT_EQ(source.asked, 1);
  EXPECT_EQ(once.progress().gaps, 1);
}

TEST_F(performing, stop_abandons_a_request_that_hangs) {
  source.hangs = true;
  source.when_asked = [&] { asio::post(io, [&] { performer.stop(); }); };
  perform();
  EXPECT_TRUE(plan.finished());
  EXPECT_TRUE(store.batches.empty());
}

TEST_F(performing, a_defect_in_a_task_comes_out) {
  EXPECT_THROW(perform(), std::logic_error);
}

}  // namespace
}  // namespace ordersync::sync::sweep
