// What APIs of this family do and do not say, one behaviour at a time, with real programs: nothing is lost in time that
// is called proven, what is found is kept and reported, and the mirror goes on where a person would have gone on.

#include "e2e/stage.hpp"
#include "e2e/truth.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <csignal>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

namespace ordersync::e2e {
namespace {

using arguments = std::vector<std::string>;

const arguments shop{"--seed", "3", "--orders", "500", "--from", "2024-05-01", "--to", "2024-08-01", "--oddities", "0"};

arguments with(arguments all, const arguments& more) {
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

struct behaving {
  const char* name;
  arguments flags;
  int exit_code = 0;
  const char* says = "";   // on stderr
  const char* limit = "";  // in api_limits
  std::string sync = "  rate: 10000\n";
  arguments data = shop;
  bool whole = true;  // all is proven in the end
  int most_requests = 100'000;
};

void PrintTo(const behaving& b, std::ostream* out) {
  *out << b.name;
}

// Orders of the truth that are missing although their time is proven.
std::string lost(stage& on) {
  const auto truth = on.download("/_truth");
  const auto script = fmt::format(
      "create temporary table line (doc jsonb);\n\\copy line from '{}' with (format csv, quote e'\\x01', delimiter "
      "e'\\x02')\nselect count(*) from line where exists (select from ordersync.coverage where proven @> (doc ->> "
      "'created_at')::timestamptz) and not exists (select from ordersync.orders where id = (doc ->> 'id')::bigint);\n",
      truth.string());
  return on.query_file(on.directory().write("lost.sql", script));
}

class proof : public ::testing::TestWithParam<behaving> {};

TEST_P(proof, of_what_an_api_shows_is_right) {
  const auto& param = GetParam();
  stage on;
  on.start_simulator(with(param.data, param.flags));
  on.configure({.sync = param.sync});
  on.migrate();
  const auto done = on.run({"sync"});
  EXPECT_EQ(done.status.code, param.exit_code) << done.out << done.err;
  EXPECT_NE(done.err.find(param.says), std::string::npos) << done.err;
  EXPECT_EQ(lost(on), "0");
  if (param.whole) {
    EXPECT_EQ(differences_from_truth(on), "");
    EXPECT_EQ(
        on.query("select proven @> tstzrange('2024-05-01+08', now() - interval '15 min') from ordersync.coverage"),
        "t");
  }
  EXPECT_EQ(on.query(fmt::format("select count(*) from ordersync.api_limits where name = '{}'", param.limit)),
            *param.limit == 0 ? "0" : "1");
  if (*param.limit != 0) {
    EXPECT_NE(on.run({"status"}).out.find("limit"), std::string::npos);
  }
  std::ifstream in{on.download("/_stats")};
  const std::string stats{std::istreambuf_iterator<char>{in}, {}};
  const auto at = stats.find("\"requests\":");
  ASSERT_NE(at, std::string::npos);
  EXPECT_LE(std::stoi(stats.substr(at + 11)), param.most_requests);
}

INSTANTIATE_TEST_SUITE_P(
    of_each_behaviour, proof,
    ::testing::Values(
        behaving{.name = "honest", .flags = {}, .most_requests = 60},
        behaving{.name = "cuts the end after 7 d",
                 .flags = {"--clamp-range", "7d"},
                 .says = "longest_range",
                 .limit = "longest_range"},
        behaving{.name = "cuts the begin before 7 d",
                 .flags = {"--clamp-range", "7d,begin"},
                 .says = "longest_range",
                 .limit = "longest_range"},
        behaving{.name = "cuts the end after a day",
                 .flags = {"--clamp-range", "1d"},
                 .says = "longest_range",
                 .limit = "longest_range"},
        behaving{.name = "reads times in another zone",
                 .flags = {"--filter-zone", "+09:00"},
                 .exit_code = 6,
                 .says = "set it to +09:00",
                 .whole = false},
        behaving{.name = "reads times half an hour off",
                 .flags = {"--filter-zone", "+07:30"},
                 .exit_code = 6,
                 .says = "api.time_zone",
                 .whole = false},
        behaving{.name = "does not filter by time",
                 .flags = {"--ignore-times"},
                 .exit_code = 6,
                 .says = "does not filter",
                 .whole = false},
        behaving{
            .name = "floors times to the hour", .flags = {"--round-filter", "hour"}, .exit_code = 6, .whole = false},
        behaving{.name = "counts to 1,000",
                 .flags = {"--cap-total", "1000"},
                 .says = "limit=total",
                 .limit = "total",
                 .sync = "  rate: 10000\n  max_window_orders: 50000\n",
                 .data = {"--seed", "3", "--orders", "2300", "--from", "2024-05-01", "--to", "2024-08-01", "--oddities",
                          "0"}},
        behaving{.name = "leaves finished orders out",
                 .flags = {"--hide-finished"},
                 .says = "by_status",
                 .limit = "by_status"},
        behaving{.name = "sends a Date of 2004", .flags = {"--date-fixed", "2004-02-29"}},
        behaving{.name = "sends a Date 8 h ahead", .flags = {"--date-skew=8h"}},
        behaving{.name = "sends no Date", .flags = {"--no-date"}},
        behaving{.name = "refuses more than 30 d",
                 .flags = {"--refuse-range", "30d"},
                 .says = "longest_range",
                 .limit = "longest_range"},
        behaving{.name = "refuses an end near now",
                 .flags = {"--refuse-near-now", "2m"},
                 .says = "nearest_end",
                 .limit = "nearest_end"},
        behaving{
            .name = "refuses deep pages", .flags = {"--max-depth", "200"}, .says = "limit=depth", .limit = "depth"},
        behaving{.name = "throttles by a code",
                 .flags = {"--rate-limit", "20", "--throttle-as", "code"},
                 .says = "overloaded"},
        behaving{.name = "throttles as 1688 does, with 400",
                 .flags = {"--rate-limit", "20", "--throttle-as", "qos400"},
                 .says = "overloaded"},
        behaving{.name = "throttles in words nobody knows",
                 .flags = {"--rate-limit", "20", "--throttle-as", "unknown"}},
        behaving{.name = "is behind a challenge",
                 .flags = {"--challenge", "403"},
                 .exit_code = 3,
                 .says = "something in front of the API",
                 .whole = false},
        behaving{.name = "compresses", .flags = {"--gzip", "gzip"}},
        behaving{.name = "deflates", .flags = {"--gzip", "deflate"}},
        behaving{.name = "ends bodies with the connection", .flags = {"--close-delimited"}},
        behaving{.name = "has null for an empty page", .flags = {"--null-empty", "--leading", "bom"}},
        behaving{.name = "has no data for an empty page", .flags = {"--absent-empty", "--leading", "newline"}},
        behaving{.name = "repeats its last page", .flags = {"--repeat-last-page"}, .most_requests = 60},
        behaving{.name = "counts lines",
                 .flags = {"--total-of-lines"},
                 .exit_code = 6,
                 .says = "counted for each returned",
                 .whole = false,
                 .most_requests = 20 * 10 + 100},
        behaving{.name = "shows orders twice", .flags = {"--twice", "10"}},
        behaving{.name = "writes statuses as words", .flags = {"--status-words"}}));

TEST(proof, of_an_account_without_orders_is_none) {
  stage on;
  on.start_simulator({});
  on.configure();
  on.migrate();
  const auto done = on.run({"sync"});
  EXPECT_EQ(done.status.code, 6) << done.out;
  EXPECT_NE(done.err.find("user_id"), std::string::npos) << done.err;
  EXPECT_EQ(on.query("select coalesce(sum(upper(p) - lower(p)), '0') from ordersync.coverage, unnest(proven) p"),
            "00:00:00");
}

TEST(proof, ends_in_verify_too_where_pages_repeat_for_ever) {
  for (const char* flag : {"--repeat-last-page", "--same-page"}) {
    stage on;
    on.start_simulator(with(shop, {flag}));
    on.configure();
    on.migrate();
    on.run({"sync"});
    on.query("delete from ordersync.orders where order_status = 5");
    const auto done = on.run({"verify", "--from", "2024-05-01", "--to", "2024-05-20"});
    EXPECT_EQ(done.status.code, 6) << done.out << done.err;
  }
}

TEST(proof, of_large_orders_is_had_by_smaller_pages) {
  stage on;
  on.start_simulator({"--seed", "3", "--orders", "200", "--from", "2024-05-01", "--to", "2024-08-01", "--oddities", "0",
                      "--fat", "64KiB"});
  on.configure({.api = "  max_response_bytes: 1MiB\n"});
  on.migrate();
  const auto done = on.run({"sync"});
  EXPECT_EQ(done.status.code, 0) << done.err;
  EXPECT_EQ(on.query("select count(*) from ordersync.orders"), "200");
  EXPECT_EQ(on.query("select value <= 15 from ordersync.api_limits where name = 'page_size'"), "t");
}

// A daemon's life.
struct lived : ::testing::Test {
  stage on;
  std::optional<child_process> daemon;

  void live(const arguments& flags, const std::string& revisit = "[{younger_than: 3650d, every: 3s}]") {
    on.start_simulator(with(
        {"--seed", "3", "--orders", "600", "--from", "2024-05-01", "--to", "2024-06-01", "--oddities", "0"}, flags));
    on.configure({.sync = "  rate: 1000\n  audit: 0.05\n  live: {every: 1s, settle: 1s, overlap: 10s}\n"
                          "  revisit: " +
                          revisit + "\n",
                  .top = "log: {level: info}\n"});
    on.migrate();
    daemon.emplace(on.start({"run"}));
    on.wait_until(
        "exists (select from ordersync.coverage where proven @> tstzrange('2024-05-01+08', now() - interval '30 s'))");
  }
};

TEST_F(lived, finished_orders_that_are_left_out_are_found_and_read_by_their_status_and_none_is_marked) {
  live({"--hide-finished-after", "15s"});
  ASSERT_TRUE(daemon->wait_for_stderr("limit=by_status")) << daemon->err();
  on.wait_until(
      "exists (select from ordersync.coverage where proven @> tstzrange('2024-05-01+08', now() - interval '30 s'))"
      " and not exists (select from ordersync.contradictions where resolved_at is null)");
  EXPECT_EQ(on.query("select count(*) from ordersync.orders where _vanished_at is not null"), "0");
  EXPECT_EQ(differences_from_truth(on), "");
}

TEST_F(lived, a_zone_that_changes_is_reported_and_what_was_proven_since_is_taken_back) {
  live({"--filter-zone", "+09:00", "--filter-zone-after", "12s"});
  ASSERT_TRUE(daemon->wait_for_stderr("set it to +09:00")) << daemon->err();
  on.wait_until("exists (select from ordersync.contradictions)");
  EXPECT_EQ(on.run({"status"}).status.code, 6);
}

TEST_F(lived, orders_that_are_hidden_in_mass_are_reported_and_not_marked) {
  live({});
  on.post(
      "/_hide",
      on.query("select string_agg(id::text, e'\\n') from (select id from ordersync.orders order by id limit 300) o"));
  ASSERT_TRUE(daemon->wait_for_stderr("orders_missing_in_mass")) << daemon->err();
  EXPECT_EQ(on.query("select count(*) from ordersync.orders where _vanished_at is not null"), "0");
  on.wait_until("exists (select from ordersync.troubles where event = 'orders_missing_in_mass')");
  EXPECT_NE(on.run({"status"}).status.code, 0);
}

TEST_F(lived, what_is_proven_is_audited) {
  live({});
  on.wait_until("(select count(distinct way) from ordersync.audits) = 4");
  EXPECT_EQ(on.query("select count(*) from ordersync.contradictions"), "0");
}

TEST_F(lived, orders_that_the_mirror_lacks_are_found_by_an_audit_and_read_again) {
  live({}, "[]");
  // Behind the back of the proof; no tier reads them again.
  on.query("delete from ordersync.orders where id in (select id from ordersync.orders order by id limit 300)");
  ASSERT_TRUE(daemon->wait_for_stderr("audit_contradicts")) << daemon->err();
  on.wait_until("(select count(*) from ordersync.orders) = 600");
  EXPECT_NE(on.query("select count(*) from ordersync.contradictions"), "0");
}

TEST(two_accounts, that_see_the_same_order_keep_it_current_though_one_is_refused) {
  stage on;
  on.start_simulator({"--seed", "3", "--orders", "300", "--from", "2024-05-01", "--to", "2024-06-01", "--oddities", "0",
                      "--account", "second-key:second-secret:100"});
  const auto first = on.directory().write("first-secret", access_secret);
  const auto second = on.directory().write("second-secret", "second-secret");
  const auto accounts = fmt::format(
      "  - {{name: first, access_key: {}, access_secret_file: {}, user_id: \"1\"}}\n"
      "  - {{name: second, access_key: second-key, access_secret_file: {}, user_id: \"2\"}}\n",
      access_key, first.string(), second.string());
  on.configure({.accounts = accounts});
  on.migrate();
  ASSERT_EQ(on.run({"sync"}).status.code, 0);
  on.post("/_mutate?n=100", "");
  on.post("/_secret", "reset");  // the first account is refused from now on
  const auto done = on.run(
      {"backfill", "create", "--from", "2024-05-01", "--to", "2024-06-01", "--foreground", "--account", "second"});
  EXPECT_EQ(done.status.code, 0) << done.err;
  EXPECT_EQ(differences_from_truth(on), "");
}

}  // namespace
}  // namespace ordersync::e2e
