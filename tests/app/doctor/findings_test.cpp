#include "app/doctor/findings.hpp"

#include <gtest/gtest.h>

namespace ordersync::app::doctor {
namespace {

using namespace std::chrono_literals;
using config::unused_filters;
using core::failure;

constexpr core::second now{std::chrono::seconds{1'715'054'400}};

store::health_report well() {
  return {.server_version = "15.8",
          .server_number = 150'008,
          .database = "orders",
          .role = "ordersync",
          .encoding = "UTF8",
          .may_create = true,
          .may_use_temporary = true,
          .has_schema = true,
          .has_readers = true,
          .foreign = {}};
}

check_state state_of(const std::vector<check>& checks, std::string_view name) {
  for (const auto& one : checks)
    if (one.name == name) return one.state;
  return check_state::skipped;
}

TEST(judge_server, is_content_with_a_role_that_owns_what_it_needs) {
  for (const auto& one : judge_server(well(), now)) {
    EXPECT_EQ(one.state, check_state::ok) << one.found;
    EXPECT_TRUE(one.cure.empty());
  }
}

TEST(judge_server, tells_each_thing_that_is_amiss_with_a_cure) {
  const auto state = [](const char* name, auto change) {
    auto server = well();
    change(server);
    const auto told = judge_server(server, now);
    for (const auto& one : told) EXPECT_EQ(one.cure.empty(), one.state == check_state::ok) << one.found;
    return state_of(told, name);
  };
  EXPECT_EQ(state("database", [](auto& s) { s.server_number = 130'000; }), check_state::failed);
  EXPECT_EQ(state("database", [](auto& s) { s.state.replay_lag = 0ms; }), check_state::failed);
  EXPECT_EQ(state("database", [](auto& s) { s.clock_behind = std::chrono::seconds{4}; }), check_state::ok);
  EXPECT_EQ(state("database", [](auto& s) { s.clock_behind = std::chrono::hours{1}; }), check_state::warning);
  EXPECT_EQ(state("encoding", [](auto& s) { s.encoding = "SQL_ASCII"; }), check_state::failed);
  EXPECT_EQ(state("role", [](auto& s) { s.may_use_temporary = false; }), check_state::failed);
  EXPECT_EQ(state("role", [](auto& s) { s.foreign = {"ordersync.orders"}; }), check_state::failed);
  EXPECT_EQ(state("role", [](auto& s) { s.has_schema = s.may_create = false; }), check_state::failed);
  EXPECT_EQ(state("role", [](auto& s) { s.may_create = false; }), check_state::ok);
  EXPECT_EQ(state("role", [](auto& s) { s.superuser = true; }), check_state::warning);
  EXPECT_EQ(state("role", [](auto& s) { s.has_readers = false; }), check_state::warning);
}

TEST(judge_server, remarks_on_what_a_healthy_database_does_not_have) {
  const auto state = [](const char* name, auto change) {
    auto server = well();
    change(server);
    return state_of(judge_server(server, now), name);
  };
  EXPECT_EQ(state("rights", [](auto& s) { s.state.locked = {"ordersync.orders"}; }), check_state::failed);
  EXPECT_EQ(state("collation", [](auto& s) { s.state.collation = "2.31, now 2.36"; }), check_state::warning);
  EXPECT_EQ(state("statistics", [](auto& s) { s.unanalyzed = {"ordersync.orders"}; }), check_state::warning);
  auto server = well();
  server.state.held = {"pid 7, user alice, application psql", now - 3h};
  const auto found = judge_server(server, now).back().found;
  EXPECT_NE(found.find("open for 3 h"), std::string::npos) << found;
  EXPECT_NE(found.find("user alice"), std::string::npos) << found;
}

TEST(judge_schema, warns_of_pending_migrations) {
  std::vector<store::migration_state> steps{{1, "mirror", core::instant{}}, {2, "proof", std::nullopt}};
  EXPECT_EQ(judge_schema(steps).state, check_state::warning);
  EXPECT_NE(judge_schema(steps).found.find("1 of 2"), std::string::npos);
  steps[1].applied_at = core::instant{};
  EXPECT_EQ(judge_schema(steps).state, check_state::ok);
  EXPECT_EQ(judge_schema(core::make_error(failure::database, "newer")).state, check_state::failed);
}

TEST(judge_room, fails_where_a_megabyte_cannot_be_written) {
  EXPECT_EQ(judge_room(core::result<void>{}).state, check_state::ok);
  const auto full = judge_room(core::make_error(core::failure::database_down, "the disk is full"));
  EXPECT_EQ(full.state, check_state::failed);
  EXPECT_EQ(full.failing, exit_code::database);
  EXPECT_NE(full.cure.find("make room"), std::string::npos);
}

TEST(judge_commits, warns_when_the_middle_one_is_slow) {
  EXPECT_EQ(judge_commits(std::vector<std::chrono::microseconds>{1ms, 900ms, 2ms}).state, check_state::ok);
  EXPECT_EQ(judge_commits(std::vector<std::chrono::microseconds>{1ms, 900ms, 300ms}).state, check_state::warning);
}

TEST(judge_listing, suggests_a_settle_when_many_orders_come_late) {
  const auto advice = [](std::int64_t orders, std::int64_t late, std::chrono::seconds lag) {
    return judge_listing(store::listing_report{orders, late, lag}, 5s);
  };
  EXPECT_EQ(advice(0, 0, 0s).what.state, check_state::unknown);
  EXPECT_EQ(advice(300, 3, 40s).what.state, check_state::ok);
  const auto late = advice(300, 100, 17s);
  EXPECT_EQ(late.what.state, check_state::warning);
  ASSERT_EQ(late.advice.size(), 1U);
  EXPECT_EQ(late.advice[0].key + ": " + late.advice[0].value, "sync.live.settle: 17s");
}

TEST(judge_tls, warns_before_any_certificate_of_the_chain_expires) {
  const auto state = [](std::chrono::days leaf, std::chrono::days issuer) {
    return judge_tls(pandapon::tls_facts{"TLSv1.3", "X", {{"server", now + leaf}, {"issuer", now + issuer}}}, now)
        .state;
  };
  using std::chrono::days;
  EXPECT_EQ(state(days{21}, days{400}), check_state::ok);
  EXPECT_EQ(state(days{20}, days{400}), check_state::warning);
  EXPECT_EQ(state(days{90}, days{3}), check_state::warning);
  EXPECT_EQ(judge_tls(core::make_error(failure::untrusted, "x"), now).state, check_state::failed);
}

TEST(judge_clock, tells_a_clock_that_is_off) {
  EXPECT_EQ(judge_clock(0s).state, check_state::ok);
  EXPECT_EQ(judge_clock(-5s).state, check_state::ok);
  EXPECT_EQ(judge_clock(-90s).state, check_state::warning);
  EXPECT_NE(judge_clock(-90s).found.find("90 s behind"), std::string::npos);
  EXPECT_EQ(judge_clock(700s).state, check_state::failed);
  EXPECT_EQ(judge_clock(std::nullopt).state, check_state::unknown);
}

TEST(judge_clock, does_not_blame_this_machine_for_a_date_header_that_is_wrong) {
  const auto wrong = judge_clock(0s, 8h);
  EXPECT_EQ(wrong.state, check_state::warning);
  EXPECT_NE(wrong.found.find("the Date header is 28800 s ahead"), std::string::npos) << wrong.found;
  EXPECT_EQ(wrong.cure.find("set the clock"), std::string::npos) << wrong.cure;
  EXPECT_NE(judge_clock(0s, -8h).found.find("28800 s behind"), std::string::npos);
}

TEST(judge_zone, suggests_the_zone_that_is_right) {
  EXPECT_EQ(judge_zone(8h, 8h, true).what.state, check_state::ok);
  EXPECT_EQ(judge_zone(std::nullopt, 8h, true).what.state, check_state::unknown);
  EXPECT_EQ(judge_zone(std::nullopt, 8h, false).what.state, check_state::unknown);
  const auto wrong = judge_zone(8h, 0h, true);
  EXPECT_EQ(wrong.what.state, check_state::failed);
  EXPECT_EQ(wrong.advice.at(0).value, "\"+08:00\"");
}

config::sync_settings pages_of(int size) {
  config::sync_settings sync;
  sync.page_size = size;
  sync.max_window_orders = 2000;
  return sync;
}

core::result<std::int64_t> refused() {
  return core::make_error(failure::unusable_reply, "code 40003");
}

TEST(judge_page_size, suggests_the_largest_that_is_honoured) {
  const auto told = judge_page_size({{20, 900, 20}, {50, 900, 50}, {100, 900, 100}, {200, 900, 120}}, pages_of(50));
  EXPECT_EQ(told.what.state, check_state::ok) << told.what.found;
  EXPECT_EQ(told.advice.at(0).value, "120");
  EXPECT_TRUE(judge_page_size({{20, 900, 20}, {50, 900, 50}, {100, 900, 80}}, pages_of(50)).advice.empty());
}

TEST(judge_page_size, warns_when_pages_are_cut_and_fails_when_they_are_refused) {
  const auto cut = judge_page_size({{20, 900, 20}, {50, 900, 30}}, pages_of(50));
  EXPECT_EQ(cut.what.state, check_state::warning);
  EXPECT_EQ(cut.advice.at(0).value, "30");
  const auto fewer = judge_page_size({{20, 900, 20}, {50, 900, 50}, {100, 900, 20}}, pages_of(100));
  EXPECT_EQ(fewer.advice.at(0).value, "50");
  const auto no = judge_page_size({{20, 900, 20}, {50, 900, refused()}}, pages_of(50));
  EXPECT_EQ(no.what.state, check_state::failed);
  EXPECT_EQ(no.advice.at(0).value, "20");
}

TEST(judge_page_size, is_unknown_with_too_few_orders) {
  EXPECT_EQ(judge_page_size({{20, 0, 0}}, pages_of(50)).what.state, check_state::unknown);
  EXPECT_EQ(judge_page_size({{20, 7, 7}}, pages_of(50)).what.state, check_state::unknown);
  EXPECT_EQ(judge_page_size({{20, 30, 20}}, pages_of(50)).what.state, check_state::unknown) << "50 was not tried";
  EXPECT_EQ(judge_page_size({{20, 30, 20}}, pages_of(20)).what.state, check_state::ok);
}

TEST(judge_unused, finds_the_way_that_shows_all_orders) {
  const auto told = [](core::result<std::int64_t> omit, core::result<std::int64_t> null,
                       std::optional<std::int64_t> sum) {
    return judge_unused(
        {{unused_filters::omit, omit}, {unused_filters::null, null}, {unused_filters::empty, refused()}}, sum,
        unused_filters::omit);
  };
  EXPECT_EQ(told(30, 30, 30).what.state, check_state::ok);
  EXPECT_TRUE(told(30, 30, 30).advice.empty());
  EXPECT_EQ(told(12, 30, 30).what.state, check_state::failed);
  EXPECT_EQ(told(12, 30, 30).advice.at(0).value, "null");
  EXPECT_EQ(told(refused(), 30, 30).advice.at(0).value, "null");
  EXPECT_EQ(told(12, 12, 30).what.state, check_state::warning) << "no way shows all, and the mirror lives with it";
  EXPECT_EQ(told(refused(), refused(), 30).what.state, check_state::failed) << "no way at all";
  EXPECT_TRUE(told(12, 12, 30).advice.empty());
  EXPECT_EQ(told(30, 30, 28).what.state, check_state::warning) << "a status beyond the documented ones";
  EXPECT_EQ(told(30, 30, std::nullopt).what.state, check_state::unknown);
  EXPECT_EQ(told(0, 0, std::nullopt).what.state, check_state::unknown);
  EXPECT_EQ(told(core::make_error(failure::unreachable, "cut"), 30, 30).what.state, check_state::unknown)
      << "no answer is no refusal";
}

TEST(outcome_of, is_that_of_the_worst_failure_alone) {
  doctor_report report;
  report.checks.push_back({.name = "a", .state = check_state::warning, .found = {}, .failing = exit_code::database});
  report.checks.push_back({.name = "b", .state = check_state::unknown, .found = {}, .failing = exit_code::api});
  EXPECT_EQ(outcome_of(report), exit_code::done);
  report.checks.push_back({.name = "c", .state = check_state::failed, .found = {}, .failing = exit_code::api});
  EXPECT_EQ(outcome_of(report), exit_code::api);
  report.checks.push_back({.name = "d", .state = check_state::failed, .found = {}, .failing = exit_code::refused});
  EXPECT_EQ(outcome_of(report), exit_code::refused);
  report.checks.push_back({.name = "e", .state = check_state::failed, .found = {}, .failing = exit_code::usage});
  report.checks.push_back({.name = "f", .state = check_state::failed, .found = {}, .failing = exit_code::database});
  EXPECT_EQ(outcome_of(report), exit_code::database);
}

TEST(as_yaml, nests_the_keys_as_the_configuration_does) {
  EXPECT_EQ(as_yaml({{"sync.page_size", "100", "why"},
                     {"api.timestamp_unit", "s", "because"},
                     {"sync.live.settle", "9s", "late"},
                     {"api.time_zone", "\"+08:00\"", "so"}}),
            "api:\n  time_zone: \"+08:00\"  # so\n  timestamp_unit: s  # because\nsync:\n  live:\n    settle: 9s  # "
            "late\n  page_size: 100  # why\n");
  EXPECT_EQ(as_yaml({}), "");
}

}  // namespace
}  // namespace ordersync::app::doctor
