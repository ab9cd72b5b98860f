// Order details in a Citus cluster: read by commands and by the daemon, held against the truth, asked as readers ask
// them, and erased.

#include "e2e/citus_stage.hpp"
#include "e2e/detail_truth.hpp"
#include "e2e/scrape.hpp"

#include <csignal>
#include <sstream>

namespace ordersync::e2e {
namespace {

using ::testing::HasSubstr;

const std::string with_details = "log: {level: warning}\ndetails: {enabled: true, share: 1, younger_than: 3650d}\n";
const std::vector<std::string> all_details{"backfill",   "create", "--details", "--from",
                                           "2024-05-01", "--to",   "2024-06-01"};
const std::string details_at =
    "SELECT md5(string_agg(concat_ws(' ', order_key, version, detail), ',' ORDER BY order_key)) "
    "FROM reporting.orders_at(";

struct citus_details : citus {
  void mirror_details(const std::string& orders) {
    start(orders, {"--oddities", "0"});
    on.configure({.top = with_details});
    distribute();
    expect(0, {"sync"});
    read_all();
  }
  void read_all() {
    expect(0, all_details);
    expect(0, {"sync"});
    ASSERT_EQ(differences_of_distributed_details(on), "");
  }
  void expect_old_reads_to_be_pruned() {
    on.query(
        "UPDATE ordersync.sweeps SET started_at = started_at - interval '3 days', "
        "finished_at = finished_at - interval '3 days'");
    auto daemon = on.start({"run"});
    EXPECT_TRUE(poll_until([&] { return count("ordersync.reads_by_day") != "0"; })) << daemon.err();
    daemon.signal(SIGTERM);
    EXPECT_EQ(daemon.wait().value().code, 0) << daemon.err();
    EXPECT_EQ(daemon.err().find("SQLSTATE"), std::string::npos) << daemon.err();
  }
  void expect_refused(const std::string& member, const std::string& sql, test_support::postgres_cluster& node) {
    try {
      ADD_FAILURE() << member << " may ask: " << sql << ": " << ask_as(member, sql, node).substr(0, 200);
    } catch (const std::runtime_error& why) {
      EXPECT_THAT(why.what(), HasSubstr("permission denied")) << sql;
    }
  }
};

TEST_F(citus_details, equal_the_truth_through_changes_and_orders_at_shows_them_as_they_were) {
  mirror_details("120");
  const auto moment = on.query("SELECT clock_timestamp()");
  const auto before = on.query(details_at + "now())");
  on.post("/_mutate?n=80", "");
  read_again();
  read_all();
  EXPECT_NE(count("ordersync.order_detail_history"), "0");
  EXPECT_EQ(on.query(details_at + "'" + moment + "')"), before);
  EXPECT_NE(on.query(details_at + "now())"), before);
  EXPECT_EQ(on.query("SELECT count(*) FILTER (WHERE detail IS NULL) || ' ' || count(*) FROM reporting.orders_at(now())"
                     " WHERE tb_order_id <> ''"),
            "0 " + on.query("SELECT count(*) FROM ordersync.orders WHERE tb_order_id <> ''"));
  EXPECT_EQ(on.query("SELECT count(*) FROM reporting.order_detail_versions WHERE valid_to IS NULL"),
            count("ordersync.order_details"));
}

TEST_F(citus_details, are_read_by_the_daemon_and_shown_by_every_command) {
  mirror_details("100");
  on.configure({.sync = "  rate: 10000\n  audit: 0\n  live: {every: 1s, settle: 1s, overlap: 5s}\n"
                        "  revisit: [{younger_than: 3650d, every: 2s}]\n",
                .top = with_details});
  auto daemon = on.start({"run"});
  on.post("/_mutate?n=100", "");
  on.wait_until("(SELECT count(*) FROM ordersync.order_detail_history) > 0");
  EXPECT_TRUE(poll_until([&] { return differences_of_distributed(on).empty(); })) << daemon.err();
  EXPECT_THAT(on.run({"status"}).out, HasSubstr("details"));
  daemon.signal(SIGTERM);
  EXPECT_EQ(daemon.wait().value().code, 0) << daemon.err();
  EXPECT_EQ(daemon.err().find("SQLSTATE"), std::string::npos) << daemon.err();
  expect_old_reads_to_be_pruned();
  const auto number = on.query(
      "SELECT o.order_no FROM ordersync.orders o JOIN ordersync.order_shipments s "
      "ON s.order_id = o.id ORDER BY 1 LIMIT 1");
  EXPECT_THAT(expect(0, {"order", "show", number}), HasSubstr(number));
  EXPECT_THAT(expect(0, {"order", "refresh", number}), HasSubstr("detail: "));
  for (const auto* what : {"orders", "items"})
    EXPECT_THAT(expect(0, {"export", what, "--to", "2024-06-01", "--format", "csv"}), HasSubstr("order_id")) << what;
  for (const auto* what : {"payments", "shipments"}) {
    const auto done = on.run({"export", what, "--to", "2024-06-01", "--format", "csv"});
    // With 6 where a detail that the last change asks for was not read before the daemon ended.
    EXPECT_TRUE(done.status.code == 0 || done.status.code == 6) << done.err;
    EXPECT_THAT(done.out, HasSubstr("order_id")) << what;
  }
  EXPECT_THAT(expect(0, {"export", "orders", "--to", "2024-06-01", "--format", "ndjson", "--personal"}),
              HasSubstr("contacts"));
  EXPECT_NE(expect(0, {"changes", "--json"}), "");
  expect(0, {"replay"});
  expect(0, {"verify", "--from", "2024-05-01", "--to", "2024-06-01"});
  expect(0, {"quarantine", "list"});
}

TEST_F(citus_details, are_shown_to_readers_by_views_without_what_people_wrote) {
  mirror_details("100");
  make_readers();
  std::istringstream views(
      on.query("SELECT relname FROM pg_class WHERE relkind = 'v' AND relnamespace = 'reporting'::regnamespace"));
  for (const std::string member : {"analyst", "auditor"}) {
    views.clear();
    views.seekg(0);
    for (std::string view; std::getline(views, view);)
      EXPECT_NO_THROW(ask_as(member, "SELECT v::text FROM reporting." + view + " v")) << member << " " << view;
    EXPECT_EQ(ask_as(member, details_at + "now())"), on.query(details_at + "now())"));
    for (const auto* some : {"payments", "shipments", "refund_requests", "order_detail_versions"})
      EXPECT_NE(ask_as(member, fmt::format("SELECT count(*) FROM reporting.{}", some)), "0") << some;
    auto& cluster = shared_citus_cluster();
    for (auto* node : {&cluster.coordinator(), &cluster.first_worker(), &cluster.second_worker()}) {
      for (const auto* column : {"*", "buyer_feedback", "remark", "close_remark"})
        expect_refused(member, fmt::format("SELECT {} FROM ordersync.order_details", column), *node);
      for (const auto* table : {"order_detail_payloads", "order_refund_payloads", "detail_queue", "stored_payloads"})
        expect_refused(member, fmt::format("SELECT * FROM ordersync.{}", table), *node);
      if (member == "analyst") expect_refused(member, "SELECT * FROM ordersync.order_contacts", *node);
      if (member == "analyst") expect_refused(member, "SELECT * FROM ordersync.order_receivers", *node);
    }
    expect_refused(member, "SELECT * FROM ordersync.quarantine", cluster.coordinator());
  }
}

TEST_F(citus_details, of_an_erased_order_stay_away) {
  mirror_details("100");
  const auto id = on.query(
      "SELECT d.order_id FROM ordersync.order_details d JOIN ordersync.order_contacts c USING (order_id) "
      "WHERE coalesce(d.buyer_memo, d.remark, d.buyer_feedback) <> '' ORDER BY 1 LIMIT 1");
  ASSERT_NE(id, "");
  expect(0, {"erase", "--order", id});
  const auto what_is_left = [&] {
    return on.query(fmt::format(
        "SELECT (SELECT count(*) FROM ordersync.order_contacts WHERE order_id = {0}) || ' ' || (SELECT count(*) FROM "
        "ordersync.order_detail_payloads WHERE order_id = {0}) || ' ' || (SELECT count(*) FROM "
        "ordersync.order_refund_payloads WHERE order_id = {0}) || ' ' || (SELECT count(*) FROM ordersync.order_details "
        "WHERE order_id = {0} AND coalesce(buyer_feedback, buyer_memo, remark, close_remark) IS NULL)",
        id));
  };
  EXPECT_EQ(what_is_left(), "0 0 0 1");
  on.post("/_mutate?n=80", "");
  read_again();
  expect(0, all_details);
  expect(0, {"sync"});
  EXPECT_EQ(what_is_left(), "0 0 0 1");
  on.configure({.top = with_details + "retention: {personal_data: 400d}\n"});
  EXPECT_THAT(expect(0, {"retention", "--dry-run"}), HasSubstr("would erase from "));
  expect(0, {"retention"});
  EXPECT_EQ(count("ordersync.order_contacts"), "0");
  EXPECT_EQ(count("ordersync.order_detail_payloads"), "0");
}

}  // namespace
}  // namespace ordersync::e2e
