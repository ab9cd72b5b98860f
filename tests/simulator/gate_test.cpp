#include "gate.hpp"

#include "behaving.hpp"
#include "delivery.hpp"

#include <string>
#include <vector>

namespace pandapon_sim::testing {
namespace {

std::string date_of(const std::string& flags, std::uint64_t reply_number) {
  const gate_rules rules = parsed(flags).set.behaves.gate;
  const delivery sent = deliver({}, shown_date(rules, noon, reply_number), true, 1);
  const std::size_t at = sent.bytes.find("Date: ");
  return at == std::string::npos ? "" : sent.bytes.substr(at + 6, sent.bytes.find('\r', at) - at - 6);
}

TEST(date, is_right_by_itself) {
  EXPECT_EQ(date_of("", 0), "Tue, 07 May 2024 04:00:00 GMT");
}

TEST(date, may_be_off_by_several_spans_in_turn) {
  EXPECT_EQ(date_of("--date-skew 8h", 3), "Tue, 07 May 2024 12:00:00 GMT");
  EXPECT_EQ(date_of("--date-skew=8h,-8h", 0), "Tue, 07 May 2024 12:00:00 GMT");
  EXPECT_EQ(date_of("--date-skew=8h,-8h", 1), "Mon, 06 May 2024 20:00:00 GMT");
  EXPECT_EQ(date_of("--date-skew=8h,-8h", 2), "Tue, 07 May 2024 12:00:00 GMT");
}

TEST(date, may_stand_still_or_be_absent) {
  EXPECT_EQ(date_of("--date-fixed 2004-01-01T00:00:00Z", 5), "Thu, 01 Jan 2004 00:00:00 GMT");
  EXPECT_EQ(date_of("--no-date", 0), "");
}

TEST(challenge, stands_in_front_of_everything_for_a_while) {
  for (const unsigned status : {200U, 403U}) {
    world w = behaving("--challenge-from 1m --challenge-for 30s --challenge " + std::to_string(status));
    EXPECT_EQ(handle_page(w, ask(page_of()), noon + 59'999).content_type, "application/json");
    const reply got = handle_page(w, ask("unsigned"), noon + 60'000);
    EXPECT_EQ(got.status, status);
    EXPECT_TRUE(got.content_type.starts_with("text/html"));
    EXPECT_TRUE(got.body.starts_with("<!DOCTYPE html>"));
    EXPECT_NE(got.body.find("checking your browser"), std::string::npos);
    EXPECT_EQ(handle_page(w, ask(page_of()), noon + 90'000).content_type, "application/json");
  }
}

struct way {
  const char* name;
  unsigned status;
  const char* part;
};

class throttling : public ::testing::TestWithParam<way> {};

TEST_P(throttling, refuses_in_its_way) {
  world w = behaving(std::string("--rate-limit 1 --throttle-as ") + GetParam().name);
  EXPECT_EQ(handle_page(w, ask(page_of()), noon).status, 200U);
  const reply got = handle_page(w, ask(page_of()), noon);
  EXPECT_EQ(got.status, GetParam().status);
  EXPECT_NE(got.body.find(GetParam().part), std::string::npos) << got.body;
  EXPECT_EQ(got.headers.size(), GetParam().status == 429 ? 1U : 0U);
  EXPECT_EQ(w.stats.limited, 1U);
}

constexpr const char* frequency =
    R"({"error_code":"gw.QosAppFrequencyLimit","error_message":"App call frequency limit"})";
constexpr const char* too_frequent = R"({"code":50010,"msg":"请求过于频繁，请稍后再试","data":null})";

INSTANTIATE_TEST_SUITE_P(each, throttling,
                         ::testing::Values(way{"429", 429, "\"code\":42900,"}, way{"503", 503, "\"code\":42900,"},
                                           way{"code", 200, too_frequent}, way{"code400", 400, too_frequent},
                                           way{"qos", 200, frequency}, way{"qos400", 400, frequency},
                                           way{"unknown", 200, R"({"code":71234,"msg":"E71234","data":null})"}));

}  // namespace
}  // namespace pandapon_sim::testing
