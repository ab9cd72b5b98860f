#include "push/announce.hpp"

#include "push/message.hpp"
#include "simulator/behaving.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <vector>

namespace pandapon_sim::testing {
namespace {

constexpr const char* pushing = "--push http://127.0.0.1:1/p";

std::vector<push_item> due(world& w, epoch_ms now = noon) {
  announce_changes(w);
  std::vector<push_item> out;
  while (const auto item = w.pushes.take(now)) out.push_back(*item);
  return out;
}

reply post(world& w, const std::string& path, const std::string& query = "") {
  request asked;
  asked.method = "POST";
  asked.path = path;
  asked.query = query;
  return handle_control(w, asked, noon);
}

std::string type_in(const push_request& what) {
  return std::string(boost::json::parse(what.body).at("messageType").as_string());
}

TEST(announcing, tells_of_every_order_that_came_or_changed_once) {
  world w = behaving(pushing, 50);
  EXPECT_TRUE(due(w).empty());
  post(w, "/_add", "n=2");
  post(w, "/_mutate", "n=3");
  const auto told = due(w);
  ASSERT_EQ(told.size(), 5U);
  EXPECT_EQ(type_in(write_request(w, told[0])), "ORDER_CREATE");
  EXPECT_TRUE(due(w).empty());
  w.set.live = w.set.mutate = 2;
  advance(w, noon, 1000);
  EXPECT_EQ(due(w).size(), 4U);
}

TEST(announcing, is_silent_about_orders_that_are_hidden) {
  world w = behaving(pushing, 50);
  w.orders.vanish(listed(w)[0], noon);
  EXPECT_TRUE(due(w).empty());
}

TEST(announcing, needs_an_address) {
  world w = behaving("", 50);
  post(w, "/_mutate");
  EXPECT_TRUE(due(w).empty());
  EXPECT_EQ(post(w, "/_push").status, 400U);
}

TEST(announcing, tells_each_account_of_the_orders_that_it_sees_and_signs_with_its_secret) {
  world w = behaving(std::string(pushing) + " --account other:hush:50 --account none:silence:0", 500);
  post(w, "/_mutate", "n=200");
  std::size_t first = 0, other = 0;
  for (const push_item& item : due(w)) {
    const push_message text = write_push(w.orders, w.set.push, item.about);
    EXPECT_LE(item.account, 1U);
    ++(item.account == 0 ? first : other);
    EXPECT_EQ(write_request(w, item).authorization, sign_push(w.set.push, text, item.account == 0 ? "secret" : "hush"));
  }
  EXPECT_EQ(first, 200U);
  EXPECT_GT(other, 60U);
  EXPECT_LT(other, 140U);
}

TEST(announcing, signs_with_the_secret_of_now_or_a_wrong_one) {
  world w = behaving(std::string(pushing) + " --push-wrong 100", 50);
  post(w, "/_mutate");
  push_item item = due(w).at(0);
  w.set.access_secret = "new";
  const push_message text = write_push(w.orders, w.set.push, item.about);
  EXPECT_NE(write_request(w, item).authorization, sign_push(w.set.push, text, "new"));
  item.wrong = false;
  EXPECT_EQ(write_request(w, item).authorization, sign_push(w.set.push, text, "new"));
}

TEST(announcing, may_tell_of_orders_to_which_nothing_happened) {
  world w = behaving(pushing, 50);
  EXPECT_EQ(post(w, "/_push", "n=1000").status, 200U);
  const auto told = due(w);
  EXPECT_EQ(told.size(), 1000U);
  EXPECT_TRUE(w.orders.events().empty());
  EXPECT_FALSE(write_request(w, told[0]).authorization.empty());
}

TEST(announcing, verifies_without_a_signature) {
  world w = behaving(pushing, 50);
  EXPECT_EQ(post(w, "/_verify").status, 200U);
  const auto told = due(w);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(write_request(w, told[0]).body, "{}");
  EXPECT_TRUE(write_request(w, told[0]).authorization.empty());
}

TEST(push_flags, are_read) {
  const push_rules set = parsed(std::string(pushing) +
                                " --push-signature message-upper --push-body object --push-number platform "
                                "--push-lose 30 --push-twice 2.5 --push-late 10,3s --push-wrong 1 --push-retry 2s "
                                "--push-tries 7 --push-timeout 3m --push-verify --push-ca f")
                             .set.push;
  EXPECT_TRUE(set.sign_message && set.upper_case && set.message_as_object && set.platform_number && set.verify);
  EXPECT_EQ(set.lose, 3000U);
  EXPECT_EQ(set.twice, 250U);
  EXPECT_EQ(set.late, 1000U);
  EXPECT_EQ(set.late_ms, 3000);
  EXPECT_EQ(set.wrong, 100U);
  EXPECT_EQ(set.retry_ms, 2000);
  EXPECT_EQ(set.timeout_ms, 180'000);
  EXPECT_EQ(set.tries, 7U);
  EXPECT_EQ(set.ca_file, "f");
}

TEST(push_flags, refuse_what_makes_no_sense) {
  for (const char* flags : {"--push ftp://a/", "--push http://", "--push http://a:0/", "--push http://a:x/",
                            "--push-lose 3", "--push http://a/ --push-late 3", "--push http://a/ --push-body json"})
    EXPECT_EQ(parsed(flags).leave_with, 2) << flags;
}

TEST(push_flags, read_addresses) {
  const push_target plain = read_push_target("http://127.0.0.1:8080/push?a=b");
  EXPECT_FALSE(plain.tls);
  EXPECT_EQ(plain.host, "127.0.0.1");
  EXPECT_EQ(plain.port, 8080);
  EXPECT_EQ(plain.path, "/push?a=b");
  const push_target safe = read_push_target("https://shop.example.com");
  EXPECT_TRUE(safe.tls);
  EXPECT_EQ(safe.host, "shop.example.com");
  EXPECT_EQ(safe.port, 443);
  EXPECT_EQ(safe.path, "/");
  EXPECT_EQ(read_push_target("http://[::1]:80/").host, "::1");
}

}  // namespace
}  // namespace pandapon_sim::testing
