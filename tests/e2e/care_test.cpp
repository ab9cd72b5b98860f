// Looking after the mirror, with real programs: erasing, quarantine, replay, verify.

#include "e2e/stage.hpp"
#include "e2e/truth.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <sstream>
#include <string>

namespace ordersync::e2e {
namespace {

const std::vector<std::string> may{"backfill", "create", "--from", "2024-05-01", "--to", "2024-06-01", "--foreground"};
const std::vector<std::string> verify_may{"verify", "--from", "2024-05-01", "--to", "2024-06-01", "--json"};

class care : public ::testing::Test {
 protected:
  void mirror(const std::string& orders, std::vector<std::string> more = {}) {
    std::vector<std::string> arguments{"--seed", "7", "--orders", orders, "--from", "2024-05-01", "--to", "2024-06-01"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    on.start_simulator(arguments);
    on.configure();
    on.migrate();
    on.run({"sync"});
    ASSERT_EQ(differences_from_truth(on), "");
  }

  // Rows of whatever table of ours that show the text anywhere.
  std::string sightings(const std::string& text) {
    const auto each = on.query(
        "select string_agg(format('select %L as t, r::text from ordersync.%I r', relname, relname), ' union all ')"
        " from pg_class where relnamespace = 'ordersync'::regnamespace and relkind in ('r', 'p')");
    return on.query("select t, count(*) from (" + each + ") x where strpos(r, '" + text + "') > 0 group by 1");
  }

  stage on;
};

TEST_F(care, a_mobile_number_that_is_erased_is_nowhere_and_does_not_come_back) {
  mirror("500");
  const auto number = on.query("select mobile from ordersync.order_receivers where mobile ~ '^1[0-9]{10}$' limit 1");
  const auto owner = on.query("select order_id from ordersync.order_receivers where mobile = '" + number + "' limit 1");
  const auto name = on.query("select full_name from ordersync.order_receivers where order_id = " + owner);
  ASSERT_NE(sightings(number), "");

  const auto done = on.run({"erase", "--mobile", "+86 " + number});
  ASSERT_EQ(done.status.code, 0) << done.err;
  EXPECT_NE(done.out.find("erased from "), std::string::npos) << done.out;
  EXPECT_EQ(done.out.find(number), std::string::npos);
  EXPECT_EQ(sightings(number), "");
  EXPECT_EQ(on.query("select count(*) from ordersync.order_payloads where order_id = " + owner), "0");
  EXPECT_EQ(on.query("select count(*) from ordersync.orders"), "500");

  const auto before = on.query(row_versions);
  on.run(may);
  EXPECT_EQ(on.query(row_versions), before);
  EXPECT_EQ(sightings(number), "");

  on.post("/_mutate?n=400", "");
  on.run(may);
  EXPECT_NE(on.query(row_versions), before);
  EXPECT_EQ(sightings(number), "");
}

TEST_F(care, an_order_is_erased_by_its_id_and_the_verb_wants_one_thing) {
  mirror("100");
  const auto id = on.query("select min(order_id) from ordersync.order_receivers");
  const auto dry = on.run({"erase", "--order", id, "--dry-run", "--json"});
  const auto done = on.run({"erase", "--order", id, "--json"});
  EXPECT_EQ(dry.out, done.out) << "what it tells in advance is what it takes";
  ASSERT_EQ(done.status.code, 0) << done.err;
  EXPECT_NE(done.out.find(R"("receivers":1)"), std::string::npos) << done.out;
  EXPECT_EQ(on.query("select count(*) from ordersync.order_receivers where order_id = " + id), "0");
  EXPECT_EQ(on.run({"erase"}).status.code, 2);
  EXPECT_EQ(on.run({"erase", "--order", id, "--mobile", "13800138000"}).status.code, 2);
  EXPECT_EQ(on.run({"erase", "--mobile", "nobody"}).status.code, 2);
  EXPECT_EQ(on.run({"erase", "--order", "99"}).status.code, 0);
}

TEST_F(care, what_is_too_old_is_erased_by_the_verb_and_by_the_daemon) {
  mirror("1500");
  EXPECT_EQ(on.run({"retention"}).status.code, 2) << "it is off";
  on.configure({.top = "log: {level: warning}\nretention: {payloads: 400d}\n"});
  const auto dry = on.run({"retention", "--dry-run"});
  EXPECT_EQ(dry.status.code, 0) << dry.err;
  EXPECT_NE(dry.out.find("would erase from 1500 orders: 0 receivers, 0 warehouse addresses, 1500 payloads"),
            std::string::npos)
      << dry.out;
  EXPECT_EQ(on.query("select count(*) from ordersync.order_payloads"), "1500");
  EXPECT_EQ(on.run({"retention"}).status.code, 0);
  EXPECT_EQ(on.query("select count(*) from ordersync.order_payloads"), "0");
  EXPECT_NE(on.query("select count(*) from ordersync.order_receivers"), "0");

  on.configure({.top = "log: {level: warning}\nretention: {personal_data: 400d}\n", .start = "2024-06-01"});
  auto daemon = on.start({"run"});
  on.wait_until(
      "not exists (select from ordersync.order_receivers) and not exists (select from "
      "ordersync.order_warehouse_addresses)"
      " and not exists (select from ordersync.quarantine where raw not like 'erased:%')");
  EXPECT_EQ(on.query("select count(*) from ordersync.orders where created_at < '2024-06-01+08'"), "1500");
}

TEST_F(care, quarantine_is_listed_shown_and_tried_again) {
  mirror("1000");
  const auto open = on.query("select count(*) from ordersync.quarantine where resolved_at is null");
  ASSERT_NE(open, "0");
  const auto list = on.run({"quarantine", "list", "--each"});
  EXPECT_EQ(list.status.code, 6) << list.err;
  EXPECT_EQ(std::to_string(std::count(list.out.begin(), list.out.end(), '\n')), open);
  const auto first = on.query("select min(id) from ordersync.quarantine");
  const auto shown = on.run({"quarantine", "show", first});
  EXPECT_EQ(shown.status.code, 0) << shown.err;
  EXPECT_NE(shown.out.find("the text, "), std::string::npos) << shown.out;
  EXPECT_EQ(on.run({"quarantine", "show", "999999"}).status.code, 2);

  const auto before = on.query(row_versions);
  const auto retried = on.run({"quarantine", "retry"});
  EXPECT_EQ(retried.status.code, 6) << retried.err;
  EXPECT_NE(retried.out.find("0 of " + open + " resolved"), std::string::npos) << retried.out;
  EXPECT_EQ(on.query(row_versions), before) << "nothing changed, nothing is written";

  // As if the program could not read it before.
  on.query(
      "insert into ordersync.quarantine (account, order_id, path, reason, raw, raw_sha256, first_seen_at,"
      " last_seen_at) select 'main', id, 'orderJson', 'not read before', '{}', sha256('{}'), now(), now()"
      " from ordersync.orders where not exists (select from ordersync.quarantine q where q.order_id = id) limit 1");
  on.query(
      "update ordersync.orders o set _content_hash = sha256('') from ordersync.quarantine q"
      " where q.order_id = o.id and q.reason = 'not read before'");
  const auto now_good = on.query("select id from ordersync.quarantine where reason = 'not read before'");
  const auto done = on.run({"quarantine", "retry", now_good});
  EXPECT_EQ(done.status.code, 0) << done.out << done.err;
  EXPECT_NE(done.out.find("1 of 1 resolved"), std::string::npos) << done.out;
  EXPECT_EQ(on.run({"quarantine", "retry", now_good}).status.code, 2) << "it is resolved already";
}

TEST_F(care, kinds_of_values_in_quarantine_are_listed_and_accepted_until_nothing_is_open) {
  mirror("1000");
  const auto kinds = on.query("select count(distinct (kind_path, kind_reason)) from ordersync.quarantine");
  const auto list = on.run({"quarantine", "list"});
  EXPECT_EQ(list.status.code, 6) << list.err;
  EXPECT_EQ(std::to_string(std::count(list.out.begin(), list.out.end(), '\n')), std::to_string(2 * std::stoi(kinds)))
      << list.out;
  const auto open = on.query("select count(*) from ordersync.quarantine");
  EXPECT_NE(on.run({"status"}).out.find(fmt::format("in quarantine ({} value", open)), std::string::npos);
  EXPECT_EQ(on.run({"status"}).status.code, 6);

  const auto refused = on.run({"quarantine", "accept", "--path", "nowhere", "--reason", "known"});
  EXPECT_EQ(refused.status.code, 2);
  EXPECT_NE(refused.err.find(on.query("select min(kind_path) from ordersync.quarantine")), std::string::npos)
      << refused.err;
  std::istringstream paths{on.query("select distinct kind_path from ordersync.quarantine")};
  for (std::string path; std::getline(paths, path);) {
    const auto done = on.run({"quarantine", "accept", "--path", path, "--reason", "nobody can change that"});
    EXPECT_EQ(done.status.code, 0) << done.err;
    EXPECT_NE(done.out.find("nobody can change that"), std::string::npos) << done.out;
  }
  const auto status = on.run({"status"});
  EXPECT_EQ(status.status.code, 0) << status.out;
  EXPECT_NE(status.out.find(fmt::format("accepted ({} value", open)), std::string::npos) << status.out;
  const auto rest = on.run({"quarantine", "list"});
  EXPECT_EQ(rest.status.code, 0);
  EXPECT_EQ(rest.out, fmt::format("nothing in quarantine that is not accepted\n{} kinds accepted ({} values): see "
                                  "ordersync quarantine list --accepted\n",
                                  kinds, open));
  EXPECT_EQ(on.run({"quarantine", "list", "--accepted"}).status.code, 0);
  EXPECT_EQ(on.run({"quarantine", "retry"}).status.code, 0) << "what remains is accepted";
  EXPECT_EQ(on.run({"sync"}).status.code, 0);

  const auto path = on.query("select min(kind_path) from ordersync.quarantine");
  EXPECT_EQ(on.run({"quarantine", "accept", "--path", path, "--undo"}).status.code, 0);
  EXPECT_EQ(on.run({"quarantine", "list"}).status.code, 6);
}

TEST_F(care, a_single_value_in_quarantine_is_accepted_by_its_id_and_the_command_wants_one_thing) {
  mirror("1000");
  const auto id = on.query("select min(id) from ordersync.quarantine");
  const auto done = on.run({"quarantine", "accept", id, "--reason", "a test order", "--json"});
  EXPECT_EQ(done.status.code, 0) << done.err;
  EXPECT_NE(done.out.find(R"("why":"a test order","by":")"), std::string::npos) << done.out;
  EXPECT_NE(on.run({"quarantine", "show", id}).out.find("a test order"), std::string::npos);
  EXPECT_NE(on.run({"quarantine", "list", "--accepted", "--each"}).out.find(id + "  "), std::string::npos);
  EXPECT_EQ(on.run({"quarantine", "accept", "--reason", "what?"}).status.code, 2);
  EXPECT_EQ(on.run({"quarantine", "accept", id, "--path", "receiver", "--reason", "both"}).status.code, 2);
  EXPECT_EQ(on.run({"quarantine", "accept", id}).status.code, 2) << "a reason is missing";
  EXPECT_EQ(on.run({"quarantine", "accept", id, "--reason", " "}).status.code, 2);
  EXPECT_EQ(on.run({"quarantine", "accept", "--path", "a\xff", "--reason", "no UTF-8"}).status.code, 2);
  EXPECT_EQ(on.run({"quarantine", "accept", "999999", "--reason", "not there"}).status.code, 2);
  EXPECT_EQ(on.run({"quarantine", "accept", id, "--undo"}).status.code, 0);
  EXPECT_EQ(on.run({"quarantine", "accept", id, "--undo"}).status.code, 2);
}

TEST_F(care, a_whole_order_in_quarantine_is_read_again) {
  on.start_simulator({"--orders", "12", "--from", "2024-05-01", "--to", "2024-05-02", "--oddities", "0", "--faults",
                      on.directory().write("faults", "from 1 bad-id 1\n").string()});
  on.configure();
  on.migrate();
  on.run({"backfill", "create", "--from", "2024-05-01", "--to", "2024-05-02", "--foreground"});
  ASSERT_NE(on.query("select count(*) from ordersync.quarantine where order_id is null and resolved_at is null"), "0");
  EXPECT_EQ(on.run({"quarantine", "retry"}).status.code, 6);
  on.post("/_faults", "");
  const auto done = on.run({"quarantine", "retry", "--json"});
  EXPECT_EQ(done.status.code, 0) << done.out << done.err;
  EXPECT_EQ(on.query("select count(*) from ordersync.quarantine where resolved_at is null"), "0");
  EXPECT_EQ(differences_from_truth(on), "");
}

TEST_F(care, replaying_unchanged_payloads_writes_nothing_and_status_names_what_was_never_seen) {
  mirror("3000");
  const auto before = on.query(row_versions);
  const auto done = on.run({"replay", "--json"});
  EXPECT_EQ(done.status.code, 0) << done.err;
  EXPECT_NE(done.out.find(R"("created":0,"changed":0,"unchanged":3000,"overtaken":0,"unusable":0)"), std::string::npos)
      << done.out;
  EXPECT_EQ(on.query(row_versions), before);
  const auto path = on.query("select path from ordersync.schema_drift order by first_seen_at desc, path limit 1");
  ASSERT_NE(path, "");
  EXPECT_NE(on.run({"status"}).out.find("unknown fields or values: " + path), std::string::npos);
  EXPECT_NE(on.run({"status", "--json"}).out.find(R"("schema_drift":[{"path":)"), std::string::npos);
}

TEST_F(care, a_replay_that_is_killed_goes_on_where_it_stood_and_writes_what_it_reads_otherwise) {
  mirror("12000");
  // As if the program had read a field otherwise before.
  on.query("update ordersync.orders set _content_hash = sha256(''), close_reason = 'misread' where id % 10 = 0");
  const auto misread = on.query("select count(*) from ordersync.orders where close_reason = 'misread'");
  auto first = on.start({"replay"});
  on.wait_until("exists (select from ordersync.replays where position > 0)");
  first.signal(SIGKILL);
  first.wait();
  const auto done = on.run({"replay", "--json"});
  EXPECT_EQ(done.status.code, 0) << done.err;
  EXPECT_EQ(on.query("select count(*), max(changed), max(changed + unchanged) from ordersync.replays"),
            "1|" + misread + "|12000");
  EXPECT_EQ(differences_from_truth(on), "");
  EXPECT_EQ(on.query("select count(*) from ordersync.orders where _observed_at > (select max(finished_at) from "
                     "ordersync.sweeps)"),
            "0");
}

TEST_F(care, a_mirror_that_is_right_verifies_and_one_that_is_not_is_reported_and_repaired) {
  mirror("3000");
  const auto right = on.run(verify_may);
  EXPECT_EQ(right.status.code, 0) << right.out << right.err;
  EXPECT_NE(right.out.find(R"("differences":[])"), std::string::npos) << right.out;

  on.post("/_mutate?n=40", "");
  on.query("delete from ordersync.orders where id in (select id from ordersync.orders order by md5(id::text) limit 3)");
  const auto wrong = on.run(verify_may);
  EXPECT_EQ(wrong.status.code, 6) << wrong.out << wrong.err;
  EXPECT_NE(wrong.out.find(R"("difference":"status")"), std::string::npos) << wrong.out;
  EXPECT_NE(wrong.out.find(R"("difference":"missing")"), std::string::npos) << wrong.out;

  auto fix = verify_may;
  fix.push_back("--fix");
  const auto fixed = on.run(fix);
  EXPECT_EQ(fixed.status.code, 0) << fixed.out << fixed.err;
  EXPECT_EQ(on.query("select count(*) from ordersync.orders"), "3000");
  EXPECT_NE(on.query("select count(*) from ordersync.sweeps where kind = 'verify'"), "0");
}

TEST_F(care, verifying_finds_orders_that_the_api_does_not_know_any_more_and_repairing_marks_them) {
  mirror("1000");
  const auto ids = on.query(
      "select string_agg(id::text, ' ') from (select id from ordersync.orders where tb_order_id ~ '^[0-9]+$' "
      "order by md5(id::text) limit 3) t");
  on.post("/_vanish", ids);
  const auto wrong = on.run(verify_may);
  EXPECT_EQ(wrong.status.code, 6) << wrong.out << wrong.err;
  EXPECT_NE(wrong.out.find(R"("difference":"not_shown")"), std::string::npos) << wrong.out;
  auto fix = verify_may;
  fix.push_back("--fix");
  const auto fixed = on.run(fix);
  EXPECT_EQ(fixed.status.code, 0) << fixed.out << fixed.err;
  EXPECT_EQ(on.query("select string_agg(id::text, ' ' order by md5(id::text)) from ordersync.orders where _vanished_at "
                     "is not null"),
            ids);
  EXPECT_EQ(differences_from_truth(on), "");
}

TEST_F(care, an_order_that_the_api_does_not_show_any_more_is_a_difference) {
  mirror("300");
  on.query(
      "create temporary table t as select * from ordersync.orders order by created_at limit 1;"
      "update t set id = 5, created_at = created_at + interval '1 hour', tb_created_at = created_at + interval '1 "
      "hour';"
      "insert into ordersync.orders select * from t");
  const auto done = on.run(verify_may);
  EXPECT_EQ(done.status.code, 6) << done.out << done.err;
  EXPECT_NE(done.out.find(R"("difference":"not_shown","order_id":"5")"), std::string::npos) << done.out;
}

TEST_F(care, an_api_that_is_away_cannot_be_verified_against) {
  mirror("50");
  on.stop_simulator();
  EXPECT_EQ(on.run(verify_may).status.code, 3);
  EXPECT_EQ(on.run({"verify", "--from", "2024-05-02", "--to", "2024-05-01"}).status.code, 2);
}

}  // namespace
}  // namespace ordersync::e2e
