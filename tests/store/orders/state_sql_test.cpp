// What the history says has changed, held against the states that it says there were.
#include "store/store_fixture.hpp"

#include <functional>

namespace ordersync::store_test {
namespace {

class state_sql : public store_test {};

// Each field that a state has, by turns and in company, there and back, to none and from none: what is recorded is what
// differs between the states as JSON.
TEST_F(state_sql, tells_of_a_change_what_differs_between_the_two_states) {
  std::vector<std::function<void(core::order&)>> changes{
      [](auto& o) { o.develop_id.reset(); },
      [](auto& o) { o.flow = "b \"quoted\" \\"; },
      [](auto& o) { o.order_no.reset(); },
      [](auto& o) { o.discount_fen = 0; },
      [](auto& o) { o.refund_amount_fen.reset(); },
      [](auto& o) { o.is_invoice = 2; },
      [](auto& o) { o.created_at.reset(); },
      [](auto& o) { o.tb_created_at = at_ms(11, 7); },
      [](auto& o) { o.submission_success = false; },
      [](auto& o) { o.submission_success.reset(); },
      [](auto& o) { o.submission_total_fen.reset(); },
      [](auto& o) { o.items[0].sku_attributes.reset(); },
      [](auto& o) { o.items[0].sku_attributes = "[]"; },
      [](auto& o) { o.items[0].image_urls.reset(); },
      [](auto& o) { o.items[0].image_urls = std::vector<std::string>{}; },
      [](auto& o) { o.items[0].quantity = "1.50"; },  // the same number
      [](auto& o) { o.items[0].quantity.reset(); },
      [](auto& o) { o.items[1].created_at.reset(); },
      [](auto& o) { o.items[1].name = "名"; },
      [](auto& o) { std::swap(o.items[0].position, o.items[1].position); },
      [](auto& o) { o.items.pop_back(); },
      [](auto& o) { o.items.clear(); },
      [](auto& o) { o.cargo[0].quantity = "2"; },
      [](auto& o) {
        o.cargo.push_back({1, 5, {}, "3"});
      },
      [](auto& o) { o.cargo.clear(); },
      [](auto& o) {
        o.order_status = 1;
        o.items[0].status = 1;
        o.items[1].id = 99;
        o.cargo[0].offer_id.reset();
      }};
  int observed = 100;
  const auto see = [&](core::order o) {
    o.content_hash = core::sha256_of(std::to_string(observed));
    store_orders({o}, observed += 100);
  };
  see(sample_order(1));
  for (const auto& change : changes) {
    auto o = sample_order(1);
    change(o);
    see(o);
    see(sample_order(1));
  }
  ASSERT_EQ(value("SELECT count(*) FROM ordersync.order_history"), std::to_string(2 * changes.size()));
  execute(
      "CREATE FUNCTION public.differences(before jsonb, after jsonb) RETURNS jsonb LANGUAGE sql AS $$ "
      "SELECT coalesce(jsonb_object_agg(path, jsonb_build_object('old', old, 'new', new)), '{\"payload\": "
      "\"changed\"}') "
      "FROM (SELECT key AS path, before -> 'order' -> key AS old, value AS new FROM jsonb_each(after -> 'order') "
      "WHERE coalesce(before -> 'order' -> key, 'null') <> value UNION ALL "
      "SELECT format('items[%s]%s', coalesce(n.e, o.e) ->> 'id', d.field), d.old, d.new "
      "FROM jsonb_array_elements(before -> 'items') AS o (e) FULL JOIN jsonb_array_elements(after -> 'items') AS n (e) "
      "ON o.e -> 'id' = n.e -> 'id' CROSS JOIN LATERAL (SELECT '' AS field, o.e AS old, n.e AS new "
      "WHERE o.e IS NULL OR n.e IS NULL UNION ALL SELECT '.' || key, o.e -> key, value FROM jsonb_each(n.e) "
      "WHERE o.e IS NOT NULL AND coalesce(o.e -> key, 'null') <> value) AS d UNION ALL "
      "SELECT format('cargo[%s]%s', coalesce(n.e, o.e) ->> 'position', d.field), d.old, d.new "
      "FROM jsonb_array_elements(before -> 'cargo') AS o (e) FULL JOIN jsonb_array_elements(after -> 'cargo') AS n (e) "
      "ON o.e -> 'position' = n.e -> 'position' CROSS JOIN LATERAL (SELECT '' AS field, o.e AS old, n.e AS new "
      "WHERE o.e IS NULL OR n.e IS NULL UNION ALL SELECT '.' || key, o.e -> key, value FROM jsonb_each(n.e) "
      "WHERE o.e IS NOT NULL AND coalesce(o.e -> key, 'null') <> value) AS d) AS t $$");
  EXPECT_EQ(table("SELECT b.version, b.changed, public.differences(a.state, b.state) FROM ordersync.order_history a "
                  "JOIN ordersync.order_history b ON b.order_id = a.order_id AND b.version = a.version + 1 "
                  "WHERE b.changed <> public.differences(a.state, b.state)"),
            "NULL");
}

}  // namespace
}  // namespace ordersync::store_test
