// Payloads in the database: in half the space, and each as it was served.
#include "store/payloads/payload_samples.hpp"
#include "store/store_fixture.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace ordersync::store_test {
namespace {

core::order with_payload(std::int64_t id, const std::string& payload) {
  auto o = sample_order(id);
  o.payload = payload;
  o.payload_sha256 = core::sha256_of(payload);
  return o;
}

core::order vendors_order_as(std::int64_t id) {
  auto payload = vendors_order();
  for (const std::string real = "1060631267218818995"; payload.find(real) != std::string::npos;)
    payload.replace(payload.find(real), real.size(), std::to_string(id));
  return with_payload(id, payload);
}

class storing_payloads : public store_test {
 protected:
  std::string all_are_as_served() {
    return value("SELECT bool_and(sha256(convert_to(payload, 'UTF8')) = sha256) FROM ordersync.order_payloads");
  }
};

TEST_F(storing_payloads, what_orders_have_in_common_is_stored_once_and_the_view_shows_every_byte) {
  std::vector<core::order> orders;
  for (int id = 1; id <= 50; ++id) orders.push_back(vendors_order_as(id));
  store_orders(orders);
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.order_payloads"), "50");
  EXPECT_EQ(all_are_as_served(), "t");
  EXPECT_EQ(value("SELECT count(shape) FROM ordersync.stored_payloads"), "50");
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.payload_shapes"), "6") << "five pieces, and %s";
  EXPECT_EQ(value("SELECT max(octet_length(shape)) + max(pg_column_size(body)) < min(octet_length(payload)) / 2 "
                  "FROM ordersync.stored_payloads JOIN ordersync.order_payloads USING (order_id)"),
            "t");
  EXPECT_EQ(value("SELECT payload FROM ordersync.order_payloads WHERE order_id = 7"), vendors_order_as(7).payload);
}

TEST_F(storing_payloads, whatever_text_the_api_serves_comes_back) {
  std::int64_t id = 0;
  for (unsigned batch = 0; batch < 10; ++batch) {
    std::vector<core::order> orders;
    for (unsigned seed = 0; seed < 30; ++seed) {
      random_json random{1'000 * batch + seed};
      const auto json = random.object();
      orders.push_back(with_payload(++id, json));
      orders.push_back(with_payload(++id, random.damaged(json)));
    }
    for (const auto* text : {"{}", "{\"a\":\"\"}", "{\"a\":\"\n\"}", "%s", "%1$s", "   ", "\n\n", "{\"id\":1}\n"})
      orders.push_back(with_payload(++id, text));
    store_orders(orders, static_cast<int>(batch));
  }
  EXPECT_EQ(all_are_as_served(), "t");
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.order_payloads"), std::to_string(id));
  EXPECT_GT(std::stoi(value("SELECT count(shape) FROM ordersync.stored_payloads")), 50);
  EXPECT_GT(std::stoi(value("SELECT count(*) FROM ordersync.stored_payloads WHERE shape IS NULL")), 50);
  EXPECT_EQ(value("SELECT count(*) = max(id) FROM ordersync.payload_shapes"), "t");
}

TEST_F(storing_payloads, later_batches_use_and_extend_the_shapes_of_earlier_ones) {
  store_orders({vendors_order_as(1)});
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.payload_shapes"), "6");
  store_orders({vendors_order_as(2), with_payload(3, R"({"id":3,"another":"field","of":"another shape"})")}, 200);
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.payload_shapes"), "7");
  EXPECT_EQ(value("SELECT count(DISTINCT shape) FROM ordersync.stored_payloads WHERE order_id < 3"), "1");
  EXPECT_EQ(all_are_as_served(), "t");
}

TEST_F(storing_payloads, one_that_an_older_version_stored_whole_is_split_when_its_order_changes) {
  auto order = vendors_order_as(1);
  store_orders({order});
  execute(
      "UPDATE ordersync.stored_payloads s SET body = p.payload, shape = NULL FROM ordersync.order_payloads p "
      "WHERE p.order_id = s.order_id");
  EXPECT_EQ(value("SELECT payload FROM ordersync.order_payloads"), order.payload);
  auto changed = sample_order(1);
  changed.order_status = 1;
  rehash(changed);
  changed.payload = order.payload + " ";
  changed.payload.replace(changed.payload.find("4650"), 4, "4651");
  changed.payload.pop_back();
  changed.payload_sha256 = core::sha256_of(changed.payload);
  store_orders({changed}, 200);
  EXPECT_EQ(value("SELECT count(shape) FROM ordersync.stored_payloads"), "1");
  EXPECT_EQ(value("SELECT payload FROM ordersync.order_payloads"), changed.payload);
}

TEST_F(storing_payloads, some_are_deleted_by_hand_through_the_view_and_all_go_with_their_orders) {
  store_orders({vendors_order_as(1), vendors_order_as(2), vendors_order_as(3)});
  execute("DELETE FROM ordersync.order_payloads WHERE order_id = 1");
  EXPECT_EQ(value("SELECT string_agg(order_id::text, ' ' ORDER BY order_id) FROM ordersync.stored_payloads"), "2 3");
  execute("DELETE FROM ordersync.orders WHERE id = 2");
  EXPECT_EQ(value("SELECT string_agg(order_id::text, ' ') FROM ordersync.stored_payloads"), "3");
}

}  // namespace
}  // namespace ordersync::store_test
