// The vendor's push messages, sent by hand to real daemons whose windows are not due for hours: what they make current
// comes from the messages alone.

#include "core/sha256.hpp"
#include "e2e/scrape.hpp"
#include "e2e/stage.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace ordersync::e2e {
namespace {

using ::testing::HasSubstr;
using namespace std::chrono_literals;
namespace json = boost::json;

const std::string complete =
    "EXISTS (SELECT FROM ordersync.coverage WHERE proven @> tstzrange('2024-05-01+08', now() - interval '30 s'))";

std::string push_address(child_process& daemon) {
  EXPECT_TRUE(daemon.wait_for_stderr("push_listening")) << daemon.err();
  const auto text = daemon.err();
  const auto at = text.find("address=", text.rfind("push_listening")) + 8;
  return text.substr(at, text.find_first_of(" \n", at) - at);
}

struct push : ::testing::Test {
  stage on;

  void configure() {
    on.configure({.sync = "  rate: 1000\n  live: {every: 1d, settle: 1s, overlap: 2d}\n  revisit: []\n  audit: 0\n",
                  .top = "push: {listen: 127.0.0.1:0}\nlog: {level: info}\n"});
  }
  child_process lead() {
    on.start_simulator({"--seed", "5", "--orders", "300", "--from", "2024-05-01", "--to", "2024-06-01"});
    configure();
    auto daemon = on.start({"run"});
    EXPECT_TRUE(daemon.wait_for_stderr("leading ")) << daemon.err();
    on.wait_until(complete);
    return daemon;
  }
  // POSTs the body, signed; the status of the answer.
  std::string send(const std::string& to, const std::string& body, const std::string& signature) const {
    const auto done = test_support::run_process(
        {.argv = {"curl", "--silent", "--max-time", "10", "--output", "/dev/null", "--write-out", "%{http_code}",
                  "--header", "Authorization: " + signature, "--data-binary", body, "http://" + to + "/push"}});
    return done.out;
  }
  std::string send_signed(const std::string& to, const std::string& number) const {
    const auto body = fmt::format(
        R"({{"messageType":"ORDER_PAY_SUCCESS","messagePlatform":1,"messageBody":"{{\"orderId\":\"{}\"}}"}})", number);
    return send(to, body, core::to_hex(core::hmac_sha256_of(access_secret, body)));
  }
  // 1688's numbers of orders to which this happened since the simulator's start, the last first, and what they are now.
  struct happened {
    std::string number, id, status;
  };
  std::vector<happened> orders_that(const std::string& what) {
    std::vector<happened> found;
    std::ifstream log(on.download("/_log"));
    for (std::string line; std::getline(log, line);) {
      const auto event = json::parse(line).as_object();
      if (std::string{event.at("what").as_string().c_str()} == what)
        found.insert(found.begin(), {"", json::serialize(event.at("id")), ""});
    }
    std::ifstream truth(on.download("/_truth"));
    for (std::string line; std::getline(truth, line);) {
      const auto order = json::parse(line).as_object();
      for (auto& one : found) {
        if (json::serialize(order.at("id")) != one.id) continue;
        if (order.at("tb_order_id").is_string()) one.number = order.at("tb_order_id").as_string().c_str();
        one.status = json::serialize(order.at("order_status"));
      }
    }
    std::erase_if(found, [](const happened& one) { return one.number.empty(); });
    return found;
  }
};

TEST_F(push, an_order_is_read_as_soon_as_a_message_names_it) {
  auto daemon = lead();
  const auto to = push_address(daemon);
  on.post("/_mutate?n=20", "");
  const auto changed = orders_that("changed");
  ASSERT_FALSE(changed.empty());
  for (const auto& one : changed) EXPECT_EQ(send_signed(to, one.number), "200");
  for (const auto& one : changed)
    on.wait_until(
        fmt::format("EXISTS (SELECT FROM ordersync.orders WHERE id = {} AND order_status = {})", one.id, one.status));
  on.wait_until("NOT EXISTS (SELECT FROM ordersync.push_messages WHERE outcome IN ('waiting', 'taken'))");
  EXPECT_EQ(on.query("SELECT count(*) > 0 FROM ordersync.push_messages WHERE outcome = 'changed'"), "t");
  const auto delay = on.query(
      "SELECT percentile_disc(0.99) WITHIN GROUP (ORDER BY changed_at - received_at) FROM ordersync.push_messages "
      "WHERE outcome = 'changed'");
  RecordProperty("p99", delay);

  on.post("/_add?n=1", "");
  const auto added = orders_that("created");
  ASSERT_FALSE(added.empty());
  EXPECT_EQ(send_signed(to, added.front().number), "200");
  on.wait_until(fmt::format("EXISTS (SELECT FROM ordersync.orders WHERE id = {})", added.front().id));

  const auto status = on.run({"status"});
  EXPECT_THAT(status.out, HasSubstr("push        ")) << status.out;
  EXPECT_THAT(status.out, HasSubstr("messages in a day")) << status.out;
  const auto shown = json::parse(on.run({"status", "--json"}).out);
  EXPECT_TRUE(shown.at("push").at("listen").as_bool());
  EXPECT_TRUE(shown.at("accounts").at(0).at("push").at("p99_seconds").is_double());
  const auto metrics = get(endpoint_of(daemon), "/metrics").body;
  EXPECT_GE(value(metrics, "ordersync_push_messages_total", "outcome=\"stored\"").value_or(0),
            static_cast<double>(changed.size()));
  EXPECT_EQ(value(metrics, "ordersync_push_listening"), 1);
}

TEST_F(push, a_message_that_nobody_signed_has_no_effect) {
  auto daemon = lead();
  const auto to = push_address(daemon);
  const std::string body = R"({"messageBody":{"orderId":"1"}})";
  EXPECT_EQ(send(to, body, core::to_hex(core::hmac_sha256_of("another", body))), "401");
  EXPECT_EQ(send(to, "{}", ""), "200");
  EXPECT_EQ(on.query("SELECT count(*) FROM ordersync.push_messages"), "0");
  daemon.signal(SIGTERM);
  EXPECT_EQ(daemon.wait().value().code, 0) << daemon.err();
  EXPECT_THAT(daemon.err(), ::testing::Not(HasSubstr(access_secret)));
}

TEST_F(push, a_standby_stores_messages_too_and_whoever_leads_next_reads_them) {
  auto leader = lead();
  auto standby = on.start({"run"});
  ASSERT_TRUE(standby.wait_for_stderr("standing_by")) << standby.err();
  const auto to = push_address(standby);
  on.post("/_mutate?n=20", "");
  const auto changed = orders_that("changed");
  ASSERT_GE(changed.size(), 2U);
  EXPECT_EQ(send_signed(to, changed[0].number), "200");
  on.wait_until(fmt::format("EXISTS (SELECT FROM ordersync.orders WHERE id = {} AND order_status = {})", changed[0].id,
                            changed[0].status));
  leader.signal(SIGKILL);
  EXPECT_EQ(send_signed(to, changed[1].number), "200");
  on.wait_until(fmt::format("EXISTS (SELECT FROM ordersync.orders WHERE id = {} AND order_status = {})", changed[1].id,
                            changed[1].status));
}

TEST_F(push, an_address_that_cannot_be_had_is_an_error_at_once) {
  on.configure({.top = "push: {listen: \"192.0.2.1:1\"}\n"});
  const auto done = on.run({"run"});
  EXPECT_EQ(done.status.code, 2);
  EXPECT_THAT(done.err, HasSubstr("push.listen: cannot listen on 192.0.2.1 port 1"));
}

}  // namespace
}  // namespace ordersync::e2e
