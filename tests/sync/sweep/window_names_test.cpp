// From a window's name in the log all that befell it can be read: each request that failed, each read, each part, to
// the commit.

#include "support/recorded_log.hpp"
#include "sync/sweep/sweep_runner.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <deque>
#include <string>

namespace ordersync::sync::sweep {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

const core::window day{core::second{0s}, core::second{24h}};

page counted(std::int64_t total, std::int64_t rows) {
  page p;
  p.total = total;
  for (std::int64_t i = 0; i < rows; ++i) p.orders.emplace_back().id = i + 1;
  return p;
}

// Answers a window by its name, each time with the next of its replies; with an empty page where nothing is left.
struct api_by_window : order_source {
  std::map<std::string, std::deque<core::result<page>>> replies;

  asio::awaitable<core::result<page>> fetch(page_request ask, std::chrono::steady_clock::time_point) override {
    auto& of = replies[ask.window_name];
    if (of.empty()) co_return counted(0, 0);
    auto reply = std::move(of.front());
    of.pop_front();
    co_return reply;
  }
  asio::awaitable<core::result<page>> look_up(std::string, core::window, std::chrono::steady_clock::time_point,
                                              std::function<void()>) override {
    throw std::logic_error("a sweep looks nothing up");
  }
  void close() noexcept override {}
};

struct store_of_gaps : order_store {
  commit_summary answer;
  asio::awaitable<core::result<commit_summary>> commit(window_batch) override { co_return answer; }
};

struct window_names : ::testing::Test {
  asio::io_context io;
  test_support::recorded_log log;
  api_by_window source;
  store_of_gaps store;
  flow::request_gate turns{io.get_executor(), {.per_second = 10'000, .burst = 100, .in_flight = 1}};
  sweep_runner_rules rules{.request_timeout = 1s, .retries = {.tries = 3, .first_ceiling = 1ms, .last_ceiling = 1ms}};
  core::window range = day;

  void perform(sweep_label label = {.number = 17, .job = 4}) {
    sweep plan{
        "main", sweep_kind::backfill, {{range.begin - 1h, range.begin}, range}, {.windows = 1, .requests = 1}, log,
        label};
    sweep_runner performer{io.get_executor(),
                           {source, store, turns, log, [] { return core::instant{}; }, [] { return std::uint64_t{7}; }},
                           rules};
    std::exception_ptr thrown;
    asio::co_spawn(io, performer.perform(plan, "main"), [&](std::exception_ptr e) { thrown = e; });
    io.run();
    if (thrown) std::rethrow_exception(thrown);
  }
  std::string line(const std::string& part) const {
    const auto lines = log.lines();
    const auto at = std::ranges::find_if(lines, [&](const auto& l) { return l.find(part) != std::string::npos; });
    return at == lines.end() ? "" : *at;
  }
  // The events of the window of that name and of its parts, in the order in which they were logged.
  std::vector<std::string> story_of(const std::string& window) const {
    std::vector<std::string> story;
    const auto name = " window=" + window;
    for (const auto& line : log.lines()) {
      const auto at = line.find(name);
      if (at == std::string::npos || std::isdigit(static_cast<unsigned char>(line[at + name.size()])) != 0) continue;
      story.push_back(test_support::recorded_log::event_of(line));
    }
    return story;
  }
};

TEST_F(window_names, follow_one_window_from_the_first_request_to_the_commit) {
  source.replies["17-2"] = {core::make_error(core::failure::unreachable, "reset"), counted(3, 3)};
  perform();
  EXPECT_THAT(story_of("17-2"), ElementsAre("window_begun", "request_retry", "window_stored"));
  EXPECT_THAT(line("request_retry"),
              HasSubstr("account=main window=17-2 range=1970-01-01T00:00:00Z/1970-01-02T00:00:00Z "
                        "kind=backfill job=4 page=1 attempt=2 wait="));
  EXPECT_THAT(line("window_stored account=main window=17-2"), HasSubstr("outcome=proven"));
}

TEST_F(window_names, lead_from_retry_over_split_to_gap) {
  range = {day.begin, day.begin + 2s};
  source.replies["17-2"].emplace_back(core::make_error(core::failure::overloaded, "429"));
  for (const auto* window : {"17-2", "17-2.2"})
    for (int i = 0; i < 20; ++i) source.replies[window].emplace_back(counted(5, 3));
  perform();
  const auto story = story_of("17-2");
  EXPECT_THAT(story, ElementsAre("window_begun", "request_retry", "window_read_again", "window_split", "window_stored",
                                 "window_begun", "window_stored", "window_begun", "window_read_again",
                                 "window_read_again", "window_stored", "window_gap"));
  EXPECT_THAT(story_of("17-2.1"), ElementsAre("window_begun", "window_stored"));
  EXPECT_THAT(story_of("17-1"), ElementsAre("window_begun", "window_stored"));
  EXPECT_THAT(line("window_gap"),
              HasSubstr("window=17-2.2 range=1970-01-01T00:00:01Z/1970-01-01T00:00:02Z kind=backfill job=4 "
                        "outcome=unproven reason=the API counts 5 orders but returned 3"));
}

TEST_F(window_names, are_kept_by_parts_that_are_cut_without_being_asked_for) {
  source.replies["17-2"] = {counted(50'000, 50)};
  source.replies["17-2.1"] = {
      counted(40'000, 50)};  // crowded: it is cut in two, and the left part gives the count of the right one
  source.replies["17-2.1.1"] = {counted(10, 10)};
  perform();
  EXPECT_THAT(log.lines(), Contains(HasSubstr("window_split account=main window=17-2.1.2 ")));
  EXPECT_EQ(story_of("17-2.1.2").at(0), "window_split");
  EXPECT_EQ(story_of("17-2.1.2").at(1), "window_begun");
}

TEST_F(window_names, of_a_sweep_begin_with_its_number_and_its_own_lines_show_that) {
  perform({.number = 3});
  EXPECT_THAT(log.lines().front(), HasSubstr("sweep_started account=main sweep=3 kind=backfill length=90000"));
  EXPECT_THAT(log.lines().back(),
              HasSubstr("sweep_ended account=main sweep=3 kind=backfill outcome=proven requests=2"));
}

TEST_F(window_names, are_logged_with_what_was_found) {
  store.answer.quarantined = 2;
  store.answer.drifted = 1;
  perform();
  EXPECT_THAT(line("values_quarantined"), HasSubstr("window=17-1 "));
  EXPECT_THAT(line("values_quarantined"), HasSubstr(" quarantined=2"));
  EXPECT_THAT(line("schema_drifted"), HasSubstr(" fields=1"));
}

TEST_F(window_names, of_values_of_accepted_kinds_are_reported_apart_from_the_warning) {
  store.answer.quarantined = 5;
  store.answer.accepted = 3;
  perform();
  EXPECT_THAT(line("warning values_quarantined"), HasSubstr(" quarantined=2"));
  EXPECT_THAT(line("info accepted_values_quarantined"), HasSubstr(" quarantined=3"));
}

TEST_F(window_names, of_values_that_are_all_accepted_are_in_no_warning) {
  store.answer.quarantined = 3;
  store.answer.accepted = 3;
  perform();
  EXPECT_EQ(log.count("values_quarantined"), 0);
  EXPECT_GT(log.count("accepted_values_quarantined"), 0);
}

TEST_F(window_names, end_in_a_reason_when_the_api_is_given_up) {
  for (int i = 0; i < 3; ++i)
    source.replies["17-1"].emplace_back(core::make_error(core::failure::unreachable, "reset"));
  perform();
  EXPECT_THAT(story_of("17-1"),
              ElementsAre("window_begun", "request_retry", "request_retry", "window_stored", "window_gap"));
  EXPECT_THAT(line("window_gap"), HasSubstr("outcome=failed reason=reset"));
  EXPECT_THAT(log.lines().back(), HasSubstr("outcome=stopped"));
}

TEST_F(window_names, end_of_failures_is_logged_with_its_length_and_tries) {
  source.replies["17-1"] = {core::make_error(core::failure::unreachable, "reset"),
                            core::make_error(core::failure::unreachable, "reset"), counted(0, 0)};
  perform();
  EXPECT_THAT(line("api_back"), HasSubstr("api_back account=main attempts=2 lasted="));
  EXPECT_EQ(log.count("api_back"), 1);
}

}  // namespace
}  // namespace ordersync::sync::sweep
