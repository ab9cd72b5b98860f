#include "detail/columns.hpp"

#include "simulator/detail/asking_detail.hpp"

#include <map>
#include <string>

namespace pandapon_sim::testing {
namespace {

namespace json = boost::json;

TEST(detail_truth, agrees_with_what_is_served_where_nothing_is_odd) {
  world w = behaving("", 300);
  const entry which = first_that(w, [](const standing& s) { return s.refunded_fen > 0; });
  const json::object truth = truth_of(w, which);
  const json::object served = detail_of(w, which);
  const json::value& base = served.at("baseInfo");
  const json::value& detail = truth.at("detail");
  EXPECT_EQ(detail.at("status"), base.at("status"));
  EXPECT_EQ(detail.at("total_amount_fen"), truth.at("total_amount_fen"));
  EXPECT_EQ(detail.at("refund_fen"), truth.at("refund_amount_fen"));
  EXPECT_EQ(parse_argument_time(std::string(detail.at("paid_at").as_string()).substr(0, 19) + "Z").value() / 1000,
            instant_of(base.at("payTime")).value() / 1000);
  EXPECT_EQ(detail.at("pay_channels"), base.at("payChannelList"));
  EXPECT_EQ(json::serialize(detail.at("quarantined")), "[]");
  EXPECT_EQ(truth.at("payments").as_array().size(), served.at("tradeTerms").as_array().size());
  const json::value& parcel = served.at("nativeLogistics").at("logisticsItems").at(0);
  EXPECT_EQ(truth.at("shipments").at(0).at("waybill"), parcel.at("logisticsBillNo"));
  EXPECT_EQ(truth.at("shipments").at(0).at("line_ids").at(0), truth.at("detail_lines").at(0).at("id"));
  EXPECT_EQ(truth.at("senders").at(0).at("mobile"), parcel.at("fromMobile"));
  EXPECT_EQ(truth.at("refunds").at(0).at("refund_id"), base.at("refundId"));
  EXPECT_EQ(truth.at("addresses").at(0).at("address"), base.at("receiverInfo").at("toArea"));
  EXPECT_EQ(truth.at("addresses").at(1).at("address"), served.at("nativeLogistics").at("address"));
}

TEST(detail_truth, is_added_only_where_it_is_wanted) {
  world w = behaving("", 3);
  std::string plain;
  w.orders.write_truth(plain, {w.orders.recorded(1), true});
  EXPECT_FALSE(json::parse(plain).as_object().contains("detail"));
  EXPECT_EQ(json::parse(plain).at("vanished"), true);
}

TEST(detail_truth, does_not_change_from_call_to_call) {
  world w(some_orders(200, 10));
  w.set.wander = true;
  int differing = 0;
  for (entry which = 0; which < 200; ++which) {
    const json::object before = truth_of(w, which);
    const std::string first = handle_detail(w, ask_detail(number_of(which)), noon).body;
    const std::string second = handle_detail(w, ask_detail(number_of(which)), noon).body;
    const auto data = [](const std::string& body) { return body.substr(body.find("\"data\"")); };
    if (data(first) != data(second)) ++differing;
    EXPECT_EQ(truth_of(w, which), before);
  }
  EXPECT_GT(differing, 150);
}

TEST(detail_thirds, are_no_money_and_named_in_quarantine) {
  world w = behaving("--detail-thirds 20", 100);
  std::size_t paths = 0;
  for (entry which = 0; which < 100; ++which) {
    const json::object detail = truth_of(w, which).at("detail").as_object();
    for (const json::value& path : detail.at("quarantined").as_array()) {
      ++paths;
      if (path == "baseInfo.refund") {
        EXPECT_TRUE(detail.at("refund_fen").is_null());
      }
    }
  }
  EXPECT_GT(paths, 100U);
}

TEST(detail_words, are_words_that_nobody_documents) {
  world w = behaving("--detail-words 100", 5);
  EXPECT_EQ(detail_of(w, 1).at("baseInfo").at("status"), "waitcustomscheck");
  EXPECT_EQ(truth_of(w, 1).at("detail").at("status"), "waitcustomscheck");
}

TEST(detail_numbers, write_ids_as_numbers) {
  world w = behaving("--detail-numbers", 5);
  EXPECT_EQ(std::to_string(detail_of(w, 1).at("baseInfo").at("idOfStr").to_number<std::int64_t>()), number_of(1));
}

TEST(detail, is_always_json_and_every_oddity_occurs) {
  world w(some_orders(3000, 10));
  std::map<std::string, int> kinds;
  for (entry which = 0; which < 3000; ++which) {
    const json::object data = detail_of(w, which);
    const json::value* base = data.if_contains("baseInfo");
    if (base == nullptr) {
      ++kinds["absent"];
      continue;
    }
    if (base->is_null()) ++kinds["null"];
    if (base->is_number() || base->is_bool()) ++kinds["another type"];
    if (base->is_string()) ++kinds[base->as_string().starts_with("{\"") ? "text" : "other text"];
    if (!base->is_object()) continue;
    const json::object& fields = base->as_object();
    if (fields.at("idOfStr").is_number()) ++kinds["id as number"];
    if (!fields.contains("payTime")) ++kinds["absent time"];
    if (fields.contains("createTime") && fields.at("createTime").is_null()) ++kinds["null time"];
    if (fields.contains("totalAmount") && fields.at("totalAmount").is_string()) ++kinds["amount as text"];
    if (fields.contains("sellerMemoFlag")) ++kinds["unknown field"];
    if (fields.contains("createTime") && fields.at("createTime").is_string() &&
        fields.at("createTime").as_string().ends_with("-0700"))
      ++kinds["far zone"];
  }
  EXPECT_EQ(kinds.size(), 11U);
  for (const auto& [kind, count] : kinds) EXPECT_GT(count, 2) << kind;
}

}  // namespace
}  // namespace pandapon_sim::testing
