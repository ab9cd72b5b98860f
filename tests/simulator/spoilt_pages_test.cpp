// Faults that change what a reply says; those of the wire are in delivery_test.cpp.
#include "asking.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

namespace pandapon_sim::testing {
namespace {

world with_faults(const std::string& text, std::uint32_t orders = 30) {
  world w(some_orders(orders));
  w.faults = fault_plan::parse(text);
  return w;
}

const std::string first_ten = R"({"pageNum":1,"pageSize":10})";

reply spoilt(const std::string& fault) {
  world w = with_faults("at 1 " + fault);
  return handle_page(w, ask(first_ten), noon);
}

std::vector<std::int64_t> ids(const boost::json::object& page) {
  std::vector<std::int64_t> out;
  for (const auto& order : page.at("data").as_array()) out.push_back(integer(order.as_object(), "id"));
  return out;
}

TEST(spoilt_pages, only_requests_that_pass_the_checks_are_counted) {
  world w = with_faults("at 2 status 500");
  request unsigned_request = ask(first_ten);
  unsigned_request.headers["signature"] = "x";
  EXPECT_EQ(handle_page(w, unsigned_request, noon).status, 401U);
  EXPECT_EQ(integer(reply_to(w, "{}"), "code"), 40003);
  EXPECT_EQ(handle_page(w, ask(first_ten), noon).status, 200U);
  EXPECT_EQ(handle_page(w, ask(first_ten), noon).status, 500U);
  EXPECT_EQ(handle_page(w, ask(first_ten), noon).status, 200U);
  EXPECT_EQ(w.stats.faulted, 1U);
}

TEST(spoilt_pages, statuses_and_codes_come_in_the_envelope) {
  const reply busy = spoilt("status 503 retry-after 7");
  EXPECT_EQ(busy.status, 503U);
  EXPECT_EQ(busy.headers.at(0).value, "7");
  EXPECT_EQ(integer(boost::json::parse(busy.body).as_object(), "code"), 50300);
  const reply coded = spoilt("code 50001 system busy");
  EXPECT_EQ(coded.status, 200U);
  EXPECT_EQ(boost::json::parse(coded.body).at("msg"), "system busy");
  EXPECT_EQ(integer(boost::json::parse(coded.body).as_object(), "code"), 50001);
}

TEST(spoilt_pages, bodies_can_be_anything_else) {
  EXPECT_EQ(spoilt("empty").body, "");
  EXPECT_EQ(spoilt("body {\"total\":0}").body, "{\"total\":0}");
  EXPECT_EQ(spoilt("html").status, 200U);
  EXPECT_EQ(spoilt("html 502").status, 502U);
  EXPECT_TRUE(spoilt("html").content_type.starts_with("text/html"));
  EXPECT_EQ(spoilt("redirect").status, 302U);
  EXPECT_EQ(spoilt("garbage 77").body.size(), 77U);
  EXPECT_EQ(spoilt("huge 1MiB").body.size(), 1024U * 1024U);
  EXPECT_TRUE(boost::json::parse(spoilt("huge 1MiB").body).is_object());
  EXPECT_NE(spoilt("deep 100").body.find(std::string(100, '[')), std::string::npos);
  EXPECT_NE(spoilt("bad-utf8").body.find('\xff'), std::string::npos);
}

TEST(spoilt_pages, members_of_the_reply_can_lack) {
  EXPECT_FALSE(boost::json::parse(spoilt("no-data").body).as_object().contains("data"));
  EXPECT_FALSE(boost::json::parse(spoilt("no-total").body).as_object().contains("total"));
  EXPECT_FALSE(boost::json::parse(spoilt("no-code").body).as_object().contains("code"));
  EXPECT_TRUE(boost::json::parse(spoilt("null-data").body).at("data").is_null());
}

TEST(spoilt_pages, total_can_lie) {
  EXPECT_EQ(boost::json::parse(spoilt("total +5").body).at("total"), 35);
  EXPECT_EQ(boost::json::parse(spoilt("total -5").body).at("total"), 25);
  EXPECT_EQ(boost::json::parse(spoilt("total =0").body).at("total"), 0);
}

TEST(spoilt_pages, orders_vanish_between_pages_and_come_back) {
  world w = with_faults("at 2-3 vanish 2");
  const std::string second_ten = R"({"pageNum":2,"pageSize":10})";
  const auto before = reply_to(w, second_ten);
  const auto during = reply_to(w, second_ten);
  reply_to(w, second_ten);
  const auto after = reply_to(w, second_ten);
  EXPECT_EQ(integer(during, "total"), 28);
  EXPECT_EQ(ids(during)[0], ids(before)[2]);
  EXPECT_EQ(before, after);
}

TEST(spoilt_pages, nothing_vanishes_where_no_client_could_notice) {
  world w = with_faults("at 1 vanish 2", 10);
  EXPECT_EQ(integer(reply_to(w, first_ten), "total"), 10);
}

TEST(spoilt_pages, orders_appear_twice_and_shift_the_pages) {
  world w = with_faults("at 2 appear 1");
  const auto before = reply_to(w, first_ten);
  const auto during = reply_to(w, first_ten);
  EXPECT_EQ(integer(during, "total"), 31);
  EXPECT_EQ(ids(during)[0], ids(before)[0]);
  EXPECT_EQ(ids(during)[1], ids(before)[0]);
  EXPECT_EQ(ids(during)[2], ids(before)[1]);
}

TEST(spoilt_pages, new_orders_stay_and_stand_in_the_truth) {
  world w = with_faults("at 2 add 3");
  const std::string hour =
      R"({"pageNum":1,"pageSize":30,"orderTimeBegin":"2024-05-07 12:00:00","orderTimeEnd":"2024-05-07 13:00:00"})";
  const std::int64_t before = integer(reply_to(w, hour), "total");
  EXPECT_EQ(integer(reply_to(w, hour), "total"), before + 3);
  EXPECT_EQ(integer(reply_to(w, hour), "total"), before + 3);
  const std::string all = truth(w);
  EXPECT_EQ(std::count(all.begin(), all.end(), '\n'), 33);
}

TEST(spoilt_pages, orders_can_change_between_pages) {
  world w = with_faults("at 1 mutate 4");
  const std::string before = truth(w);
  reply_to(w, first_ten);
  EXPECT_NE(truth(w), before);
  EXPECT_EQ(w.orders.mutated(), 4U);
}

TEST(spoilt_pages, pages_can_be_short_or_another_or_in_no_order) {
  world w = with_faults("at 2 short 3\nat 3 page 2\nat 4 shuffle\nat 5 bad-id 2");
  const auto right = reply_to(w, first_ten);
  const auto missing = reply_to(w, first_ten);
  EXPECT_EQ(ids(missing).size(), 7U);
  EXPECT_EQ(integer(missing, "total"), 30);
  const auto other = reply_to(w, first_ten);
  EXPECT_NE(ids(other)[0], ids(right)[0]);
  const auto shuffled = reply_to(w, first_ten);
  EXPECT_NE(ids(shuffled), ids(right));
  const auto spoilt_ids = reply_to(w, first_ten);
  int usable = 0;
  for (const auto& order : spoilt_ids.at("data").as_array()) usable += order.at("id").is_int64();
  EXPECT_EQ(usable, 8);
}

TEST(spoilt_pages, a_new_plan_counts_from_one_again) {
  world w = with_faults("");
  reply_to(w, first_ten);
  request change;
  change.method = "POST";
  change.path = "/_faults";
  change.body = "at 1 status 500\n";
  EXPECT_EQ(handle_control(w, change, noon).status, 200U);
  EXPECT_EQ(handle_page(w, ask(first_ten), noon).status, 500U);
  change.body = "nonsense";
  EXPECT_EQ(handle_control(w, change, noon).status, 400U);
}

}  // namespace
}  // namespace pandapon_sim::testing
