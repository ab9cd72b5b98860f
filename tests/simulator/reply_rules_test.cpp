// How pages are written, and what statuses and accounts see in them.
#include "behaving.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace pandapon_sim::testing {
namespace {

const std::string nothing = between("00:00:00", "00:00:00");

TEST(empty_page, may_have_null_or_no_data) {
  world null = behaving("--null-empty");
  world absent = behaving("--absent-empty");
  EXPECT_TRUE(reply_to(null, page_of(nothing)).at("data").is_null());
  EXPECT_EQ(total(null, nothing), 0);
  EXPECT_FALSE(reply_to(absent, page_of(nothing)).contains("data"));
  EXPECT_EQ(listed(null).size(), 300U);
  EXPECT_EQ(listed(absent).size(), 300U);
}

TEST(leading, puts_bytes_in_front_of_every_json) {
  const std::string plain = [] {
    world w = behaving("--leading none");
    return handle_page(w, ask(page_of()), noon).body;
  }();
  for (const auto& [flag, bytes] : std::map<std::string, std::string>{{"bom", "\xef\xbb\xbf"}, {"newline", "\n"}}) {
    world w = behaving("--leading " + flag);
    EXPECT_EQ(handle_page(w, ask(page_of()), noon).body, bytes + plain);
    EXPECT_TRUE(handle_page(w, ask("{}"), noon).body.starts_with(bytes + "{"));
  }
}

TEST(fat, pads_every_order_and_changes_nothing_else) {
  world plain = behaving("", 20);
  world w = behaving("--fat 16KiB", 20);
  const auto before = reply_to(plain, page_of()).at("data").as_array();
  const auto after = reply_to(w, page_of()).at("data").as_array();
  ASSERT_EQ(after.size(), 20U);
  EXPECT_NEAR(static_cast<double>(handle_page(w, ask(page_of()), noon).body.size()), 20 * 16'384.0, 100);
  for (std::size_t i = 0; i < after.size(); ++i) {
    auto order = after[i].as_object();
    EXPECT_EQ(order.erase("sellerMemo"), 1U);
    EXPECT_EQ(order, before[i].as_object());
  }
}

std::int64_t true_status(const std::string& line) {
  return boost::json::parse(line).at("order_status").as_int64();
}

/// How the orders' statuses are shown, by what the truth says.
std::map<std::int64_t, std::set<std::string>> shown_by_truth(world& w) {
  std::map<std::int64_t, std::string> shown;
  const auto page = reply_to(w, page_of()).at("data").as_array();
  for (const auto& order : page)
    shown[integer(order.as_object(), "id")] = boost::json::serialize(order.at("orderStatus"));
  std::map<std::int64_t, std::set<std::string>> out;
  std::istringstream lines(truth(w));
  for (std::string line; std::getline(lines, line);)
    out[true_status(line)].insert(shown.at(boost::json::parse(line).at("id").as_int64()));
  return out;
}

TEST(status_words, stand_for_the_numbers_of_the_truth) {
  world w = behaving("--status-words", 1000);
  const auto shown = shown_by_truth(w);
  const std::map<std::int64_t, std::set<std::string>> right{
      {1, {"\"waitbuyerpay\""}},
      {2, {"\"waitsellersend\""}},
      {3, {"\"waitbuyerreceive\"", "\"waitbuyersign\"", "\"signinsuccess\"", "\"waitlogisticstakein\""}},
      {4, {"\"confirm_goods\""}},
      {5, {"\"success\""}},
      {6, {"\"cancel\""}},
      {7, {"\"terminated\""}},
      {8, {"8"}}};
  EXPECT_EQ(shown, right);
  EXPECT_EQ(truth(w), truth(behaving("", 1000)));
  const auto order = reply_to(w, page_of()).at("data").as_array()[0].as_object();
  EXPECT_EQ(order.at("orderDetailInfoVOS").at(0).at("status"), order.at("orderStatus"));
}

TEST(odd_statuses, are_9_and_77_and_stand_in_the_truth) {
  world w = behaving("--odd-statuses 20", 1000);
  auto shown = shown_by_truth(w);
  EXPECT_EQ(shown[9], std::set<std::string>{"9"});
  EXPECT_EQ(shown[77], std::set<std::string>{"77"});
  const std::int64_t odd = total(w, R"("orderStatus":9)") + total(w, R"("orderStatus":77)");
  EXPECT_GT(odd, 150);
  EXPECT_LT(odd, 250);
  const auto nines = listed(w, R"("orderStatus":9)");
  for (const entry which : w.orders.select({})) w.orders.mutate_entry(which, noon);
  EXPECT_EQ(listed(w, R"("orderStatus":9)"), nines);
}

request asked_by(const std::string& key, const std::string& secret) {
  request out = ask(page_of());
  out.headers["access-key"] = key;
  out.headers["signature"] = sign(key, out.headers["timestamp"], out.headers["nonce-str"], secret);
  return out;
}

TEST(accounts, see_shares_of_their_own_and_the_first_sees_all) {
  world w = behaving("--account second:two:30 --account third:three:60", 1000);
  const auto seen = [&](const request& asked) {
    const auto list = ids_of(reply_to(w, asked));
    return std::set<std::int64_t>(list.begin(), list.end());
  };
  const auto all = seen(ask(page_of())), second = seen(asked_by("second", "two")),
             third = seen(asked_by("third", "three"));
  EXPECT_EQ(all.size(), 1000U);
  EXPECT_NEAR(static_cast<double>(second.size()), 300, 60);
  EXPECT_NEAR(static_cast<double>(third.size()), 600, 60);
  std::vector<std::int64_t> both;
  std::set_intersection(second.begin(), second.end(), third.begin(), third.end(), std::back_inserter(both));
  EXPECT_NEAR(static_cast<double>(both.size()), 180, 60);
  EXPECT_EQ(handle_page(w, asked_by("second", "three"), noon).status, 401U);
  EXPECT_EQ(handle_page(w, asked_by("fourth", "two"), noon).status, 401U);
}

TEST(accounts, change_their_secrets_one_by_one) {
  world w = behaving("--account second:two:30");
  request change;
  change.method = "POST";
  change.path = "/_secret";
  change.query = "access-key=second";
  change.body = "new";
  EXPECT_EQ(handle_control(w, change, noon).status, 200U);
  EXPECT_EQ(handle_page(w, asked_by("second", "two"), noon).status, 401U);
  EXPECT_EQ(handle_page(w, asked_by("second", "new"), noon).status, 200U);
  EXPECT_EQ(handle_page(w, ask(page_of()), noon).status, 200U);
  change.query = "access-key=third";
  EXPECT_EQ(handle_control(w, change, noon).status, 404U);
}

}  // namespace
}  // namespace pandapon_sim::testing
