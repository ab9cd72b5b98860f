#include "pandapon/detail/decode_refund.hpp"

#include "pandapon/detail/detail_sample.hpp"

#include <gtest/gtest.h>

#include <string>

namespace ordersync::pandapon::detail {
namespace {

editable_object sample_refund() {
  return editable_object(
      R"({"id":8651493722961198,"refundId":"TQ8651493722961198","orderId":2060631267218818995,"status":"refundsuccess",)"
      R"("alipayPaymentId":"2018042321001","applyPayment":100,"refundPayment":"99","gmtApply":"20180423171116000+0800",)"
      R"("gmtCreate":"2018-04-23 17:11:16","gmtModified":null,"sellerMobile":"600","rejectTimes":0})");
}

core::result<core::refund_info> try_refund(std::string_view data) {
  return decode_refund(data, "TQ8651493722961198", seen_at);
}

TEST(decode_refund, has_what_is_known_and_keeps_the_rest_as_it_came) {
  const auto text = sample_refund().text();
  const auto r = try_refund(text).value();
  EXPECT_EQ(r.id, "TQ8651493722961198");
  EXPECT_EQ(r.tb_order_id, 2060631267218818995);
  EXPECT_EQ(r.status, "refundsuccess");
  EXPECT_EQ(r.alipay_payment_id, "2018042321001");
  EXPECT_EQ(r.apply_payment_fen, 100);
  EXPECT_EQ(r.refund_payment_fen, 99);
  EXPECT_EQ(r.applied, "20180423171116000+0800");
  EXPECT_EQ(r.created, "2018-04-23 17:11:16");
  EXPECT_FALSE(r.completed);
  EXPECT_EQ(r.payload, text);
  EXPECT_TRUE(r.notes.empty());
  EXPECT_TRUE(r.unknown_paths.empty());
}

TEST(decode_refund, of_another_id_is_an_error_and_nothing_is_taken) {
  const auto wrong = try_refund(sample_refund().set("refundId", "\"TQ17\"").text());
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().kind, core::failure::unusable_reply);
  EXPECT_EQ(wrong.error().what.find("TQ17"), std::string::npos);
  EXPECT_TRUE(try_refund(sample_refund().set("refundId", "null").text()));
  EXPECT_TRUE(try_refund(sample_refund().erase("refundId").text()));
}

TEST(decode_refund, that_does_not_say_readably_whose_it_is_is_an_error) {
  for (const auto* raw : {"[]", "\"x20423\"", "\"99999999999999999999\"", "true"})
    EXPECT_FALSE(try_refund(sample_refund().set("orderId", raw).text())) << raw;
  EXPECT_TRUE(try_refund(sample_refund().set("orderId", "null").text()));
  EXPECT_TRUE(try_refund(sample_refund().erase("orderId").text()));
}

TEST(decode_refund, amounts_that_are_no_whole_fen_and_values_of_a_wrong_type_are_quarantined) {
  const auto r = try_refund(sample_refund().set("refundPayment", "0.99").text()).value();
  EXPECT_EQ(paths_of(r), (path_list{"refundPayment"}));
  EXPECT_EQ(r.apply_payment_fen, 100);
}

TEST(decode_refund, times_of_an_unknown_form_are_quarantined) {
  const auto of = [](const char* raw) {
    return paths_of(try_refund(sample_refund().set("gmtCreate", raw).text()).value());
  };
  for (const auto* raw :
       {"\"2018-04-23 17:11:16\"", "\"20180423171116000+0800\"", "1524474676000", "\"1524474676000\"", "\"\"", "null"})
    EXPECT_EQ(of(raw), path_list{}) << raw;
  for (const auto* raw :
       {"1524474676", "1.5e12", "\"soon\"", "\"2018-13-23 17:11:16\"", "\"2018-04-23T17:11:16\"", "[]"})
    EXPECT_EQ(of(raw), path_list{"gmtCreate"}) << raw;
}

TEST(decode_refund, numbers_that_no_database_takes_are_quarantined) {
  const auto r = try_refund(sample_refund().set("rejectTimes", "1e999999").text()).value();
  EXPECT_EQ(paths_of(r), path_list{"rejectTimes"});
}

TEST(decode_refund, differs_by_its_hash_where_its_content_differs) {
  const auto plain = try_refund(sample_refund().text())->content_hash;
  EXPECT_EQ(try_refund(sample_refund().set("refundPayment", "99").text())->content_hash, plain);
  EXPECT_NE(try_refund(sample_refund().set("status", "\"refundclose\"").text())->content_hash, plain);
  EXPECT_NE(try_refund(sample_refund().set("rejectTimes", "1").text())->content_hash, plain);
  EXPECT_EQ(try_refund(sample_refund().set("status", "\"strange\"").text())->unknown_paths,
            path_list{"status=strange"});
}

TEST(decode_refund, what_is_no_object_is_an_error) {
  for (const auto* data : {"[]", "true", "{\"refundId\":", "\"\xFF\""}) EXPECT_FALSE(try_refund(data)) << data;
}

}  // namespace
}  // namespace ordersync::pandapon::detail
