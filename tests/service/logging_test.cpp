#include "service/logging.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <functional>
#include <regex>
#include <sstream>
#include <string>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace ordersync::service {
namespace {

using core::severity;

std::string stderr_of(const std::function<void()>& work) {
  testing::internal::CaptureStderr();
  work();
  return testing::internal::GetCapturedStderr();
}

std::string written(log_options options, severity level) {
  return stderr_of([&] {
    make_stderr_log(options)->write(level, "window_proven", {{"account", "main"}, {"orders", 12}});
  });
}

TEST(logging, a_line_of_text_has_time_level_event_and_fields) {
  const std::string line = written({}, severity::info);
  const std::regex expected(
      R"(20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d\d\d\+00:00 info window_proven account=main orders=12\n)");
  EXPECT_TRUE(std::regex_match(line, expected)) << line;
}

TEST(logging, text_shows_moments_in_the_zone_and_json_in_utc) {
  const auto written_as = [](log_format format) {
    return stderr_of([&] {
      make_stderr_log({.format = format, .zone = std::chrono::minutes{480}})
          ->write(severity::info, "e", {{"range", "2024-05-07T16:00:00Z/2024-05-07T17:00:00Z"}});
    });
  };
  EXPECT_THAT(written_as(log_format::text), testing::HasSubstr("+08:00 info e"));
  EXPECT_THAT(written_as(log_format::text),
              testing::HasSubstr("range=2024-05-08T00:00:00+08:00/2024-05-08T01:00:00+08:00"));
  EXPECT_THAT(written_as(log_format::json),
              testing::HasSubstr("\"range\":\"2024-05-07T16:00:00Z/2024-05-07T17:00:00Z\""));
}

TEST(logging, a_line_of_json_has_time_level_event_and_fields) {
  const std::string line = written({severity::info, log_format::json, false}, severity::warning);
  ASSERT_EQ(line.back(), '\n');
  boost::json::error_code error;
  const auto json = boost::json::parse(line, error);
  ASSERT_FALSE(error) << line;
  EXPECT_TRUE(std::regex_match(json.at("time").as_string().c_str(), std::regex(R"(20\d\d-\d\d-\d\dT.{12}Z)"))) << line;
  EXPECT_EQ(json.at("level"), "warning");
  EXPECT_EQ(json.at("event"), "window_proven");
  EXPECT_EQ(json.at("account"), "main");
  EXPECT_EQ(json.at("orders"), 12);
}

TEST(logging, a_problem_that_repeats_is_folded_by_event_and_account_where_that_is_asked_for) {
  const auto text = stderr_of([] {
    const auto log = make_stderr_log({.fold = std::chrono::hours{1}});
    for (int i = 0; i < 3; ++i) {
      log->write(severity::warning, "request_retry", {{"account", "main"}, {"attempt", i}});
      log->write(severity::warning, "request_retry", {{"account", "other"}});
      log->write(severity::info, "window_proven", {{"account", "main"}});
    }
  });
  const auto count = [&](std::string_view what) {
    int n = 0;
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++n;
    return n;
  };
  EXPECT_EQ(count("request_retry account=main"), 1);
  EXPECT_EQ(count("request_retry account=other"), 1);
  EXPECT_EQ(count("window_proven"), 3);
}

TEST(logging, each_webhook_that_fails_is_named_and_each_refused_reload_has_its_reason) {
  const auto text = stderr_of([] {
    const auto log = make_stderr_log({.journal = true, .fold = std::chrono::hours{1}});
    for (const auto* webhook : {"ops", "night", "ops"})
      log->write(severity::warning, "alert_failed", {{"webhook", webhook}});
    for (const auto* reason : {"first", "second", "second"})
      log->write(severity::error, "reload_refused", {{"reason", reason}});
  });
  EXPECT_EQ(text,
            "<4>warning alert_failed webhook=ops\n<4>warning alert_failed webhook=night\n"
            "<3>error reload_refused reason=first\n<3>error reload_refused reason=second\n"
            "<3>error reload_refused reason=second\n");
}

TEST(logging, nothing_is_folded_where_details_are_asked_for) {
  const auto text = stderr_of([] {
    const auto log = make_stderr_log({.least = severity::debug, .journal = true, .fold = std::chrono::hours{1}});
    for (int i = 0; i < 2; ++i) log->write(severity::warning, "request_retry", {{"attempt", i}});
  });
  EXPECT_EQ(text, "<4>warning request_retry attempt=0\n<4>warning request_retry attempt=1\n");
}

TEST(logging, the_line_after_the_suppressed_ones_has_their_number) {
  const auto text = stderr_of([] {
    const auto log = make_stderr_log({.format = log_format::json, .journal = true, .fold = std::chrono::hours{1}});
    for (int i = 0; i < 3; ++i) log->write(severity::warning, "request_retry", {});
    log->set({.format = log_format::json, .journal = true, .fold = std::chrono::seconds{0}});
    log->write(severity::warning, "request_retry", {});
  });
  EXPECT_EQ(text,
            "<4>{\"level\":\"warning\",\"event\":\"request_retry\"}\n"
            "<4>{\"level\":\"warning\",\"event\":\"request_retry\",\"repeated\":2}\n");
}

TEST(logging, what_is_said_of_the_database_is_one_problem) {
  const auto text = stderr_of([] {
    const auto log = make_stderr_log({.fold = std::chrono::hours{1}});
    log->write(severity::warning, "database_trouble", {});
    log->write(severity::warning, "database_retry", {});
    log->write(severity::info, "database_back", {});
  });
  EXPECT_NE(text.find("database_trouble"), std::string::npos);
  EXPECT_EQ(text.find("database_retry"), std::string::npos);
  EXPECT_NE(text.find("database_back"), std::string::npos);
}

TEST(logging, the_end_of_an_outage_is_reported_by_who_saw_the_whole_of_it) {
  const auto text = stderr_of([] {
    const auto log = make_stderr_log({.fold = std::chrono::hours{1}});
    log->write(severity::warning, "database_retry", {{"operation", "storing a window"}});
    log->write(severity::warning, "database_trouble", {});
    log->write(severity::info, "database_back", {{"operation", "storing a window"}, {"lasted", "short"}});
    log->write(severity::info, "database_back", {{"lasted", "long"}});
  });
  EXPECT_EQ(text.find("short"), std::string::npos);
  EXPECT_NE(text.find("long"), std::string::npos);
}

TEST(logging, at_the_journal_a_priority_stands_in_place_of_the_time) {
  const auto text = [](severity level) { return written({severity::trace, log_format::text, true}, level); };
  EXPECT_EQ(text(severity::trace), "<7>trace window_proven account=main orders=12\n");
  EXPECT_EQ(text(severity::debug), "<7>debug window_proven account=main orders=12\n");
  EXPECT_EQ(text(severity::info), "<6>info window_proven account=main orders=12\n");
  EXPECT_EQ(text(severity::warning), "<4>warning window_proven account=main orders=12\n");
  EXPECT_EQ(text(severity::error), "<3>error window_proven account=main orders=12\n");
  EXPECT_EQ(written({severity::info, log_format::json, true}, severity::info),
            "<6>{\"level\":\"info\",\"event\":\"window_proven\",\"account\":\"main\",\"orders\":12}\n");
}

TEST(logging, at_a_terminal_a_line_clears_what_stands_where_it_begins) {
  const auto text = written({.terminal = true}, severity::info);
  EXPECT_TRUE(text.starts_with("\r\x1b[K2")) << text;
  EXPECT_EQ(written({}, severity::info).front(), '2');
}

TEST(logging, what_is_less_severe_than_asked_for_is_not_written) {
  const std::vector<severity> all{severity::trace, severity::debug, severity::info, severity::warning, severity::error};
  for (const severity least : all) {
    for (const severity level : all) {
      EXPECT_EQ(written({least, log_format::text, true}, level).empty(), level < least);
    }
  }
}

TEST(logging, braces_and_percent_signs_are_nothing_special) {
  const auto log = make_stderr_log({severity::info, log_format::text, true});
  EXPECT_EQ(stderr_of([&] { log->write(severity::info, "e", {{"a", "{}{0}%s%n"}}); }), "<6>info e a={}{0}%s%n\n");
}

TEST(logging, new_options_hold_from_the_next_event_on) {
  const auto log = make_stderr_log({severity::error, log_format::text, true});
  EXPECT_EQ(stderr_of([&] {
              log->write(severity::info, "before", {});
              log->set({severity::info, log_format::json, true});
              log->write(severity::info, "after", {});
            }),
            "<6>{\"level\":\"info\",\"event\":\"after\"}\n");
}

TEST(logging, lines_of_several_threads_do_not_mix) {
  constexpr int threads = 4, lines = 500;
  const auto log = make_stderr_log({severity::info, log_format::text, true});
  const std::string padding(300, 'x');
  const std::string all = stderr_of([&] {
    std::vector<std::jthread> running;
    for (int t = 0; t < threads; ++t) {
      running.emplace_back([&] {
        for (int i = 0; i < lines; ++i) {
          if (i % 100 == 0) log->set({severity::info, log_format::text, true});
          log->write(severity::info, "e", {{"a", padding}});
        }
      });
    }
  });
  std::istringstream in(all);
  int count = 0;
  for (std::string line; std::getline(in, line); ++count) ASSERT_EQ(line, "<6>info e a=" + padding);
  EXPECT_EQ(count, threads * lines);
}

TEST(logging, a_closed_stderr_loses_the_line_and_nothing_else) {
  EXPECT_EXIT(
      {
        ::close(STDERR_FILENO);
        make_stderr_log({})->write(severity::error, "unheard", {});
        std::_Exit(0);
      },
      testing::ExitedWithCode(0), "");
}

class environment_variable {
 public:
  environment_variable(const char* name, const std::string& value) : name_(name) { ::setenv(name, value.c_str(), 1); }
  ~environment_variable() { ::unsetenv(name_); }
  environment_variable(const environment_variable&) = delete;
  environment_variable& operator=(const environment_variable&) = delete;

 private:
  const char* name_;
};

TEST(logging, the_journal_is_known_by_device_and_inode) {
  struct stat facts {};
  ASSERT_EQ(::fstat(STDERR_FILENO, &facts), 0);
  ::unsetenv("JOURNAL_STREAM");
  EXPECT_FALSE(stderr_is_journal());
  {
    const environment_variable here("JOURNAL_STREAM", fmt::format("{}:{}", facts.st_dev, facts.st_ino));
    EXPECT_TRUE(stderr_is_journal());
  }
  const environment_variable elsewhere("JOURNAL_STREAM", fmt::format("{}:{}", facts.st_dev, facts.st_ino + 1));
  EXPECT_FALSE(stderr_is_journal());
}

}  // namespace
}  // namespace ordersync::service
