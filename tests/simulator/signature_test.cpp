#include "asking.hpp"

#include <gtest/gtest.h>

#include <cctype>
#include <string>

namespace pandapon_sim::testing {
namespace {

const std::string one = R"({"pageNum":1,"pageSize":1})";

TEST(signature, agrees_with_vectors_made_by_hand) {
  const char* key = "58c0201dfdf148eca63cbf6bb5e7cf03";
  const char* secret = "0123456789abcdef0123456789abcdef";
  EXPECT_EQ(sign(key, "1715669977082", "nonce-str", secret), "4811F8D168F52F7A3CA85D34F069924C");
  EXPECT_EQ(sign(key, "1715669977", "nonce-str", secret), "DC5B3E841519B0F78103CC2AAED1A44B");
}

TEST(headers, a_signed_request_passes) {
  world w(some_orders(3));
  EXPECT_EQ(handle_page(w, ask(one), noon).status, 200U);
  EXPECT_EQ(w.stats.pages, 1U);
}

struct spoilt_header {
  const char* name;
  const char* value;
  std::int64_t code;
};

class headers_refused : public ::testing::TestWithParam<spoilt_header> {};

TEST_P(headers_refused, with_a_code_that_says_why) {
  world w(some_orders(3));
  request asked = ask(one);
  asked.headers[GetParam().name] = GetParam().value;
  const reply got = handle_page(w, asked, noon);
  EXPECT_EQ(got.status, 401U);
  const auto body = boost::json::parse(got.body).as_object();
  EXPECT_EQ(integer(body, "code"), GetParam().code);
  EXPECT_TRUE(body.at("data").is_null());
  EXPECT_TRUE(body.contains("requestId") && body.contains("developId") && body.contains("msg"));
  EXPECT_EQ(w.page_requests, 0U);
}

INSTANTIATE_TEST_SUITE_P(each, headers_refused,
                         ::testing::Values(spoilt_header{"access-key", "", 40101}, spoilt_header{"user-id", "", 40101},
                                           spoilt_header{"nonce-str", "", 40101},
                                           spoilt_header{"access-key", "other", 40102},
                                           spoilt_header{"timestamp", "1715054400", 40103},
                                           spoilt_header{"timestamp", "17150544000x0", 40103},
                                           spoilt_header{"timestamp", "1715053799999", 40104},
                                           spoilt_header{"timestamp", "1715055000001", 40104},
                                           spoilt_header{"nonce-str", "short", 40105},
                                           spoilt_header{"signature", "4811F8D168F52F7A3CA85D34F069924C", 40106}));

TEST(headers, a_lower_case_signature_is_wrong) {
  world w(some_orders(3));
  request asked = ask(one);
  for (char& c : asked.headers["signature"]) c = static_cast<char>(std::tolower(c));
  EXPECT_EQ(handle_page(w, asked, noon).status, 401U);
}

TEST(headers, ten_minutes_off_is_just_good_enough) {
  world w(some_orders(3));
  EXPECT_EQ(handle_page(w, ask(one), noon + 600'000).status, 200U);
  EXPECT_EQ(handle_page(w, ask(one), noon + 600'001).status, 401U);
}

TEST(headers, seconds_are_taken_where_they_are_asked_for) {
  options set = some_orders(3);
  set.timestamp_in_seconds = true;
  world w(set);
  EXPECT_EQ(handle_page(w, ask(one, set), noon).status, 200U);
  EXPECT_EQ(handle_page(w, ask(one), noon).status, 401U);
}

TEST(headers, the_second_version_needs_no_nonce) {
  world w(some_orders(3));
  request asked = ask(one);
  asked.path = "/v2/alibaba/order/page";
  asked.headers.erase("nonce-str");
  asked.headers["signature"] = sign("key", asked.headers["timestamp"], "", "secret");
  EXPECT_EQ(handle_page(w, asked, noon).status, 200U);
}

TEST(headers, a_nonce_passes_twice_unless_replays_are_refused) {
  options set = some_orders(3);
  world lenient(set);
  set.refuse_replay = true;
  world strict(set);
  const request asked = ask(one);
  EXPECT_EQ(handle_page(lenient, asked, noon).status, 200U);
  EXPECT_EQ(handle_page(lenient, asked, noon).status, 200U);
  EXPECT_EQ(handle_page(strict, asked, noon).status, 200U);
  EXPECT_EQ(handle_page(strict, asked, noon).status, 401U);
}

TEST(headers, a_new_secret_ends_the_old_one) {
  world w(some_orders(3));
  request change;
  change.method = "POST";
  change.path = "/_secret";
  change.body = "another";
  EXPECT_EQ(handle_control(w, change, noon).status, 200U);
  EXPECT_EQ(handle_page(w, ask(one), noon).status, 401U);
}

TEST(rate, more_requests_than_allowed_in_a_second_get_429) {
  options set = some_orders(3);
  set.rate_limit = 2;
  world w(set);
  EXPECT_EQ(handle_page(w, ask(one), noon).status, 200U);
  EXPECT_EQ(handle_page(w, ask(one), noon).status, 200U);
  const reply third = handle_page(w, ask(one), noon + 499);
  EXPECT_EQ(third.status, 429U);
  ASSERT_EQ(third.headers.size(), 1U);
  EXPECT_EQ(third.headers[0].name + third.headers[0].value, "Retry-After1");
  EXPECT_EQ(handle_page(w, ask(one), noon + 500).status, 200U);
  EXPECT_EQ(w.stats.limited, 1U);
}

TEST(rate, with_a_burst_fewer_at_once_are_allowed_and_as_many_in_the_long_run) {
  options set = some_orders(3);
  set.rate_limit = 10;
  set.rate_burst = 2;
  world w(set);
  EXPECT_EQ(handle_page(w, ask(one), noon).status, 200U);
  EXPECT_EQ(handle_page(w, ask(one), noon).status, 200U);
  EXPECT_EQ(handle_page(w, ask(one), noon + 99).status, 429U);
  for (int i = 1; i <= 20; ++i) EXPECT_EQ(handle_page(w, ask(one), noon + i * 100).status, 200U) << i;
  EXPECT_EQ(handle_page(w, ask(one), noon + 2050).status, 429U);
  EXPECT_EQ(w.stats.limited, 2U);
}

}  // namespace
}  // namespace pandapon_sim::testing
