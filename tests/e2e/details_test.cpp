// Order details with the real daemon: what orders that change leave in the mirror, through faults, kills and refusals.

#include "e2e/detail_truth.hpp"
#include "e2e/scrape.hpp"
#include "e2e/stage.hpp"
#include "e2e/truth.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <string>
#include <vector>

namespace ordersync::e2e {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Test;
using arguments = std::vector<std::string>;
using namespace std::chrono_literals;

// Every order is read again every two seconds.
const std::string all_the_time =
    "  rate: 10000\n  audit: 0\n  live: {every: 1s, settle: 1s, overlap: 5s}\n"
    "  revisit: [{younger_than: 3650d, every: 2s}]\n  recheck: {share: 0}\n";
const std::string with_details = "log: {level: info}\ndetails: {enabled: true, share: 1, younger_than: 3650d}\n";
const std::string nothing_is_due =
    "NOT EXISTS (SELECT FROM ordersync.detail_queue WHERE due_at <= now() OR tries > 0)"
    " AND EXISTS (SELECT FROM ordersync.order_details)";
const arguments all_of_them{"backfill", "create", "--details", "--from", "2024-05-01", "--to", "2100-01-01", "--wait"};

struct details : Test {
  stage on;
  std::string orders = "600";

  void begin(const arguments& flags = {}, const std::string& top = with_details) {
    arguments all{"--seed", "23", "--orders", orders, "--from", "2024-05-01", "--to", "2024-06-01"};
    all.insert(all.end(), flags.begin(), flags.end());
    on.start_simulator(all);
    on.configure({.sync = all_the_time, .top = top});
    on.migrate();
  }
  // Of the simulator as it stands, and with all that is due read.
  void settle(const child_process& daemon) {
    on.post("/_freeze", "");
    ASSERT_TRUE(poll_until([&] { return differences_from_truth(on).empty(); }))
        << differences_from_truth(on) << daemon.err();
    ASSERT_TRUE(poll_until([&] { return is_read(); }))
        << on.query("SELECT * FROM ordersync.detail_queue LIMIT 5") << daemon.err();
  }
  // What failed is tried again at once.
  bool is_read() {
    on.query("UPDATE ordersync.detail_queue SET due_at = now() WHERE tries > 0");
    return on.query("SELECT " + nothing_is_due) == "t";
  }
  void wait_for(const std::string& condition, const child_process& daemon) {
    ASSERT_TRUE(poll_until([&] { return on.query("SELECT " + condition) == "t"; })) << daemon.err();
  }
  // Those that are to be read again tomorrow, because a parcel is under way, too.
  void expect_the_truth_of_all() {
    const auto done = on.run(all_of_them);
    EXPECT_TRUE(done.status.code == 0 || done.status.code == 6) << done.err << "6: some failed, and are read again";
    EXPECT_TRUE(poll_until([&] { return is_read(); }));
    EXPECT_EQ(differences_of_details(on), "");
  }
};

TEST_F(details, of_orders_that_change_are_as_the_api_has_them) {
  begin({"--live", "2", "--mutate", "20", "--oddities", "0"});
  const auto daemon = on.start({"run"});
  wait_for("(SELECT count(*) FROM ordersync.order_detail_history) > 200", daemon);
  settle(daemon);
  EXPECT_EQ(differences_of_milestones(on), "");
  EXPECT_EQ(on.query("SELECT count(*) FROM ordersync.orders o WHERE order_status BETWEEN 2 AND 5 AND tb_order_id <> ''"
                     " AND NOT EXISTS (SELECT FROM ordersync.order_details d WHERE d.order_id = o.id)"),
            "0");
  expect_the_truth_of_all();
  const auto before =
      on.query("SELECT md5(string_agg(xmin || ctid::text, ',' ORDER BY order_id)) FROM ordersync.order_details");
  EXPECT_EQ(on.run(all_of_them).status.code, 0);
  EXPECT_EQ(on.query("SELECT md5(string_agg(xmin || ctid::text, ',' ORDER BY order_id)) FROM ordersync.order_details"),
            before)
      << "what has not changed is not written";
}

TEST_F(details, survive_faults_of_the_api_and_kills_of_the_daemon) {
  orders = "200";
  const auto faults = on.directory().write("faults", "detail every 3 status 500\ndetail every 17 cut 40\n");
  begin({"--mutate", "20", "--oddities", "0", "--faults", faults.string()});
  for (int round = 0; round < 6; ++round) {
    auto daemon = on.start({"run"});
    const auto before = on.query(
        "SELECT count(*) + (SELECT count(*) FROM ordersync.order_detail_history) FROM "
        "ordersync.order_details");
    wait_for(
        "(SELECT count(*) FROM ordersync.order_details) + (SELECT count(*) FROM ordersync.order_detail_history) > " +
            before + " + 15",
        daemon);
    daemon.signal(SIGKILL);
    ASSERT_TRUE(daemon.wait().has_value());
  }
  const auto daemon = on.start({"run"});
  settle(daemon);
  EXPECT_EQ(differences_of_milestones(on), "");
  expect_the_truth_of_all();
}

TEST_F(details, that_are_not_permitted_leave_the_mirror_complete_and_status_says_why) {
  begin({"--oddities", "0", "--detail-refused", "status"});
  const auto daemon = on.start({"run"});
  wait_for("EXISTS (SELECT FROM ordersync.detail_accounts)", daemon);
  on.post("/_mutate?n=50", "");
  on.post("/_freeze", "");
  ASSERT_TRUE(poll_until([&] { return differences_from_truth(on).empty(); })) << differences_from_truth(on);
  ASSERT_TRUE(poll_until([&] { return on.run({"status"}).status.code == 0; })) << on.run({"status"}).out;
  const auto status = on.run({"status"});
  EXPECT_THAT(status.out, HasSubstr("details"));
  EXPECT_THAT(status.out, HasSubstr("NOT PERMITTED"));
  EXPECT_THAT(status.out, HasSubstr("has not permitted to read order details"));
  EXPECT_THAT(on.run({"status", "--json"}).out, HasSubstr("\"refused_at\":\"20"));
  EXPECT_EQ(on.query("SELECT count(*) FROM ordersync.order_details"), "0");
  const auto asked = on.run(all_of_them);
  EXPECT_EQ(asked.status.code, 4);
  EXPECT_THAT(asked.err, HasSubstr("does not permit"));
  const auto number = on.query("SELECT tb_order_id FROM ordersync.orders WHERE tb_order_id <> '' LIMIT 1");
  const auto refreshed = on.run({"order", "refresh", number});
  EXPECT_EQ(refreshed.status.code, 0);
  EXPECT_THAT(refreshed.out, HasSubstr("detail: refused"));
  EXPECT_THAT(on.run({"doctor"}).out, HasSubstr("does not permit to read order details"));
  const auto log = daemon.err();
  EXPECT_NE(log.find("details_refused"), std::string::npos);
  EXPECT_EQ(log.find("details_refused"), log.rfind("details_refused")) << "logged once";
}

TEST_F(details, that_are_not_permitted_of_some_orders_are_missing_of_these_alone) {
  begin({"--oddities", "0", "--detail-denied", "5"});
  const auto daemon = on.start({"run"});
  const std::string denied = "SELECT count(*) FROM ordersync.detail_queue WHERE tries > 0";
  wait_for("NOT EXISTS (SELECT FROM ordersync.detail_queue WHERE due_at <= now()) AND (" + denied + ") > 5", daemon);
  const auto left = on.query(denied);
  // All of them at once, one after the other.
  on.query("UPDATE ordersync.detail_queue SET due_at = now() WHERE tries > 0");
  wait_for("NOT EXISTS (SELECT FROM ordersync.detail_queue WHERE due_at <= now() OR tries = 1)", daemon);
  EXPECT_EQ(on.query(denied), left);
  EXPECT_EQ(on.query("SELECT count(*) FROM ordersync.detail_accounts"), "0");
  const auto status = on.run({"status"});
  EXPECT_THAT(status.out, HasSubstr("the details of " + left + " orders could not be read the last time: "));
  EXPECT_THAT(status.out, Not(HasSubstr("NOT PERMITTED")));
}

TEST_F(details, with_oddities_are_kept_as_far_as_they_can_be_and_the_rest_is_in_quarantine) {
  begin({"--detail-numbers", "--detail-thirds", "20", "--wander"});
  const auto daemon = on.start({"run"});
  on.post("/_freeze", "");
  wait_for(
      "NOT EXISTS (SELECT FROM ordersync.detail_queue WHERE due_at <= now()) AND EXISTS (SELECT FROM "
      "ordersync.order_details)",
      daemon);
  on.query("UPDATE ordersync.detail_queue SET due_at = now(), asked = true");
  const auto done = on.run(all_of_them);
  EXPECT_TRUE(done.status.code == 0 || done.status.code == 6) << done.err << "numbers that the list spoilt fail";
  EXPECT_EQ(differences_of_details(on), "");
  EXPECT_NE(on.query("SELECT count(*) FROM ordersync.quarantine WHERE path LIKE 'detail.%' AND resolved_at IS NULL"),
            "0");
}

TEST_F(details, are_read_by_commands_without_a_daemon) {
  begin({"--oddities", "0"});
  const auto synced = on.run({"sync"});
  EXPECT_EQ(synced.status.code, 0) << synced.err;
  EXPECT_THAT(synced.out, HasSubstr("  details  "));
  EXPECT_EQ(on.query("SELECT " + nothing_is_due), "t");
  EXPECT_EQ(differences_of_milestones(on), "");
  const auto paid =
      on.query("SELECT tb_order_id FROM ordersync.orders WHERE order_status = 5 AND tb_order_id <> '' LIMIT 1");
  EXPECT_THAT(on.run({"order", "refresh", paid}).out, HasSubstr("detail: unchanged"));
  const auto unpaid =
      on.query("SELECT tb_order_id FROM ordersync.orders WHERE order_status = 1 AND tb_order_id <> '' LIMIT 1");
  EXPECT_THAT(on.run({"order", "refresh", unpaid}).out, HasSubstr("detail: created"));
  EXPECT_THAT(on.run({"order", "refresh", unpaid, "--json"}).out, HasSubstr("\"unchanged\""));
  const auto queued = on.run({"backfill", "create", "--details", "--from", "2024-05-01", "--to", "2024-06-01"});
  EXPECT_EQ(queued.status.code, 0) << queued.err;
  EXPECT_THAT(queued.out, HasSubstr("main: 600 queued; 600 are to be read"));
  EXPECT_EQ(on.run({"sync"}).status.code, 0);
  EXPECT_EQ(differences_of_details(on), "");
  EXPECT_THAT(on.run({"doctor"}).out, HasSubstr("the API permits to read order details"));
}

TEST_F(details, that_were_read_otherwise_once_are_right_after_a_replay_or_a_retry) {
  begin({"--oddities", "0"});
  EXPECT_EQ(on.run({"sync"}).status.code, 0);
  on.run({"backfill", "create", "--details", "--from", "2024-05-01", "--to", "2024-06-01"});
  EXPECT_EQ(on.run({"sync"}).status.code, 0);
  ASSERT_EQ(differences_of_details(on), "");
  const auto stored = on.query("SELECT count(*) FROM ordersync.order_details");
  const auto rows = "SELECT md5(string_agg(xmin || ctid::text, ',' ORDER BY order_id)) FROM ordersync.order_details";
  const auto before = on.query(rows);
  EXPECT_THAT(on.run({"replay", "--json"}).out, HasSubstr("\"details_changed\":0"));
  EXPECT_EQ(on.query(rows), before);
  // As if an older program had read a field otherwise, known less, and set a value aside.
  const auto misread = [&](const std::string& which) {
    on.query("UPDATE ordersync.order_details SET _content_hash = sha256(''), status = 'misread' WHERE " + which);
    on.query(
        "INSERT INTO ordersync.quarantine (account, order_id, path, reason, raw, raw_sha256, first_seen_at, "
        "last_seen_at) SELECT 'main', order_id, 'detail.baseInfo.status', 'unknown', 'x', sha256('x'), now(), now() "
        "FROM ordersync.order_details WHERE " +
        which);
  };
  const std::string set_aside =
      "SELECT count(*) FROM ordersync.quarantine WHERE path LIKE 'detail.%' AND resolved_at IS NULL";
  misread("true");
  on.query("INSERT INTO ordersync.schema_drift VALUES ('detail.baseInfo.known', now(), now(), 1)");
  EXPECT_THAT(on.run({"replay", "--json"}).out, HasSubstr("\"details_changed\":" + stored));
  EXPECT_EQ(differences_of_details(on), "");
  EXPECT_EQ(on.query(set_aside), "0");
  EXPECT_EQ(on.query("SELECT count(*) FROM ordersync.schema_drift WHERE path = 'detail.baseInfo.known'"), "0");
  misread("order_id = (SELECT min(order_id) FROM ordersync.order_details)");
  EXPECT_EQ(on.query(set_aside), "1");
  const auto retried = on.run({"quarantine", "retry", "--json"});
  EXPECT_THAT(retried.out, HasSubstr("\"details_changed\":1")) << retried.err;
  EXPECT_EQ(on.query(set_aside), "0");
  EXPECT_EQ(differences_of_details(on), "");
  EXPECT_EQ(on.query("SELECT " + nothing_is_due), "t") << "the queue is as it was";
}

TEST_F(details, are_not_read_where_they_are_not_enabled) {
  begin({}, "log: {level: info}\n");
  EXPECT_THAT(on.run({"sync"}).out, Not(HasSubstr("  details  ")));
  EXPECT_EQ(on.query("SELECT count(*) FROM ordersync.detail_queue"), "0");
  const auto refused = on.run(all_of_them);
  EXPECT_EQ(refused.status.code, 2);
  EXPECT_THAT(refused.err, HasSubstr("details.enabled"));
  EXPECT_THAT(on.run({"status"}).out, Not(HasSubstr("details  ")));
}

}  // namespace
}  // namespace ordersync::e2e
