// The details as the mirror knew them at a moment.
#include "store/details/details_fixture.hpp"

#include <gmock/gmock.h>

namespace ordersync::store_test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class moments_of_details : public details_test {
 protected:
  void SetUp() override {
    details_test::SetUp();
    store_status(3, 100);
    store_status(3, 100, 2);
    detail_.refunds[0].status = "waitbuyersend";
    commit_detail(detail_, {sample_refund()});
    detail_.shipments[1].waybill = "YT7";
    detail_.observed_at = at_ms(300);
    rehash(detail_);
    commit_detail(detail_);
  }
  std::string waybill_at(const std::string& moment, int order = 1) {
    return value("SELECT detail #>> '{shipments,1,waybill_number}' FROM reporting.orders_at('2024-05-07 " + moment +
                 "+00') WHERE order_key = " + std::to_string(order));
  }

  core::order_detail detail_ = sample_detail(200);
};

TEST_F(moments_of_details, show_what_was_known_then) {
  EXPECT_EQ(waybill_at("00:01:50"), "NULL");
  EXPECT_EQ(waybill_at("00:03:20"), "SF2");
  EXPECT_EQ(waybill_at("00:04:59"), "SF2");
  EXPECT_EQ(waybill_at("00:05:00"), "YT7");
  EXPECT_EQ(waybill_at("00:05:00", 2), "NULL");
  EXPECT_EQ(value("SELECT count(*) FROM reporting.orders_at(now())"), "2");
}

TEST_F(moments_of_details, are_the_same_in_a_cluster) {
  const std::string all = "SELECT string_agg(o::text, ' ' ORDER BY id) FROM reporting.orders_at(now()) o";
  const auto plain = value(all);
  execute("SELECT ordersync.use_moments_of_cluster()");
  EXPECT_EQ(value(all), plain);
  EXPECT_EQ(waybill_at("00:04:59"), "SF2");
}

TEST_F(moments_of_details, of_the_present_have_what_the_history_will_have) {
  const auto present = value(
      "SELECT jsonb_build_array(payments, shipments, refunds, status, paid_at, shipped_at) FROM "
      "reporting.order_detail_versions WHERE version = 2");
  detail_.status = "success";
  detail_.observed_at = at_ms(400);
  rehash(detail_);
  commit_detail(detail_);
  EXPECT_EQ(value("SELECT jsonb_build_array(payments, shipments, refunds, status, paid_at, shipped_at) FROM "
                  "reporting.order_detail_versions WHERE version = 2"),
            present);
  EXPECT_EQ(table("SELECT version, status, valid_to IS NULL FROM reporting.order_detail_versions ORDER BY 1"),
            "1,waitbuyerreceive,f\n2,waitbuyerreceive,f\n3,success,t");
}

TEST_F(moments_of_details, of_one_order_are_found_by_its_key_and_not_looked_up_unless_asked_for) {
  const auto plan = [&](const std::string& columns) {
    return table("SELECT * FROM public.plan_of($q$ SELECT " + columns +
                 " FROM reporting.orders_at(now()) WHERE order_key = 17 $q$)");
  };
  execute(
      "CREATE FUNCTION public.plan_of(q text) RETURNS SETOF text LANGUAGE plpgsql AS $$ BEGIN RETURN QUERY EXECUTE "
      "'EXPLAIN ' || q; END $$");
  EXPECT_THAT(plan("id"), Not(HasSubstr("order_detail")));
  execute("SET enable_seqscan = off");
  EXPECT_THAT(plan("detail"), HasSubstr("order_detail_history_pkey"));
  EXPECT_THAT(plan("detail"), HasSubstr("order_details_pkey"));
}

}  // namespace
}  // namespace ordersync::store_test
