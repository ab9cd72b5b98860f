#include "sample.hpp"

#include "asking.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace pandapon_sim::testing {
namespace {

// Brackets and quotes inside a string must not end the order.
const std::string order_text =
    R"({"id":1060631267218818995,"tbOrderId":"2042894174938880794","receiver":"{\"a\":\"}]\\\"\"}",)"
    R"("orderStatus":7,"userId":"2217225334051","createTime":1704451800000,"tbCreateTime":1704451799000})";
const std::string second_text =
    R"({ "id": 17, "tbOrderId": "3", "orderStatus": 1, "userId": "5", "createTime": 1704451801000, "tbCreateTime": 1704451801000 })";
const std::string reply_text = R"({"total":2,"data":[)" + order_text + ", " + second_text + R"(],"code":200})";

TEST(sample, is_served_byte_for_byte_among_the_others) {
  world w(some_orders(5));
  w.orders.add_samples(read_sample(reply_text));
  const reply got = handle_page(
      w,
      ask(R"({"pageNum":1,"pageSize":9,"orderTimeBegin":"2024-01-05 18:50:00","orderTimeEnd":"2024-01-05 18:50:01"})"),
      noon);
  EXPECT_EQ(got.body, R"({"total":2,"data":[)" + order_text + "," + second_text + R"(],"code":200})");
  EXPECT_EQ(integer(reply_to(w, R"({"pageNum":1,"pageSize":9})"), "total"), 7);
  EXPECT_EQ(integer(reply_to(w, R"({"pageNum":1,"pageSize":9,"tbOrderId":"2042894174938880794"})"), "total"), 1);
}

TEST(sample, that_is_none_is_refused) {
  EXPECT_THROW(read_sample("{}"), std::runtime_error);
  EXPECT_THROW(read_sample(R"({"data":[{"id":1)"), std::runtime_error);
  EXPECT_THROW(read_sample(R"({"data":[{"id":1}],"code":200})"), std::exception);
}

}  // namespace
}  // namespace pandapon_sim::testing
