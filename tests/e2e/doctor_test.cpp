// `doctor` against vendors that behave in every way that the documentation leaves open, and against what may be wrong
// on this side: it has to find out the truth, and never to take what it could not see for well.

#include "e2e/stage.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <regex>

namespace ordersync::e2e {
namespace {

using ::testing::Test;
using strings = std::vector<std::string>;

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// What doctor reported, by the name of the check.
struct doctor_output {
  finished_process process;
  std::map<std::string, std::string> state, found;
  std::map<std::string, std::string> advice;  // by key
  std::int64_t calls = 0;
  bool cures_complete = true;  // whatever is not ok has a cure, or was skipped

  std::string all() const { return process.out + process.err; }
};

struct doctor : Test {
  stage on;

  void serve(strings more = {}) {
    strings arguments{"--seed",     "3",    "--orders",   "1500",       "--from",
                      "2024-05-01", "--to", "2024-06-01", "--oddities", "0"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    on.start_simulator(std::move(arguments));
  }

  // Orders of the last weeks.
  void serve_lately(strings more) {
    const auto today = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
    const auto date = [](std::chrono::year_month_day of) {
      return fmt::format("{:04}-{:02}-{:02}", int{of.year()}, unsigned{of.month()}, unsigned{of.day()});
    };
    strings arguments{"--seed", "3", "--orders", "1500", "--oddities", "0"};
    arguments.insert(arguments.end(), {"--from", date(today - std::chrono::days{60}), "--to", date(today)});
    arguments.insert(arguments.end(), more.begin(), more.end());
    on.start_simulator(std::move(arguments));
    on.configure();
    on.migrate();
  }

  doctor_output look() {
    doctor_output seen{.process = on.run({"doctor", "--json"})};
    const auto report = boost::json::parse(seen.process.out).as_object();
    for (const auto& one : report.at("checks").as_array()) {
      const auto& check = one.as_object();
      const std::string name(check.at("check").as_string());
      const std::string state(check.at("state").as_string());
      seen.state[name] = state;
      seen.found[name] = std::string(check.at("found").as_string());
      const bool needs_cure = state != "ok" && state != "skipped";
      seen.cures_complete = seen.cures_complete && (!needs_cure || check.at("cure").is_string());
    }
    for (const auto& one : report.at("suggestions").as_array())
      seen.advice[std::string(one.at("key").as_string())] = std::string(one.at("value").as_string());
    seen.calls = report.at("api_calls").as_int64();
    EXPECT_TRUE(seen.cures_complete) << seen.process.out;
    EXPECT_EQ(report.at("exit_code").as_int64(), seen.process.status.code);
    EXPECT_LE(seen.calls, 100);
    return seen;
  }

  void ready(strings more = {}) {
    serve(std::move(more));
    on.configure();
    on.migrate();
  }
};

constexpr std::array every_check{
    "configuration",  "secrets",   "database",      "role",        "encoding",     "schema",         "room",
    "commit_time",    "proxy",     "dns",           "tls",         "api",          "clock",          "credentials",
    "timestamp_unit", "time_zone", "creation_time", "filter_ends", "page_size",    "unused_filters", "known_limits",
    "filter",         "near_now",  "long_ranges",   "counts",      "all_statuses", "workers"};

TEST_F(doctor, finds_everything_well_where_it_is_and_changes_nothing) {
  ready();
  const auto rows =
      "SELECT (SELECT count(*) FROM ordersync.orders) + (SELECT count(*) FROM ordersync.sweeps), count(*) "
      "FROM pg_class";
  const auto before = on.query(rows);
  const auto seen = look();
  EXPECT_EQ(seen.process.status.code, 0) << seen.all();
  for (const auto* name : every_check) EXPECT_EQ(seen.state.at(name), "ok") << name << ": " << seen.found.at(name);
  EXPECT_EQ(seen.state.at("listing"), "unknown");  // the mirror is empty
  EXPECT_EQ(seen.advice, (std::map<std::string, std::string>{{"sync.page_size", "500"}}));
  EXPECT_TRUE(contains(seen.found.at("creation_time"), "uses createTime")) << seen.found.at("creation_time");
  EXPECT_EQ(seen.found.at("filter_ends"), "the begin of a range is included, the end is included");
  EXPECT_EQ(on.query(rows), before);
  EXPECT_FALSE(contains(seen.all(), access_secret));
}

TEST_F(doctor, prints_a_line_a_check_and_the_settings_as_yaml) {
  ready({"--timestamp-unit", "s"});
  const auto done = on.run({"doctor"});
  EXPECT_EQ(done.status.code, 2) << done.out << done.err;
  EXPECT_TRUE(contains(done.out, "ok       configuration   ")) << done.out;
  EXPECT_TRUE(contains(done.out, "failed   timestamp_unit  the API accepts s and refuses ms\n")) << done.out;
  EXPECT_TRUE(contains(done.out, "to do: set api.timestamp_unit")) << done.out;
  EXPECT_TRUE(contains(done.out, "api:\n  timestamp_unit: s  # ")) << done.out;
  // What it suggests is right.
  on.configure({.api = "  timestamp_unit: s\n"});
  EXPECT_EQ(look().process.status.code, 0);
}

TEST_F(doctor, finds_the_unit_and_goes_on_with_it) {
  ready({"--timestamp-unit", "s"});
  const auto seen = look();
  EXPECT_EQ(seen.state.at("credentials"), "ok");
  EXPECT_EQ(seen.advice.at("api.timestamp_unit"), "s");
  EXPECT_EQ(seen.state.at("unused_filters"), "ok") << seen.found.at("unused_filters");
}

TEST_F(doctor, finds_which_creation_time_is_filtered_and_which_ends_belong) {
  for (const bool by_tb : {false, true})
    for (const bool begin : {true, false})
      for (const bool end : {true, false}) {
        strings manners{"--filter-by", by_tb ? "tb" : "create"};
        if (!begin) manners.emplace_back("--exclusive-begin");
        if (!end) manners.emplace_back("--exclusive-end");
        ready(manners);
        const auto seen = look();
        EXPECT_EQ(seen.state.at("creation_time"), "ok");
        EXPECT_EQ(seen.found.at("creation_time"),
                  by_tb ? "the filter uses tbCreateTime" : "the filter uses createTime");
        EXPECT_EQ(seen.found.at("filter_ends"),
                  fmt::format("the begin of a range {}, the end {}", begin ? "is included" : "is not included",
                              end ? "is included" : "is not included"));
      }
}

TEST_F(doctor, finds_the_largest_page_that_is_honoured) {
  struct vendor {
    std::string most, beyond, state, advice;
  };
  for (const auto& of :
       {vendor{"30", "cut", "warning", "30"}, vendor{"100", "cut", "ok", "100"}, vendor{"100", "few", "ok", "100"},
        vendor{"200", "refused", "ok", "200"}, vendor{"20", "refused", "failed", "20"}}) {
    ready({"--max-page-size", of.most, "--large-pages", of.beyond});
    const auto seen = look();
    EXPECT_EQ(seen.state.at("page_size"), of.state) << of.most << of.beyond << seen.found.at("page_size");
    EXPECT_EQ(seen.advice.at("sync.page_size"), of.advice) << of.most << of.beyond;
  }
  ready({"--max-page-size", "70"});
  EXPECT_TRUE(look().advice.empty());
}

TEST_F(doctor, finds_filters_that_hide_orders_when_they_are_left_out) {
  ready({"--omitted-filters", "open"});
  auto seen = look();
  EXPECT_EQ(seen.process.status.code, 2);
  EXPECT_EQ(seen.state.at("unused_filters"), "failed") << seen.found.at("unused_filters");
  EXPECT_EQ(seen.advice.at("api.unused_filters"), "null");
  ready({"--omitted-filters", "refused", "--null-filters", "refused"});
  seen = look();
  // orderStatus has no empty form, it is null all the same: there is no way left.
  EXPECT_EQ(seen.process.status.code, 3) << seen.all();
  EXPECT_EQ(seen.state.at("api"), "failed");
  EXPECT_EQ(seen.state.at("credentials"), "unknown");
  ready({"--omitted-filters", "refused", "--empty-filters", "refused"});
  seen = look();
  EXPECT_EQ(seen.advice.at("api.unused_filters"), "null") << seen.all();
  EXPECT_EQ(seen.state.at("credentials"), "ok") << "what is refused is not who asks";
  ready({"--omitted-filters", "open", "--null-filters", "open"});
  seen = look();
  EXPECT_EQ(seen.state.at("unused_filters"), "warning") << "the mirror lives with it";
  EXPECT_TRUE(contains(seen.process.out, "ask the vendor")) << seen.all();
  EXPECT_EQ(seen.state.at("all_statuses"), "warning");
}

TEST_F(doctor, finds_a_zone_that_is_wrong) {
  ready();
  on.configure({.api = "  time_zone: \"+00:00\"\n"});
  const auto seen = look();
  EXPECT_EQ(seen.process.status.code, 2);
  EXPECT_EQ(seen.state.at("time_zone"), "failed");
  EXPECT_EQ(seen.advice.at("api.time_zone"), "\"+08:00\"");
  EXPECT_EQ(seen.state.at("filter_ends"), "ok") << "with the right one";
}

TEST_F(doctor, names_any_zone_that_is_right) {
  for (const auto* zone : {"+09:00", "+05:30", "-03:30", "+12:45"}) {
    ready({fmt::format("--filter-zone={}", zone)});
    const auto seen = look();
    EXPECT_EQ(seen.process.status.code, 2) << zone << seen.all();
    EXPECT_EQ(seen.state.at("time_zone"), "failed") << zone;
    EXPECT_EQ(seen.advice.at("api.time_zone"), fmt::format("\"{}\"", zone)) << seen.all();
    EXPECT_EQ(seen.state.at("filter"), "ok") << "with the right one";
  }
}

TEST_F(doctor, says_what_the_api_cuts_refuses_or_leaves_out_and_keeps_nothing_of_it) {
  struct vendor {
    std::string flag, value, check, found;
  };
  for (const auto& of : {vendor{"--clamp-range", "7d", "long_ranges", "answers ranges in full only up to 6 d 2"},
                         vendor{"--clamp-range", "7d,begin", "long_ranges", "answers ranges in full only up to 6 d 2"},
                         vendor{"--refuse-range", "30d", "long_ranges", "answers ranges in full only up to 29 d"},
                         vendor{"--refuse-near-now", "2m", "near_now", "the API refuses ranges that end later than "},
                         vendor{"--cap-total", "1000", "counts", "counts stop at 1000 orders"}}) {
    serve_lately({of.flag, of.value});
    const auto seen = look();
    EXPECT_EQ(seen.process.status.code, 0) << of.flag << seen.all();
    EXPECT_EQ(seen.state.at(of.check), "warning") << of.flag << of.value << seen.all();
    EXPECT_TRUE(contains(seen.found.at(of.check), of.found)) << seen.found.at(of.check);
    EXPECT_EQ(seen.state.at("credentials"), "ok") << of.flag;
    EXPECT_EQ(seen.state.at("time_zone"), "ok") << of.flag;
    EXPECT_EQ(on.query("SELECT count(*) FROM ordersync.api_limits"), "0");
  }
  ready({"--hide-finished"});
  auto seen = look();
  EXPECT_EQ(seen.process.status.code, 0) << seen.all();
  EXPECT_EQ(seen.state.at("all_statuses"), "warning") << seen.all();
  ready({"--round-filter", "hour"});
  seen = look();
  EXPECT_EQ(seen.state.at("filter"), "failed") << seen.all();
  EXPECT_EQ(seen.process.status.code, 3) << seen.all();
}

TEST_F(doctor, shows_the_limits_that_are_kept) {
  ready();
  on.query(
      "INSERT INTO ordersync.api_limits VALUES ('main', 'longest_range', 604800, '2026-11-01Z', now(), 'a range was "
      "refused')");
  on.configure({.api = "  limits: {total: 5000}\n"});
  EXPECT_EQ(look().found.at("known_limits"),
            "longest_range 7 d (since 2026-11-01T00:00:00Z); total 5000 orders (set by api.limits)");
}

TEST_F(doctor, names_what_stands_in_front_of_the_api) {
  for (const auto* status : {"403", "200"}) {
    ready({"--challenge", status});
    const auto seen = look();
    EXPECT_EQ(seen.process.status.code, 3) << seen.all();
    EXPECT_TRUE(contains(seen.found.at("api"), "something in front of the API answered with a web page"));
    EXPECT_TRUE(contains(seen.process.out, "answers instead of the API")) << seen.all();
    EXPECT_EQ(seen.state.at("credentials"), "unknown");
  }
  ready({"--gzip", "br"});
  const auto seen = look();
  EXPECT_EQ(seen.process.status.code, 3) << seen.all();
  EXPECT_TRUE(contains(seen.found.at("api"), "is encoded with br")) << seen.found.at("api");
  EXPECT_TRUE(contains(seen.process.out, "respect Accept-Encoding: identity")) << seen.all();
}

TEST_F(doctor, does_not_blame_the_clock_for_a_date_header_that_is_wrong) {
  for (const auto* skew : {"--date-skew=8h", "--date-skew=-8h", "--date-fixed=2004-01-01"}) {
    ready({skew});
    const auto seen = look();
    EXPECT_EQ(seen.process.status.code, 0) << seen.all();
    EXPECT_EQ(seen.state.at("clock"), "warning") << skew;
    EXPECT_TRUE(contains(seen.found.at("clock"), "Date header is")) << seen.found.at("clock");
    EXPECT_FALSE(contains(seen.process.out, "synchronize")) << seen.all();
    EXPECT_EQ(seen.state.at("filter"), "ok") << skew;
  }
}

TEST_F(doctor, finds_a_clock_that_is_off_and_asks_by_the_servers) {
  ready({"--clock-offset", "20m"});
  auto seen = look();
  EXPECT_EQ(seen.process.status.code, 3) << seen.all();
  EXPECT_EQ(seen.state.at("clock"), "failed");
  EXPECT_TRUE(contains(seen.found.at("clock"), "behind")) << seen.found.at("clock");
  EXPECT_EQ(seen.state.at("credentials"), "ok");
  EXPECT_EQ(seen.state.at("timestamp_unit"), "ok");
  ready({"--clock-offset=-40s"});
  seen = look();
  EXPECT_EQ(seen.process.status.code, 0);
  EXPECT_EQ(seen.state.at("clock"), "warning");
}

TEST_F(doctor, of_an_empty_shop_says_that_it_could_not_find_out) {
  on.start_simulator({});
  on.configure();
  on.migrate();
  const auto seen = look();
  EXPECT_EQ(seen.process.status.code, 0) << seen.all();
  for (const auto* name : {"time_zone", "creation_time", "filter_ends", "page_size", "unused_filters"}) {
    EXPECT_EQ(seen.state.at(name), "unknown") << name;
    EXPECT_TRUE(contains(seen.found.at(name), "no order to test with")) << seen.found.at(name);
  }
  for (const auto* name : {"filter", "near_now", "long_ranges", "counts", "all_statuses"}) {
    EXPECT_EQ(seen.state.at(name), "unknown") << name;
    EXPECT_TRUE(contains(seen.found.at(name), "no order of the account")) << seen.found.at(name);
  }
}

TEST_F(doctor, sends_nothing_to_a_server_that_is_not_trusted) {
  on.use_certificate(on.certificates().self_signed());
  ready();
  const auto seen = look();
  EXPECT_EQ(seen.process.status.code, 3) << seen.all();
  EXPECT_EQ(seen.state.at("tls"), "failed");
  EXPECT_EQ(seen.state.at("credentials"), "skipped");
  EXPECT_EQ(seen.state.at("page_size"), "skipped");
  EXPECT_EQ(seen.state.at("commit_time"), "ok");
  EXPECT_EQ(seen.calls, 0);
}

TEST_F(doctor, warns_of_a_certificate_that_expires_soon) {
  on.use_certificate(on.certificates().expiring());
  ready();
  const auto seen = look();
  EXPECT_EQ(seen.process.status.code, 0) << seen.all();
  EXPECT_EQ(seen.state.at("tls"), "warning");
  // Made for ten days, a moment ago.
  const std::regex expected{
      "connected to 127.0.0.1 .IPv4., TLSv1.3, chain verified; a test's server for (9|10) more days; .*"};
  EXPECT_TRUE(std::regex_match(seen.found.at("tls"), expected)) << seen.found.at("tls");
}

TEST_F(doctor, reports_refused_credentials_by_account) {
  serve();
  const auto wrong = on.directory().write("wrong", "another-canary");
  const auto right = on.directory().write("access-secret", access_secret);
  const auto account = [](const std::string& name, const std::string& secret) {
    return fmt::format("  - {{name: {}, access_key: {}, access_secret_file: {}, user_id: \"2100007341207\"}}\n", name,
                       access_key, secret);
  };
  on.configure({.accounts = account("good", right.string()) + account("bad", wrong.string())});
  on.migrate();
  auto seen = look();
  EXPECT_EQ(seen.process.status.code, 4) << seen.all();
  EXPECT_TRUE(contains(seen.process.out, R"({"check":"credentials","account":"bad","state":"failed")")) << seen.all();
  EXPECT_TRUE(contains(seen.process.out, R"({"check":"credentials","account":"good","state":"ok")")) << seen.all();
  EXPECT_EQ(seen.state.at("timestamp_unit"), "ok");
  EXPECT_EQ(seen.state.at("page_size"), "ok");
  EXPECT_FALSE(contains(seen.all(), "canary"));
  on.configure({.accounts = account("bad", wrong.string())});
  seen = look();
  EXPECT_EQ(seen.process.status.code, 4);
  EXPECT_EQ(seen.state.at("timestamp_unit"), "unknown");
  EXPECT_EQ(seen.state.at("page_size"), "skipped");
}

TEST_F(doctor, looks_at_the_api_when_the_database_is_down) {
  serve();
  on.use_database("postgresql://ordersync@/none?host=" + on.directory().path().string(), "");
  on.configure();
  const auto seen = look();
  EXPECT_EQ(seen.process.status.code, 5) << seen.all();
  EXPECT_EQ(seen.state.at("database"), "failed");
  EXPECT_EQ(seen.state.at("schema"), "skipped");
  EXPECT_EQ(seen.state.at("unused_filters"), "ok");
}

TEST_F(doctor, looks_at_the_database_when_the_api_is_down) {
  ready();
  on.stop_simulator();
  auto seen = look();
  EXPECT_EQ(seen.process.status.code, 3) << seen.all();
  EXPECT_EQ(seen.state.at("tls"), "failed");
  EXPECT_EQ(seen.state.at("schema"), "ok");
  ready({"--faults", on.directory().write("faults", "from 1 status 500\n").string()});
  seen = look();
  EXPECT_EQ(seen.process.status.code, 3) << seen.all();
  EXPECT_EQ(seen.state.at("api"), "failed");
  EXPECT_EQ(seen.state.at("credentials"), "unknown");
  EXPECT_EQ(seen.state.at("page_size"), "skipped");
  EXPECT_LE(seen.calls, 3);
}

TEST_F(doctor, reports_a_schema_that_is_not_there_and_a_role_without_rights) {
  serve();
  on.configure();
  auto seen = look();
  EXPECT_EQ(seen.process.status.code, 0) << seen.all();
  EXPECT_EQ(seen.state.at("schema"), "warning");
  on.migrate();
  on.query("DO $$ BEGIN CREATE ROLE stranger LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$");
  const auto& cluster = test_support::shared_cluster();
  on.use_database(cluster.connection_url(on.database(), "stranger"), cluster.superuser_url(on.database()));
  on.configure();
  seen = look();
  EXPECT_EQ(seen.process.status.code, 5) << seen.all();
  EXPECT_EQ(seen.state.at("role"), "failed");
  EXPECT_TRUE(contains(seen.found.at("role"), "does not own")) << seen.found.at("role");
}

TEST_F(doctor, reports_a_secret_that_others_may_read_and_goes_on_without_it) {
  ready();
  std::filesystem::permissions(on.file("access-secret"), std::filesystem::perms{0644});
  const auto seen = look();
  EXPECT_EQ(seen.process.status.code, 2) << seen.all();
  EXPECT_EQ(seen.state.at("secrets"), "failed");
  EXPECT_TRUE(contains(seen.found.at("secrets"), "chmod 600")) << seen.found.at("secrets");
  EXPECT_EQ(seen.state.at("tls"), "ok");
  EXPECT_EQ(seen.state.at("credentials"), "skipped");
  EXPECT_EQ(seen.state.at("database"), "ok");
}

TEST_F(doctor, reads_the_pages_token_too_and_a_bad_one_hides_nothing_else) {
  serve();
  on.directory().write("token", "twenty characters or so");
  on.configure({.service = "listen: 127.0.0.1:0, admin_token_file: token"});
  on.migrate();
  EXPECT_EQ(look().found.at("secrets"), "2 read, accessible to their owner only");
  on.directory().write("token", "short");
  const auto seen = look();
  EXPECT_EQ(seen.process.status.code, 2) << seen.all();
  EXPECT_TRUE(contains(seen.found.at("secrets"), "service.admin_token_file: the token is shorter")) << seen.all();
  EXPECT_EQ(seen.state.at("database"), "ok");
  EXPECT_EQ(seen.state.at("credentials"), "ok");
}

TEST_F(doctor, reports_every_problem_of_the_configuration_and_skips_the_rest) {
  on.directory().write("ordersync.yaml", "api:\n  bse_url: https://127.0.0.1\nsync:\n  page_size: many\n");
  const auto seen = look();
  EXPECT_EQ(seen.process.status.code, 2);
  EXPECT_EQ(seen.state.at("configuration"), "failed");
  EXPECT_TRUE(contains(seen.process.out, "ordersync.yaml:2:3:")) << seen.all();
  EXPECT_EQ(seen.state.at("database"), "skipped");
  EXPECT_EQ(seen.state.at("unused_filters"), "skipped");
}

TEST_F(doctor, shows_nothing_personal_at_trace_level) {
  ready();
  on.configure({.top = "log: {level: trace}\n"});
  ASSERT_EQ(on.run({"sync"}).status.code, 0);
  const auto seen = look();
  ASSERT_TRUE(contains(seen.process.err, "http_exchange"));
  EXPECT_FALSE(contains(seen.all(), access_secret));
  for (const auto* of : {"mobile", "full_name", "address"}) {
    const auto value =
        on.query(fmt::format("SELECT {} FROM ordersync.order_receivers WHERE length({}) > 5 LIMIT 1", of, of));
    ASSERT_NE(value, "");
    EXPECT_FALSE(contains(seen.all(), value)) << of;
  }
}

}  // namespace
}  // namespace ordersync::e2e
