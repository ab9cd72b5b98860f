#include "detail/calls.hpp"

#include "flag_values.hpp"
#include "simulator/detail/asking_detail.hpp"

#include <cmath>
#include <set>
#include <string>

namespace pandapon_sim::testing {
namespace {

namespace json = boost::json;
using enum order_status;

std::int64_t fen_of(const json::value& yuan) {
  return std::llround(yuan.to_number<double>() * 100);
}

TEST(order_detail, agrees_with_the_list_about_every_order) {
  world w = behaving("", 400);
  for (entry which = 0; which < 400; ++which) {
    const json::object listed = listed_order(w, which);
    const json::object detail = detail_of(w, which);
    const json::object& base = detail.at("baseInfo").as_object();
    EXPECT_EQ(base.at("idOfStr"), listed.at("tbOrderId"));
    EXPECT_EQ(fen_of(base.at("totalAmount")), integer(listed, "totalAmount"));
    EXPECT_EQ(fen_of(base.at("shippingFee")), integer(listed, "shippingFee"));
    EXPECT_EQ(fen_of(base.at("refund")), integer(listed, "refundAmount"));
    EXPECT_EQ(base.at("discount"), listed.at("discount"));
    EXPECT_EQ(base.at("closeReason"), listed.at("closeReason"));
    EXPECT_EQ(instant_of(base.at("createTime")), integer(listed, "tbCreateTime"));
    const json::array& lines = listed.at("orderDetailInfoVOS").as_array();
    ASSERT_EQ(detail.at("productItems").as_array().size(), lines.size());
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const json::value& line = detail.at("productItems").at(i);
      EXPECT_EQ(line.at("subItemIDString"), lines.at(i).at("subTbOrderId"));
      EXPECT_EQ(fen_of(line.at("itemAmount")), integer(lines.at(i).as_object(), "itemAmount"));
    }
  }
}

TEST(order_detail, has_the_word_of_the_listed_status) {
  world w = behaving("", 600);
  world words = behaving("--status-words", 600);
  for (entry which = 0; which < 600; ++which) {
    const json::value word = detail_of(w, which).at("baseInfo").at("status");
    const json::value listed = listed_order(words, which).at("orderStatus");
    EXPECT_EQ(word, listed.is_string() ? listed : json::value("unenumerated"));
  }
}

TEST(order_detail, shows_how_far_the_order_has_come) {
  world w = behaving("", 600);
  const auto times = [&w](order_status status) {
    const json::object base = detail_of(w, first_in(w, status)).at("baseInfo").as_object();
    std::string set;
    for (const char* name : {"payTime", "allDeliveredTime", "receivingTime", "confirmedTime", "completeTime"})
      set += base.at(name).is_null() ? '-' : 'x';
    return set;
  };
  EXPECT_EQ(times(wait_buyer_pay), "-----");
  EXPECT_EQ(times(wait_seller_send), "x----");
  EXPECT_EQ(times(wait_buyer_receive), "xx---");
  EXPECT_EQ(times(confirm_goods), "xxxx-");
  EXPECT_EQ(times(success), "xxxxx");
  EXPECT_EQ(times(cancel), "-----");
  EXPECT_FALSE(detail_of(w, first_in(w, cancel)).at("baseInfo").at("closeOperateType").is_null());
}

TEST(order_detail, splits_a_payment_into_terms_that_add_up) {
  world w = behaving("", 300);
  std::set<std::size_t> terms;
  for (entry which = 0; which < 300; ++which) {
    const json::object detail = detail_of(w, which);
    std::int64_t sum = 0;
    for (const json::value& term : detail.at("tradeTerms").as_array()) sum += fen_of(term.at("phasAmount"));
    EXPECT_EQ(sum, fen_of(detail.at("baseInfo").at("totalAmount")));
    terms.insert(detail.at("tradeTerms").as_array().size());
  }
  EXPECT_EQ(terms, (std::set<std::size_t>{1, 2}));
}

TEST(order_detail, has_parcels_that_share_the_lines_among_them) {
  world w = behaving("", 600);
  std::set<std::size_t> counts;
  bool without_logistics = false;
  for (entry which = 0; which < 600; ++which) {
    const json::object detail = detail_of(w, which);
    const json::array& parcels = detail.at("nativeLogistics").at("logisticsItems").as_array();
    std::size_t lines = 0;
    for (const json::value& parcel : parcels) {
      lines += split(std::string(parcel.at("subItemIds").as_string()), ',').size();
      without_logistics = without_logistics || parcel.at("logisticsBillNo") == "不需要物流";
    }
    EXPECT_EQ(lines, parcels.empty() ? 0 : detail.at("productItems").as_array().size());
    EXPECT_EQ(parcels.empty(), detail.at("baseInfo").at("allDeliveredTime").is_null());
    counts.insert(parcels.size());
  }
  EXPECT_EQ(counts, (std::set<std::size_t>{0, 1, 2}));
  EXPECT_TRUE(without_logistics);
}

TEST(order_detail, shows_a_step_at_the_moment_when_it_was_taken) {
  world w = behaving("", 300);
  const entry which = first_in(w, wait_buyer_receive);
  constexpr epoch_ms next_day = noon + 13 * 3'600'000 + 1234;
  w.orders.mutate_entry(which, next_day);
  const json::object base = detail_of(w, which).at("baseInfo").as_object();
  EXPECT_EQ(instant_of(base.at("receivingTime")), next_day);
  EXPECT_EQ(instant_of(base.at("modifyTime")), next_day);
}

TEST(order_detail, gives_some_parcels_another_waybill_on_their_way) {
  world w = behaving("", 2000);
  int changed = 0, shipped = 0;
  for (entry which = 0; which < 2000; ++which) {
    if (w.orders.stood(which, 0).status != wait_buyer_receive) continue;
    const auto waybill = [&] {
      return detail_of(w, which).at("nativeLogistics").at("logisticsItems").at(0).at("logisticsBillNo");
    };
    const json::value before = waybill();
    w.orders.mutate_entry(which, noon);
    ++shipped;
    if (waybill() != before) ++changed;
  }
  EXPECT_GT(changed, shipped / 10);
  EXPECT_LT(changed, shipped / 3);
}

TEST(refund_info, tells_of_the_refund_that_the_detail_names) {
  world w = behaving("", 600);
  const entry which = first_that(w, [](const standing& s) { return s.refunded_fen > 0; });
  const json::object detail = detail_of(w, which);
  const json::value id = detail.at("baseInfo").at("refundId");
  const json::object refund = reply_of(w, ask_refund(id.as_string().c_str())).at("data").as_object();
  EXPECT_EQ(refund.at("refundId"), id);
  EXPECT_EQ(std::to_string(integer(refund, "orderId")), number_of(which));
  EXPECT_EQ(integer(refund, "applyPayment"), fen_of(detail.at("baseInfo").at("refund")));
  EXPECT_EQ(refund.at("status"), detail.at("baseInfo").at("refundStatusForAs"));
  EXPECT_EQ(detail.at("productItems").at(0).at("refundId"), id);
  EXPECT_EQ(w.stats.refund_infos, 1U);
}

TEST(refund_info, has_states_that_progress_in_sale_and_after_sale) {
  world w = behaving("", 600);
  const entry done = first_in(w, success);
  std::set<std::string> states;
  for (int step = 0; step < 4; ++step) {
    w.orders.mutate_entry(done, noon + step);
    states.insert(std::string(detail_of(w, done).at("baseInfo").at("refundStatusForAs").as_string()));
  }
  EXPECT_EQ(states,
            (std::set<std::string>{"waitselleragree", "waitsellerreceive", "refundsuccess", "waitbuyermodify"}));
  const entry closed = first_in(w, terminated);
  w.orders.mutate_entry(closed, noon);
  EXPECT_EQ(detail_of(w, closed).at("baseInfo").at("refundStatus"), "refundsuccess");
  EXPECT_TRUE(detail_of(w, closed).at("baseInfo").at("refundStatusForAs").is_null());
}

TEST(order_detail, of_no_order_is_404_in_the_envelope) {
  world w = behaving("", 10);
  EXPECT_EQ(integer(reply_of(w, ask_detail("17")), "code"), 404);
  EXPECT_EQ(integer(reply_of(w, ask_detail(number_of(11))), "code"), 404);
  const entry without = first_that(w, [](const standing& s) { return s.refund_status == 0; });
  EXPECT_EQ(integer(reply_of(w, ask_refund(refund_id(7, without))), "code"), 404);
  EXPECT_EQ(integer(reply_of(w, ask_refund("TQ1")), "code"), 404);
  EXPECT_EQ(w.stats.details_unknown, 4U);
  w.orders.vanish(order_id(7, 3), noon);
  EXPECT_EQ(integer(reply_of(w, ask_detail(number_of(3))), "code"), 404);
}

TEST(order_detail, is_signed_and_counted_like_the_list) {
  world w = behaving("--rate-limit 2", 10);
  request wrong = ask_detail(number_of(1));
  wrong.headers["signature"] = "no";
  EXPECT_EQ(handle_detail(w, wrong, noon).status, 401U);
  EXPECT_EQ(handle_detail(w, ask_detail(number_of(1)), noon).status, 200U);
  EXPECT_EQ(handle_page(w, ask(page_of()), noon).status, 200U);
  EXPECT_EQ(handle_detail(w, ask_detail(number_of(1)), noon).status, 429U);
  EXPECT_EQ(w.stats.details, 1U);
  EXPECT_EQ(w.stats.unauthorised, 1U);
}

TEST(order_detail, refuses_what_the_documentation_does_not_name) {
  world w = behaving("", 10);
  EXPECT_EQ(integer(reply_of(w, ask_detail(number_of(1), "taobao")), "code"), 40003);
  request odd = ask_detail(number_of(1));
  odd.body = R"({"webSite":"1688","orderId":17})";
  EXPECT_EQ(integer(reply_of(w, odd), "code"), 40003);
  odd.body = R"({"orderId":"17"})";
  EXPECT_EQ(integer(reply_of(w, odd), "code"), 40003);
  odd.body = R"({"webSite":"1688","orderId":"17","page":1})";
  EXPECT_EQ(integer(reply_of(w, odd), "code"), 40002);
  odd.body = "[]";
  EXPECT_EQ(integer(reply_of(w, odd), "code"), 40001);
  request refund = ask_refund("TQ1");
  refund.body = "{}";
  EXPECT_EQ(integer(reply_of(w, refund), "code"), 40001);
  EXPECT_EQ(w.stats.bad_parameters, 6U);
}

TEST(order_detail, is_seen_by_the_accounts_that_see_the_order) {
  world w = behaving("--account second:two:50", 60);
  std::set<std::int64_t> codes;
  for (entry which = 0; which < 60; ++which) {
    request asked = ask_detail(number_of(which));
    asked.headers["access-key"] = "second";
    asked.headers["signature"] = sign("second", asked.headers["timestamp"], asked.headers["nonce-str"], "two");
    codes.insert(integer(reply_of(w, asked), "code"));
  }
  EXPECT_EQ(codes, (std::set<std::int64_t>{200, 404}));
}

TEST(detail_refused, may_concern_refunds_alone) {
  world w = behaving("--refunds-refused status", 10);
  EXPECT_EQ(handle_detail(w, ask_detail(number_of(0)), noon).status, 200);
  EXPECT_EQ(handle_detail(w, ask_refund("TQ1"), noon).status, 403);
}

struct orders_without_a_detail : ::testing::TestWithParam<std::pair<const char*, int>> {};

TEST_P(orders_without_a_detail, are_always_the_same_share) {
  const auto [flag, code] = GetParam();
  world w = behaving(flag, 200);
  int without = 0;
  for (entry which = 0; which < 200; ++which) {
    const auto first = reply_of(w, ask_detail(number_of(which)));
    EXPECT_EQ(reply_of(w, ask_detail(number_of(which))).at("code"), first.at("code"));
    without += integer(first, "code") == code ? 1 : 0;
  }
  EXPECT_GT(without, 25);
  EXPECT_LT(without, 75);
}

INSTANTIATE_TEST_SUITE_P(flags, orders_without_a_detail,
                         ::testing::Values(std::pair{"--detail-broken 25", 500},
                                           std::pair{"--detail-denied 25", 40300}));

TEST(detail_refused, is_said_by_status_by_code_or_by_the_gateway) {
  world by_status = behaving("--detail-refused status", 10);
  EXPECT_EQ(handle_detail(by_status, ask_detail(number_of(1)), noon).status, 403U);
  EXPECT_EQ(handle_detail(by_status, ask_refund("TQ1"), noon).status, 403U);
  EXPECT_EQ(handle_page(by_status, ask(page_of()), noon).status, 200U);
  EXPECT_EQ(by_status.stats.details_refused, 2U);
  world by_code = behaving("--detail-refused code", 10);
  EXPECT_EQ(integer(reply_of(by_code, ask_detail(number_of(1))), "code"), 403);
  world by_gateway = behaving("--detail-refused gateway", 10);
  EXPECT_EQ(reply_of(by_gateway, ask_detail(number_of(1))).at("error_code"), "gw.APIACLDecline");
}

TEST(detail_lag, shows_an_order_as_it_was) {
  world w = behaving("--detail-lag 10s", 300);
  const entry which = first_in(w, wait_buyer_receive);
  w.orders.mutate_entry(which, noon);
  EXPECT_TRUE(detail_of(w, which, noon + 9'999).at("baseInfo").at("receivingTime").is_null());
  EXPECT_FALSE(detail_of(w, which, noon + 10'000).at("baseInfo").at("receivingTime").is_null());
}

TEST(detail_wrong, gives_the_detail_of_another_order_now_and_then) {
  world w = behaving("--detail-wrong 30", 100);
  int wrong = 0;
  for (entry which = 0; which < 100; ++which)
    wrong += detail_of(w, which).at("baseInfo").at("idOfStr").as_string() == number_of(which) ? 0 : 1;
  EXPECT_GT(wrong, 15);
  EXPECT_LT(wrong, 50);
}

TEST(detail_wrong, gives_another_refund_than_was_asked_for) {
  world w = behaving("--detail-wrong 100", 300);
  const entry which = first_that(w, [](const standing& s) { return s.refunded_fen > 0; });
  const json::object refund = reply_of(w, ask_refund(refund_id(7, which))).at("data").as_object();
  EXPECT_EQ(refund.at("refundId").as_string(), refund_id(7, (which + 1) % 300));
}

TEST(detail_lag, hides_a_refund_that_was_not_there_then) {
  world w = behaving("--detail-lag 10s", 300);
  const entry which = first_that(w, [](const standing& s) { return s.status == success && s.refunded_fen == 0; });
  w.orders.mutate_entry(which, noon);
  EXPECT_EQ(integer(reply_of(w, ask_refund(refund_id(7, which)), noon + 9'999), "code"), 404);
  EXPECT_EQ(integer(reply_of(w, ask_refund(refund_id(7, which)), noon + 10'000), "code"), 200);
}

TEST(faults, act_on_calls_about_one_order_too) {
  world w = behaving("", 10);
  w.faults = fault_plan::parse("at 1 status 500\nat 2 code 50001 busy\nat 3 null-data\nat 4 no-data\nat 5 no-code\n");
  const auto next = [&w] { return handle_detail(w, ask_detail(number_of(1)), noon); };
  EXPECT_EQ(next().status, 500U);
  EXPECT_EQ(integer(json::parse(next().body).as_object(), "code"), 50001);
  EXPECT_TRUE(json::parse(next().body).at("data").is_null());
  EXPECT_FALSE(json::parse(next().body).as_object().contains("data"));
  EXPECT_FALSE(json::parse(next().body).as_object().contains("code"));
  EXPECT_EQ(w.stats.faulted, 5U);
  EXPECT_EQ(w.stats.details, 0U);
}

TEST(faults, can_be_aimed_at_calls_about_one_order) {
  world w = behaving("", 10);
  w.faults = fault_plan::parse("detail at 2 status 500\n");
  const auto detail = [&w] { return handle_detail(w, ask_detail(number_of(1)), noon).status; };
  EXPECT_EQ(detail(), 200U);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(handle_page(w, ask(page_of()), noon).status, 200U);
  EXPECT_EQ(detail(), 500U);
  EXPECT_EQ(detail(), 200U);
}

}  // namespace
}  // namespace pandapon_sim::testing
