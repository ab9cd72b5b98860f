#include "app/doctor/findings.hpp"

#include <gtest/gtest.h>

namespace ordersync::app::doctor {
namespace {

using namespace std::chrono_literals;
using core::failure;

constexpr core::second now{std::chrono::seconds{1'715'054'400}};

store::reports::health_report well() {
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

TEST(assess_server, is_content_with_a_role_that_owns_what_it_needs) {
  for (const auto& one : assess_server(well(), now)) {
    EXPECT_EQ(one.state, check_state::ok) << one.found;
    EXPECT_TRUE(one.cure.empty());
  }
}

TEST(assess_server, reports_each_thing_that_is_wrong_with_a_cure) {
  const auto state = [](const char* name, auto change) {
    auto server = well();
    change(server);
    const auto found = assess_server(server, now);
    for (const auto& one : found) EXPECT_EQ(one.cure.empty(), one.state == check_state::ok) << one.found;
    return state_of(found, name);
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

TEST(assess_server, remarks_on_what_a_healthy_database_does_not_have) {
  const auto state = [](const char* name, auto change) {
    auto server = well();
    change(server);
    return state_of(assess_server(server, now), name);
  };
  EXPECT_EQ(state("rights", [](auto& s) { s.state.locked = {"ordersync.orders"}; }), check_state::failed);
  EXPECT_EQ(state("collation", [](auto& s) { s.state.collation = "2.31, now 2.36"; }), check_state::warning);
  EXPECT_EQ(state("statistics", [](auto& s) { s.unanalyzed = {"ordersync.orders"}; }), check_state::warning);
  EXPECT_EQ(state("history", [](auto& s) { s.old_history = true; }), check_state::warning);
  auto server = well();
  server.state.held = {"pid 7, user alice, application psql", now - 3h};
  const auto found = assess_server(server, now).back().found;
  EXPECT_NE(found.find("open for 3 h"), std::string::npos) << found;
  EXPECT_NE(found.find("user alice"), std::string::npos) << found;
}

TEST(assess_schema, warns_of_pending_migrations) {
  std::vector<store::migrations::migration_state> steps{{1, "mirror", core::instant{}}, {2, "proof", std::nullopt}};
  EXPECT_EQ(assess_schema(steps).state, check_state::warning);
  EXPECT_NE(assess_schema(steps).found.find("1 of 2"), std::string::npos);
  steps[1].applied_at = core::instant{};
  EXPECT_EQ(assess_schema(steps).state, check_state::ok);
  EXPECT_EQ(assess_schema(core::make_error(failure::database, "newer")).state, check_state::failed);
}

TEST(assess_room, fails_where_a_megabyte_cannot_be_written) {
  EXPECT_EQ(assess_room(core::result<void>{}).state, check_state::ok);
  const auto full = assess_room(core::make_error(core::failure::database_down, "the disk is full"));
  EXPECT_EQ(full.state, check_state::failed);
  EXPECT_EQ(full.failing, setup::exit_code::database);
  EXPECT_NE(full.cure.find("free disk space"), std::string::npos);
}

TEST(assess_commits, warns_when_the_middle_one_is_slow) {
  EXPECT_EQ(assess_commits(std::vector<std::chrono::microseconds>{1ms, 900ms, 2ms}).state, check_state::ok);
  EXPECT_EQ(assess_commits(std::vector<std::chrono::microseconds>{1ms, 900ms, 300ms}).state, check_state::warning);
}

TEST(assess_listing, suggests_a_settle_when_many_orders_come_late) {
  const auto advice = [](std::int64_t orders, std::int64_t late, std::chrono::seconds lag) {
    return assess_listing(store::reports::listing_report{orders, late, lag}, 5s);
  };
  EXPECT_EQ(advice(0, 0, 0s).what.state, check_state::unknown);
  EXPECT_EQ(advice(300, 3, 40s).what.state, check_state::ok);
  const auto late = advice(300, 100, 17s);
  EXPECT_EQ(late.what.state, check_state::warning);
  ASSERT_EQ(late.advice.size(), 1U);
  EXPECT_EQ(late.advice[0].key + ": " + late.advice[0].value, "sync.live.settle: 17s");
}

TEST(assess_clock, reports_a_clock_that_is_off) {
  EXPECT_EQ(assess_clock(0s).state, check_state::ok);
  EXPECT_EQ(assess_clock(-5s).state, check_state::ok);
  EXPECT_EQ(assess_clock(-90s).state, check_state::warning);
  EXPECT_NE(assess_clock(-90s).found.find("90 s behind"), std::string::npos);
  EXPECT_EQ(assess_clock(700s).state, check_state::failed);
  EXPECT_EQ(assess_clock(std::nullopt).state, check_state::unknown);
}

TEST(assess_clock, does_not_blame_this_machine_for_a_date_header_that_is_wrong) {
  const auto wrong = assess_clock(0s, 8h);
  EXPECT_EQ(wrong.state, check_state::warning);
  EXPECT_NE(wrong.found.find("the API's Date header is 28800 s ahead"), std::string::npos) << wrong.found;
  EXPECT_EQ(wrong.cure.find("synchronize"), std::string::npos) << wrong.cure;
  EXPECT_NE(assess_clock(0s, -8h).found.find("28800 s behind"), std::string::npos);
}

}  // namespace
}  // namespace ordersync::app::doctor
