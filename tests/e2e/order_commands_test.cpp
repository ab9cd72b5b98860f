// One order by hand: `order show` and `order refresh`, with and without a daemon.

#include "e2e/scrape.hpp"
#include "e2e/stage.hpp"
#include "e2e/truth.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>
#include <regex>
#include <sstream>

namespace ordersync::e2e {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Test;

struct order_commands : Test {
  stage on;

  order_commands() {
    on.start_simulator(
        {"--seed", "7", "--orders", "200", "--from", "2024-05-01", "--to", "2024-06-01", "--oddities", "0"});
    on.configure();
    on.migrate();
  }
  void mirror() { ASSERT_EQ(on.run({"sync"}).status.code, 0); }

  std::string one(const std::string& column) {
    return on.query("SELECT " + column + " FROM ordersync.orders WHERE tb_order_id ~ '^[0-9]+$' ORDER BY id LIMIT 1");
  }
  std::vector<std::string> ids() {
    std::istringstream lines(on.query("SELECT id FROM ordersync.orders ORDER BY id"));
    std::vector<std::string> all;
    for (std::string id; std::getline(lines, id);) all.push_back(id);
    return all;
  }
  finished_process refresh(const std::vector<std::string>& numbers) {
    std::vector<std::string> verb{"order", "refresh"};
    verb.insert(verb.end(), numbers.begin(), numbers.end());
    return on.run(std::move(verb));
  }
};

TEST_F(order_commands, show_an_order_by_each_of_its_numbers) {
  mirror();
  for (const auto* column : {"id::text", "order_no", "tb_order_id"}) {
    const auto shown = on.run({"order", "show", one(column)});
    EXPECT_EQ(shown.status.code, 0) << shown.err;
    EXPECT_THAT(shown.out,
                HasSubstr("order " + one("id::text") + ": " + one("reporting.order_status_name(order_status)")));
    EXPECT_THAT(shown.out, HasSubstr("its creation time is proven complete"));
    EXPECT_THAT(shown.out, HasSubstr("history\n"));
  }
  const auto shown = on.run({"order", "show", one("id::text"), "--json"});
  EXPECT_THAT(shown.out, HasSubstr(R"("id":")" + one("id::text") + R"(")"));
  EXPECT_THAT(shown.out, HasSubstr(R"("kind":"live")"));
}

TEST_F(order_commands, show_personal_data_to_who_asks_for_it_alone) {
  mirror();
  const auto found = on.query(
      "SELECT order_id || '|' || address FROM ordersync.order_receivers WHERE address ~ '^[^[:cntrl:]|]{4,}$' "
      "ORDER BY order_id LIMIT 1");
  const auto bar = found.find('|');
  ASSERT_NE(bar, std::string::npos) << found;
  const auto id = found.substr(0, bar);
  const auto address = found.substr(bar + 1);
  for (const std::string form : {"", "--json"}) {
    std::vector<std::string> verb{"order", "show", id};
    if (!form.empty()) verb.push_back(form);
    EXPECT_THAT(on.run(verb).out, Not(HasSubstr(address)));
    verb.emplace_back("--personal");
    EXPECT_THAT(on.run(verb).out, HasSubstr(address));
  }
}

TEST_F(order_commands, say_why_an_order_may_not_be_in_the_mirror) {
  mirror();
  const auto absent = on.run({"order", "show", "123456789"});
  EXPECT_EQ(absent.status.code, 6);
  EXPECT_THAT(absent.out, HasSubstr("order 123456789 is not in the mirror"));
  EXPECT_THAT(absent.out, HasSubstr("created before sync.start (2024-05-01T00:00:00+08:00)"));
  EXPECT_THAT(absent.out, HasSubstr("the API does not return it"));
  on.query(
      "UPDATE ordersync.coverage SET proven = proven - tstzmultirange(tstzrange('2024-05-12+08', '2024-05-13+08'))");
  const auto gap = on.run({"order", "show", "123456789"});
  EXPECT_EQ(gap.status.code, 6);
  EXPECT_THAT(gap.out, HasSubstr("it was created in a gap of account main: one range is not proven complete"));
  EXPECT_THAT(gap.out, HasSubstr("2024-05-12T00:00:00+08:00 to 2024-05-13T00:00:00+08:00"));
  EXPECT_THAT(gap.out, Not(HasSubstr("the API does not return it")));
  EXPECT_THAT(on.run({"order", "show", "123456789", "--json"}).out, HasSubstr(R"("code":"gap")"));
}

TEST_F(order_commands, take_any_text_for_a_number) {
  mirror();
  for (const std::string& number : {std::string{"'; DROP TABLE ordersync.orders; --"}, std::string(10'000, '9'),
                                    std::string{"订单号 ١٢٣"}, std::string{"\x1b[31mred\x07"}, std::string{"\xff\xfe"},
                                    std::string{"%"}, std::string{"99999999999999999999"}}) {
    const auto shown = on.run({"order", "show", "--", number});
    EXPECT_EQ(shown.status.code, 6) << number.substr(0, 20) << shown.err;
    EXPECT_THAT(shown.out, Not(HasSubstr("\x1b")));
    EXPECT_LT(shown.out.size(), 5'000U);
    EXPECT_EQ(on.run({"order", "show", "--json", "--", number}).status.code, 6);
  }
  EXPECT_EQ(refresh({"'; DROP TABLE ordersync.orders; --"}).status.code, 6);
  EXPECT_EQ(on.run({"order", "show", " "}).status.code, 2);
  EXPECT_EQ(on.run({"order", "show"}).status.code, 2);
  EXPECT_EQ(on.query("SELECT count(*) FROM ordersync.orders"), "200");
}

TEST_F(order_commands, refresh_what_has_changed_and_say_what) {
  mirror();
  EXPECT_EQ(refresh({one("order_no")}).out, "order " + one("id::text") + ": unchanged\n");
  on.post("/_mutate?n=300", "");
  const auto done = refresh(ids());
  EXPECT_EQ(done.status.code, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr(": changed:\n  "));
  EXPECT_THAT(done.out, HasSubstr(" -> "));
  EXPECT_EQ(differences_from_truth(on), "");
  const auto again = refresh(ids());
  EXPECT_THAT(again.out, Not(HasSubstr("changed:")));
  const auto shown = on.run({"order", "show", one("id::text")});
  EXPECT_THAT(shown.out, HasSubstr("apart from its window: asked for by ordersync order refresh"));
}

TEST_F(order_commands, refresh_finds_an_order_that_the_mirror_does_not_have_yet) {
  mirror();
  on.post("/_add?n=1", "");
  std::ifstream truth(on.download("/_truth"));
  std::stringstream text;
  text << truth.rdbuf();
  std::string number;
  const std::regex field{R"x("tb_order_id": ?"([0-9]+)")x"};
  const auto all = text.str();
  for (std::sregex_iterator at(all.begin(), all.end(), field), end; at != end; ++at)
    if (on.query("SELECT count(*) FROM ordersync.orders WHERE tb_order_id = '" + (*at)[1].str() + "'") == "0")
      number = (*at)[1].str();
  ASSERT_FALSE(number.empty());
  const auto done = refresh({number});
  EXPECT_EQ(done.status.code, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr(": new: stored"));
  EXPECT_EQ(on.query("SELECT count(*) FROM ordersync.orders WHERE tb_order_id = '" + number + "'"), "1");
  EXPECT_EQ(on.query("SELECT outcome FROM ordersync.sweeps WHERE order_ids IS NOT NULL"), "partial");
}

TEST_F(order_commands, refresh_says_that_neither_knows_a_number) {
  mirror();
  const auto done = refresh({"123456789", "A-77"});
  EXPECT_EQ(done.status.code, 6) << done.err;
  EXPECT_THAT(done.out, HasSubstr("number 123456789: not in the mirror, and the API does not know it"));
  EXPECT_THAT(done.out, HasSubstr("number A-77: not in the mirror, and it is no number of 1688's"));
}

TEST_F(order_commands, refresh_leaves_an_order_that_the_api_does_not_return) {
  mirror();
  on.post("/_vanish", one("id::text"));
  const auto done = refresh({one("id::text")});
  EXPECT_EQ(done.status.code, 6) << done.err;
  EXPECT_THAT(done.out, HasSubstr("the API does not return it"));
  EXPECT_EQ(on.query("SELECT count(*) FROM ordersync.orders WHERE _vanished_at IS NOT NULL"), "0");
}

TEST_F(order_commands, refresh_takes_the_mark_from_an_order_that_is_back) {
  mirror();
  on.query("UPDATE ordersync.orders SET _vanished_at = now() WHERE id = " + one("id::text"));
  const auto done = refresh({one("id::text"), "--json"});
  EXPECT_EQ(done.status.code, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr(R"("outcome":"changed")"));
  EXPECT_THAT(done.out, HasSubstr(R"("field":"vanished")"));
  EXPECT_EQ(on.query("SELECT count(*) FROM ordersync.orders WHERE _vanished_at IS NOT NULL"), "0");
}

TEST_F(order_commands, work_beside_a_daemon_that_leads) {
  // So that nobody else reads the changed orders.
  on.configure({.sync = "  rate: 1000\n  live: {every: 1s, settle: 1s, overlap: 5s}\n  revisit: []\n  audit: 0\n"});
  auto daemon = on.start({"run"});
  on.wait_until(
      "EXISTS (SELECT FROM ordersync.coverage WHERE proven @> tstzrange('2024-05-01+08', now() - interval '20 s'))");
  on.post("/_mutate?n=300", "");
  const auto done = refresh(ids());
  EXPECT_EQ(done.status.code, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr(": changed:\n"));
  EXPECT_EQ(on.run({"order", "show", one("id::text")}).status.code, 0);
}

// What the status page asks of a daemon, and who is told to ask the leader instead.
TEST_F(order_commands, are_served_by_the_daemon_that_leads) {
  mirror();
  const auto token = on.directory().write("admin-token", "canary-admin-token-0123456789").string();
  on.configure({.sync = "  rate: 1000\n  revisit: []\n",
                .top = "log: {level: info}\n",
                .service = "listen: 127.0.0.1:0, admin_token_file: " + token});
  auto leader = on.start({"run"});
  ASSERT_TRUE(leader.wait_for_stderr("account_ready")) << leader.err();
  auto standby = on.start({"run"});
  ASSERT_TRUE(standby.wait_for_stderr("standing_by")) << standby.err();
  const auto refresh_at = [&](const std::string& address, const std::string& body) {
    return test_support::run_process({.argv = {"curl", "--silent", "--max-time", "60", "--write-out", "\n%{http_code}",
                                               "--header", "Content-Type: application/json", "--header",
                                               "Authorization: Bearer canary-admin-token-0123456789", "--data", body,
                                               "http://" + address + "/api/order/refresh"}})
        .out;
  };
  const auto body = R"({"number": ")" + one("id::text") + R"("})";
  const auto led = refresh_at(endpoint_of(leader), body);
  EXPECT_THAT(led, HasSubstr(R"("outcome":"unchanged")"));
  EXPECT_THAT(led, HasSubstr("\n200"));
  const auto stood_by = refresh_at(endpoint_of(standby), body);
  EXPECT_THAT(stood_by, HasSubstr("This daemon owns no account"));
  EXPECT_THAT(stood_by, HasSubstr("\n409"));
  EXPECT_THAT(get(endpoint_of(standby), "/api/order?number=" + one("order_no")).body, HasSubstr(one("id::text")));
  EXPECT_EQ(get(endpoint_of(leader), "/api/order").status, "400");
  EXPECT_THAT(leader.err(), HasSubstr("orders_refreshed"));
  EXPECT_THAT(leader.err(), Not(HasSubstr(one("id::text"))));
}

TEST_F(order_commands, refresh_without_the_api_is_exit_code_3) {
  mirror();
  on.stop_simulator();
  on.configure({.api = "  request_timeout: 1s\n"});
  const auto done = refresh({one("id::text")});
  EXPECT_EQ(done.status.code, 3) << done.out << done.err;
  EXPECT_EQ(on.run({"order", "show", one("id::text")}).status.code, 0);
}

}  // namespace
}  // namespace ordersync::e2e
