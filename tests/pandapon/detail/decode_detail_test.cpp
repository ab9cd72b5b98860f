#include "pandapon/detail/decode_detail.hpp"

#include "pandapon/detail/detail_sample.hpp"

#include <gtest/gtest.h>

#include <string>

namespace ordersync::pandapon::detail {
namespace {

std::string at(const std::optional<core::instant>& time) {
  return time ? core::to_text(*time) : "none";
}

TEST(decode_detail, every_documented_field_has_its_column) {
  const auto d = decoded(sample_detail());
  EXPECT_TRUE(d.notes.empty()) << d.notes.front().path;
  EXPECT_TRUE(d.unknown_paths.empty()) << d.unknown_paths.front();
  EXPECT_EQ(d.tb_order_id, asked_order);
  EXPECT_EQ(d.status, "waitbuyerreceive");
  EXPECT_EQ(at(d.created_at), "2017-09-12T17:20:30.000Z");
  EXPECT_EQ(at(d.modified_at), "2017-09-14T07:00:00.001Z");
  EXPECT_EQ(at(d.paid_at), "2017-09-12T17:20:31.005Z");
  EXPECT_EQ(at(d.all_shipped_at), "2017-09-14T06:19:16.000Z");
  EXPECT_EQ(at(d.received_at), "none");
  EXPECT_EQ(at(d.pay_deadline), "2017-09-15T17:20:30.000Z");
  EXPECT_EQ(d.total_amount_fen, 12345);
  EXPECT_EQ(d.shipping_fee_fen, 600);
  EXPECT_EQ(d.refund_fen, 50);
  EXPECT_EQ(d.product_payment_fen, 11745);
  EXPECT_EQ(d.discount_fen, -125);
  EXPECT_EQ(d.buyer_feedback, "");
  EXPECT_FALSE(d.remark);
  EXPECT_EQ(d.pay_channels, std::vector<std::string>{"支付宝"});
  EXPECT_EQ(d.observed_at, seen_at);
}

TEST(decode_detail, parts_are_rows_of_their_own) {
  const auto d = decoded(sample_detail());
  ASSERT_EQ(d.payments.size(), 1U);
  EXPECT_EQ(d.payments.at(0).phase, 9001);
  EXPECT_EQ(d.payments.at(0).amount_fen, 12345);
  EXPECT_EQ(at(d.payments.at(0).paid_at), "2017-09-12T17:20:31.005Z");
  ASSERT_EQ(d.shipments.size(), 1U);
  EXPECT_EQ(d.shipments.at(0).waybill, "SF100");
  EXPECT_EQ(d.shipments.at(0).line_ids, (std::vector<std::int64_t>{11, 12}));
  ASSERT_EQ(d.lines.size(), 1U);
  EXPECT_EQ(d.lines.at(0).id, 11);
  EXPECT_EQ(d.lines.at(0).item_amount_fen, 1250);
  EXPECT_EQ(d.lines.at(0).entry_discount_fen, -100);
  ASSERT_EQ(d.refunds.size(), 1U);
  EXPECT_EQ(d.refunds.at(0).id, "TQ123");
  EXPECT_EQ(d.refunds.at(0).status, "waitselleragree");
  EXPECT_EQ(d.refunds.at(0).refund_fen, 50);
  EXPECT_EQ(d.refunds.at(0).line_ids, std::vector<std::int64_t>{11});
}

TEST(decode_detail, personal_data_is_apart) {
  const auto d = decoded(sample_detail());
  ASSERT_EQ(d.contacts.size(), 2U);
  EXPECT_EQ(d.contacts.at(0).role, "buyer");
  EXPECT_EQ(d.contacts.at(0).mobile, "100");
  EXPECT_EQ(d.contacts.at(1).full_name, "Seller");
  ASSERT_EQ(d.addresses.size(), 2U);
  EXPECT_EQ(d.addresses.at(0).role, "receiver");
  EXPECT_EQ(d.addresses.at(0).address, "Somewhere 1");
  EXPECT_EQ(d.addresses.at(1).role, "delivery");
  EXPECT_EQ(d.addresses.at(1).mobile, "500");
  ASSERT_EQ(d.senders.size(), 1U);
  EXPECT_EQ(d.senders.at(0).mobile, "400");
}

TEST(decode_detail, the_payload_is_kept_byte_for_byte) {
  const auto text = " " + sample_detail().add("newThing", "{\"a\" : 1.50}").text() + "\n";
  const auto d = try_detail(text).value();
  EXPECT_EQ(d.payload, text);
  EXPECT_EQ(d.payload_sha256, core::sha256_of(text));
  EXPECT_EQ(d.unknown_paths, path_list{"newThing"});
}

TEST(decode_detail, an_amount_with_a_third_decimal_is_quarantined_and_the_rest_is_kept) {
  const auto d = with_base("refund", "0.505");
  EXPECT_EQ(paths_of(d), path_list{"baseInfo.refund"});
  EXPECT_EQ(d.notes.at(0).raw, "0.505");
  EXPECT_EQ(d.notes.at(0).reason.find("0.505"), std::string::npos);
  EXPECT_FALSE(d.refund_fen);
  EXPECT_EQ(d.total_amount_fen, 12345);
  EXPECT_EQ(
      paths_of(decoded(sample_detail().set(
          "tradeTerms", "[" + sample_term().text() + "," + sample_term().set("phasAmount", "1.001").text() + "]"))),
      path_list{"tradeTerms[1].phasAmount"});
}

TEST(decode_detail, a_malformed_time_is_quarantined_and_the_rest_is_kept) {
  const auto d = with_base("payTime", "\"2017-09-13 23:19:16\"");
  EXPECT_EQ(paths_of(d), path_list{"baseInfo.payTime"});
  EXPECT_FALSE(d.paid_at);
  EXPECT_TRUE(d.created_at);
}

TEST(decode_detail, any_object_may_be_null_or_absent) {
  for (const auto* name : {"baseInfo", "nativeLogistics", "productItems", "tradeTerms"}) {
    for (const auto& d : {decoded(sample_detail().set(name, "null")), decoded(sample_detail().erase(name)),
                          decoded(sample_detail().set(name, "\"\"")), decoded(sample_detail().set(name, "\"null\""))}) {
      EXPECT_TRUE(d.notes.empty()) << name;
      EXPECT_EQ(d.payments.empty(), std::string_view(name) == "tradeTerms");
      EXPECT_EQ(d.status.has_value(), std::string_view(name) != "baseInfo");
    }
  }
  for (const auto* name : {"buyerContact", "sellerContact", "receiverInfo", "payChannelList"})
    EXPECT_TRUE(with_base(name, "null").notes.empty()) << name;
  EXPECT_TRUE(with_parcels("null").shipments.empty());
}

TEST(decode_detail, an_object_of_a_wrong_type_is_quarantined_and_the_rest_is_kept) {
  for (const auto* raw : {"7", "true", "\"oops\"", "\"[object Object]\""}) {
    for (const auto* name : {"baseInfo", "nativeLogistics", "productItems", "tradeTerms"}) {
      const auto d = decoded(sample_detail().set(name, raw));
      EXPECT_EQ(paths_of(d), path_list{name}) << raw;
      EXPECT_EQ(d.lines.empty(), std::string_view(name) == "productItems");
    }
    EXPECT_EQ(paths_of(with_base("buyerContact", raw)), path_list{"baseInfo.buyerContact"});
    EXPECT_EQ(with_base("buyerContact", raw).contacts.size(), 1U);
    EXPECT_EQ(paths_of(with_parcels(raw)), path_list{"nativeLogistics.logisticsItems"});
    EXPECT_EQ(with_parcels(raw).addresses.size(), 2U);
  }
  EXPECT_EQ(paths_of(decoded(sample_detail().set("baseInfo", "[]"))), path_list{"baseInfo"});
  EXPECT_EQ(paths_of(with_lines("[" + sample_detail_line().text() + ",7]")), path_list{"productItems[1]"});
}

TEST(decode_detail, objects_may_come_as_texts_that_hold_them) {
  const auto plain = decoded(sample_detail());
  auto detail = sample_detail();
  for (const auto* name : {"nativeLogistics", "productItems", "tradeTerms"})
    detail.set(name, as_text(sample_detail().get(name)));
  const auto d = decoded(detail);
  EXPECT_TRUE(d.notes.empty());
  EXPECT_EQ(d.content_hash, plain.content_hash);
}

TEST(decode_detail, ids_are_texts_or_numbers_and_mean_the_same) {
  const auto plain = decoded(sample_detail());
  auto base = sample_base().set("id", "\"" + asked_order + "\"").set("idOfStr", asked_order);
  auto parcel = sample_parcel().set("id", "\"77\"");
  auto line = sample_detail_line().set("subItemID", "\"11\"").set("subItemIDString", "11");
  auto logistics =
      editable_object(sample_detail().get("nativeLogistics")).set("logisticsItems", "[" + parcel.text() + "]");
  const auto d = decoded(sample_detail()
                             .set("baseInfo", base.text())
                             .set("nativeLogistics", logistics.text())
                             .set("productItems", "[" + line.text() + "]")
                             .set("tradeTerms", "[" + sample_term().set("phase", "9001").text() + "]"));
  EXPECT_TRUE(d.notes.empty());
  EXPECT_EQ(d.content_hash, plain.content_hash);
}

TEST(decode_detail, ids_beyond_64_bits_and_fractions_are_quarantined) {
  EXPECT_EQ(paths_of(with_parcels("[" + sample_parcel().set("id", "9223372036854775808").text() + "]")),
            path_list{"nativeLogistics.logisticsItems[0].id"});
  EXPECT_EQ(paths_of(with_parcels("[" + sample_parcel().set("id", "77.5").text() + "]")),
            path_list{"nativeLogistics.logisticsItems[0].id"});
  const auto line = sample_detail_line().set("subItemID", "1.5").set("subItemIDString", "\"9223372036854775808\"");
  const auto d = with_lines("[" + line.text() + "]");
  EXPECT_EQ(paths_of(d),
            (path_list{"productItems[0]", "productItems[0].subItemID", "productItems[0].subItemIDString"}));
  EXPECT_TRUE(d.lines.empty());
}

TEST(decode_detail, a_number_that_was_rounded_does_not_beat_the_same_id_as_text) {
  const auto d = with_base("id", "2060631267218819000");
  EXPECT_EQ(paths_of(d), path_list{"baseInfo.id"});
  EXPECT_EQ(d.status, "waitbuyerreceive");
}

TEST(decode_detail, the_detail_of_another_order_is_an_error_and_nothing_is_taken) {
  auto base = sample_base().set("id", "17").set("idOfStr", "\"17\"");
  const auto wrong = try_detail(sample_detail().set("baseInfo", base.text()).text());
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().kind, core::failure::unusable_reply);
  EXPECT_NE(wrong.error().what.find("another order"), std::string::npos);
  EXPECT_EQ(wrong.error().what.find("17"), std::string::npos);
  auto without = sample_base().erase("idOfStr").set("id", "17");
  EXPECT_FALSE(try_detail(sample_detail().set("baseInfo", without.text()).text()));
}

TEST(decode_detail, a_detail_that_names_no_order_is_the_one_that_was_asked_for) {
  auto base = sample_base().erase("idOfStr").set("id", "null");
  EXPECT_TRUE(decoded(sample_detail().set("baseInfo", base.text())).notes.empty());
}

TEST(decode_detail, a_detail_that_says_unreadably_which_order_it_is_about_is_an_error) {
  for (const auto* id :
       {"\"x2060631267218818995\"", "\"99999999999999999999\"", "99999999999999999999", "[]", "true"}) {
    const auto made = try_detail(sample_detail().set("baseInfo", sample_base().set("idOfStr", id).text()).text());
    ASSERT_FALSE(made) << id;
    EXPECT_EQ(made.error().kind, core::failure::unusable_reply);
    auto number = sample_base().erase("idOfStr").set("id", id);
    EXPECT_FALSE(try_detail(sample_detail().set("baseInfo", number.text()).text())) << id;
  }
  for (const auto* nothing : {"null", "\"\"", "\" \"", "\"null\""})
    EXPECT_TRUE(with_base("idOfStr", nothing).notes.empty()) << nothing;
}

TEST(decode_detail, an_id_that_is_longer_than_a_key_may_be_costs_itself_alone) {
  const auto longest = "\"" + std::string(64, 'T') + "\"";
  EXPECT_EQ(with_base("refundId", longest).refunds.size(), 2U) << "the line names another one";
  const auto longer = "\"" + std::string(65, 'T') + "\"";
  const auto d = with_base("refundId", longer);
  EXPECT_EQ(paths_of(d), path_list{"baseInfo.refundId"});
  EXPECT_EQ(d.notes.at(0).raw, longer);
  EXPECT_EQ(d.refunds.size(), 1U);
  EXPECT_EQ(d.status, "waitbuyerreceive");
  EXPECT_EQ(paths_of(with_lines("[" + sample_detail_line().set("refundId", longer).text() + "]")),
            path_list{"productItems[0].refundId"});
}

TEST(decode_detail, numbers_in_steps_that_no_database_takes_are_quarantined) {
  const auto d = with_base("stepOrderList", R"([{"a":12345678901234567.25,"b":1e999},{"c":[1e999999],"d":-1E-1000}])");
  EXPECT_EQ(paths_of(d), (path_list{"baseInfo.stepOrderList[1].c[0]", "baseInfo.stepOrderList[1].d"}));
  EXPECT_EQ(paths_of(with_base("stepOrderList", as_text(R"([{"a":1e1000}])"))),
            path_list{"baseInfo.stepOrderList[0].a"});
  EXPECT_EQ(paths_of(with_base("stepOrderList", "[" + std::string(101, '9') + "]")),
            path_list{"baseInfo.stepOrderList[0]"});
}

TEST(decode_detail, parcels_with_the_id_0_are_parcels_without_one) {
  const auto parcel = sample_parcel().set("id", "0").text();
  const auto d = with_parcels("[" + parcel + "," + parcel + "]");
  EXPECT_TRUE(d.notes.empty());
  ASSERT_EQ(d.shipments.size(), 2U);
  EXPECT_FALSE(d.shipments[1].id);
}

TEST(decode_detail, what_is_no_object_is_an_error) {
  for (const auto* data : {"[]", "7", "\"text\"", "{\"a\":", "{\"a\":\"\xFF\"}", "{\"baseInfo\":{}"}) {
    const auto made = try_detail(data);
    ASSERT_FALSE(made) << data;
    EXPECT_EQ(made.error().kind, core::failure::unusable_reply);
  }
}

TEST(decode_detail, line_numbers_of_a_parcel_come_parted_by_commas) {
  const auto lines = [](const std::string& raw) {
    return with_parcels("[" + sample_parcel().set("subItemIds", raw).text() + "]");
  };
  EXPECT_EQ(lines("\"1, 2,3\"").shipments.at(0).line_ids, (std::vector<std::int64_t>{1, 2, 3}));
  EXPECT_EQ(lines("2060631267218818996").shipments.at(0).line_ids, std::vector<std::int64_t>{2060631267218818996});
  EXPECT_FALSE(lines("\"\"").shipments.at(0).line_ids);
  EXPECT_FALSE(lines("null").shipments.at(0).line_ids);
  for (const auto* raw : {"\"1,x\"", "\"1,,2\"", "\"1;2\"", "\"9223372036854775808\"", "[1,2]"}) {
    EXPECT_EQ(paths_of(lines(raw)), path_list{"nativeLogistics.logisticsItems[0].subItemIds"}) << raw;
    EXPECT_EQ(lines(raw).shipments.at(0).waybill, "SF100");
  }
}

TEST(decode_detail, rows_with_the_id_of_an_earlier_one_are_left_out_and_reported) {
  const auto twice = [](const editable_object& row) { return "[" + row.text() + "," + row.text() + "]"; };
  EXPECT_EQ(paths_of(with_parcels(twice(sample_parcel()))), path_list{"nativeLogistics.logisticsItems[1]"});
  EXPECT_EQ(with_parcels(twice(sample_parcel())).shipments.size(), 1U);
  EXPECT_EQ(with_parcels(twice(sample_parcel().set("id", "null"))).shipments.size(), 2U);
  EXPECT_EQ(paths_of(with_lines(twice(sample_detail_line()))), path_list{"productItems[1]"});
}

TEST(decode_detail, a_parcel_without_logistics_says_so_in_words) {
  const auto d = with_parcels("[" + sample_parcel().set("logisticsBillNo", "\"不需要物流\"").text() + "]");
  EXPECT_EQ(d.shipments.at(0).waybill, "不需要物流");
  EXPECT_TRUE(d.notes.empty());
}

TEST(decode_detail, states_and_fields_that_are_new_are_reported_and_kept) {
  const auto d = with_base("status", "\"waitcustomscheck\"");
  EXPECT_EQ(d.status, "waitcustomscheck");
  EXPECT_EQ(d.unknown_paths, path_list{"baseInfo.status=waitcustomscheck"});
  EXPECT_EQ(with_base("refundStatus", "\"Max Mustermann\"").unknown_paths,
            path_list{"baseInfo.refundStatus=(not a word)"});
  EXPECT_TRUE(with_base("refundStatus", "\"\"").unknown_paths.empty());
  const auto line = with_lines("[" + sample_detail_line().add("newField", "1").text() + "]");
  EXPECT_EQ(line.unknown_paths, path_list{"productItems[].newField"});
}

TEST(decode_detail, the_content_hash_sees_every_change_and_no_spelling) {
  const auto plain = decoded(sample_detail()).content_hash;
  EXPECT_EQ(with_base("totalAmount", "\"123.450\"").content_hash, plain);
  EXPECT_EQ(with_base("payTime", "\"20170912172031005+0000\"").content_hash, plain);
  for (const auto& [key, raw] : {std::pair{"totalAmount", "123.46"},
                                 {"remark", "\"\""},
                                 {"sellerMemo", "\"known, but without a column\""},
                                 {"newField", "1"},
                                 {"buyerContact", "null"},
                                 {"refund", "0.501"}})
    EXPECT_NE(with_base(key, raw).content_hash, plain) << key;
  EXPECT_NE(with_parcels("[" + sample_parcel().set("logisticsBillNo", "\"SF101\"").text() + "]").content_hash, plain);
  EXPECT_NE(with_parcels("[" + sample_parcel().set("fromMobile", "\"401\"").text() + "]").content_hash, plain);
}

TEST(decode_detail, there_is_a_deadline_where_creation_and_a_span_are_known) {
  EXPECT_FALSE(with_base("createTime", "null").pay_deadline);
  EXPECT_FALSE(with_base("payTimeout", "null").pay_deadline);
  EXPECT_FALSE(with_base("payTimeout", "-1").pay_deadline);
  EXPECT_FALSE(with_base("payTimeout", "9223372036854775807").pay_deadline);
  EXPECT_FALSE(with_base("payTimeoutType", "1").pay_deadline);
  EXPECT_TRUE(with_base("payTimeoutType", "null").pay_deadline);
}

TEST(decode_detail, refunds_are_those_of_the_order_and_of_its_lines) {
  for (const auto* none : {"\"\"", "\" \"", "\"\\t\"", "\" null \""})
    EXPECT_TRUE(with_base("refundId", none).refunds.size() == 1) << none;
  EXPECT_EQ(with_base("refundId", "\" TQ123\\t\"").refunds.at(0).id, "TQ123");
  const auto lines =
      "[" + sample_detail_line().text() + "," +
      sample_detail_line().set("subItemIDString", "\"9\"").set("subItemID", "9").text() + "," +
      sample_detail_line().set("subItemIDString", "\"12\"").set("subItemID", "12").set("refundId", "\"TQ2\"").text() +
      "]";
  const auto d = with_lines(lines);
  ASSERT_EQ(d.refunds.size(), 2U);
  EXPECT_EQ(d.refunds.at(0).id, "TQ123");
  EXPECT_EQ(d.refunds.at(0).line_ids, (std::vector<std::int64_t>{9, 11}));
  EXPECT_EQ(d.refunds.at(1).id, "TQ2");
  EXPECT_FALSE(d.refunds.at(1).status);
}

}  // namespace
}  // namespace ordersync::pandapon::detail
