// Erasing personal data, and that it stays away.
#include "store/store_fixture.hpp"

#include <fmt/format.h>

namespace ordersync::store_test {
namespace {

constexpr const char* mobile = "18275942991";

class erasure : public store_test {
 protected:
  void SetUp() override {
    store_test::SetUp();
    canary_.receiver->full_name = "canary-name";
    canary_.receiver->mobile = "86-18275942991";
    canary_.warehouse_address->address = "canary-street";
    canary_.notes = {{"orderJson", "not valid JSON at byte 3", "{\"toMobile\":\"18275942991\",canary-raw"}};
    refresh(canary_);
  }

  // The hash is of everything, personal data too, as pandapon makes it.
  static void refresh(core::order& order) {
    rehash(order);
    order.payload = "{\"canary-payload\":\"18275942991\"}";
  }

  // Every row of every table of ours that shows one of the canaries, as text.
  std::string sightings() {
    std::string found;
    const auto tables = value(
        "SELECT string_agg(format('SELECT %L AS t, r::text FROM ordersync.%I r', relname, relname), ' UNION ALL ') "
        "FROM pg_class WHERE relnamespace = 'ordersync'::regnamespace AND relkind IN ('r', 'p')");
    return value("SELECT string_agg(t || ': ' || r, E'\\n') FROM (" + tables +
                 ") x WHERE r ~ 'canary|18275942991|182-7594' OR r LIKE '%' || "
                 "encode(convert_to('18275942991', 'UTF8'), 'hex') || '%'");
  }

  store::maintenance::erased_order erase(std::int64_t id) {
    const auto done = run(store_->maintenance().erase_order(id));
    EXPECT_TRUE(done.has_value()) << done.error().what;
    return done ? *done : store::maintenance::erased_order{};
  }
  store::maintenance::erasure erase_number(const std::string& number) {
    const auto done = run(store_->maintenance().erase_mobile(number));
    EXPECT_TRUE(done.has_value()) << done.error().what;
    return done ? *done : store::maintenance::erasure{};
  }
  store::maintenance::erasure retain(store::maintenance::retention_rules rules) {
    store::maintenance::erasure all;
    std::optional<std::int64_t> next = 0;
    while (next) {
      const auto step = run(store_->maintenance().retain(rules, *next));
      if (step.has_error()) {
        ADD_FAILURE() << step.error().what;
        break;
      }
      all += step->took;
      next = step->next;
    }
    return all;
  }

  core::order canary_ = sample_order(7);
};

TEST_F(erasure, is_told_in_advance_and_nothing_changes) {
  store_orders({canary_});
  const auto before = sightings();
  const auto order = run(store_->maintenance().estimate_order(7));
  const auto number = run(store_->maintenance().estimate_mobile("182-7594-2991"));
  ASSERT_TRUE(order.has_value() && number.has_value());
  EXPECT_EQ(sightings(), before);
  EXPECT_TRUE(order->mirrored);
  EXPECT_EQ(order->took, *number);
  EXPECT_FALSE(run(store_->maintenance().estimate_order(8))->mirrored);
  EXPECT_TRUE(run(store_->maintenance().estimate_mobile("nobody")).has_error());
  EXPECT_EQ(erase(7).took, order->took);
  EXPECT_EQ(run(store_->maintenance().estimate_mobile(mobile)).value(), store::maintenance::erasure{});
}

TEST_F(erasure, an_order_loses_what_is_personal_and_is_kept) {
  store_orders({canary_});
  ASSERT_NE(sightings(), "NULL");
  const auto done = erase(7);
  EXPECT_TRUE(done.mirrored);
  EXPECT_EQ(done.took, (store::maintenance::erasure{1, 1, 1, 1, 1}));
  EXPECT_EQ(sightings(), "NULL");
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.orders"), "1");
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.order_items"), "2");
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.quarantine WHERE resolved_at IS NULL"), "1");
  EXPECT_EQ(erase(7).took, (store::maintenance::erasure{1, 0, 0, 0, 0}));
}

TEST_F(erasure, an_erased_order_that_is_read_again_unchanged_writes_nothing) {
  store_orders({canary_}, 100);
  erase(7);
  const auto before = row_versions();
  EXPECT_EQ(store_orders({canary_}, 200).unchanged, 1);
  EXPECT_EQ(row_versions(), before);
}

TEST_F(erasure, an_erased_order_that_has_changed_is_stored_without_what_is_personal) {
  store_orders({canary_}, 100);
  erase(7);
  const auto kept = value("SELECT id || raw FROM ordersync.quarantine");
  canary_.order_status = 5;
  refresh(canary_);
  EXPECT_EQ(store_orders({canary_}, 200).changed, 1);
  EXPECT_EQ(value("SELECT order_status FROM ordersync.orders"), "5");
  EXPECT_EQ(sightings(), "NULL");
  EXPECT_EQ(value("SELECT string_agg(id || raw, '+') FROM ordersync.quarantine"), kept) << "the same row is kept";
  const auto before = row_versions();
  EXPECT_EQ(store_orders({canary_}, 300).unchanged, 1);
  EXPECT_EQ(row_versions(), before);
}

TEST_F(erasure, an_order_erased_before_it_is_read_comes_without) {
  EXPECT_FALSE(erase(7).mirrored);
  EXPECT_EQ(store_orders({canary_}).created, 1);
  EXPECT_EQ(sightings(), "NULL");
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.orders"), "1");
}

TEST_F(erasure, other_orders_keep_what_they_have) {
  auto other = sample_order(8);
  store_orders({canary_, other});
  erase(7);
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.order_receivers WHERE order_id = 8"), "1");
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.order_payloads"), "1");
}

TEST_F(erasure, a_mobile_number_is_erased_wherever_it_is_and_in_orders_that_come_later) {
  auto in_note_only = sample_order(8);
  in_note_only.receiver.reset();
  in_note_only.warehouse_address.reset();
  in_note_only.notes = canary_.notes;
  rehash(in_note_only);
  in_note_only.payload = "{}";
  auto other = sample_order(9);
  other.receiver->mobile = "13800138000";
  other.warehouse_address->mobile = "118275942991";  // a longer number is another
  rehash(other);
  auto batch = proven_batch(span(0, 60), {canary_, in_note_only, other});
  batch.proven.reset();
  batch.outcome = sync::sweep_outcome::unproven;
  batch.unusable = {
      {"data[3]", "the order has no id, or two different ones", "{\"receiver\":\"18275942991 canary\"}", at_ms(100)}};
  commit(batch);

  EXPECT_EQ(erase_number("+86 182 7594 2991"), (store::maintenance::erasure{2, 1, 1, 2, 3}));
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.order_receivers"), "1");
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.erased_mobiles"), "1");
  EXPECT_EQ(sightings(),
            "order_warehouse_addresses: " + value("SELECT w::text FROM ordersync.order_warehouse_addresses w"));

  const auto before = row_versions();
  auto again = batch;
  again.started_at = at_ms(200);
  again.finished_at = at_ms(201);
  for (auto& order : again.orders) order.observed_at = at_ms(200);
  EXPECT_EQ(commit(again).quarantined, 0);
  EXPECT_EQ(row_versions(), before);

  auto later = sample_order(10);
  later.receiver->mobile = mobile;
  rehash(later);
  later.payload = "{\"canary\":1}";
  EXPECT_EQ(store_orders({later}, 300).created, 1);
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.order_receivers WHERE order_id = 10"), "0");
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.order_payloads WHERE order_id = 10"), "0");
}

TEST_F(erasure, a_mobile_number_in_other_digits_is_the_same) {
  auto wide = sample_order(11);
  wide.warehouse_address.reset();
  wide.receiver->mobile = "１８２７５９４２９９１";
  rehash(wide);
  wide.payload = "{}";
  auto escaped = sample_order(12);
  escaped.receiver.reset();
  escaped.warehouse_address.reset();
  rehash(escaped);
  escaped.payload = R"({"receiver":"{\"toMobile\":\"\\u0031\\u00382759\\uFF142991\"}"})";
  auto other = sample_order(13);
  other.receiver.reset();
  other.warehouse_address.reset();
  rehash(other);
  store_orders({wide, escaped, other});
  EXPECT_EQ(erase_number("18275942991").orders, 2);
  EXPECT_EQ(table("SELECT order_id FROM ordersync.erased_orders ORDER BY 1"), "11\n12");
  for (auto* order : {&wide, &escaped}) {
    order->id += 10;
    order->payload += " ";
  }
  store_orders({wide, escaped}, 300);
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.order_payloads WHERE order_id > 20"), "0");
}

TEST_F(erasure, what_is_no_number_is_refused) {
  const auto refused = run(store_->maintenance().erase_mobile("none"));
  ASSERT_TRUE(refused.has_error());
  EXPECT_EQ(refused.error().kind, core::failure::input);
}

TEST_F(erasure, what_is_too_old_goes_by_its_creation_and_stays_away) {
  auto fresh = sample_order(8);
  store_orders({canary_, fresh});
  execute("UPDATE ordersync.orders SET created_at = now() - interval '399 days' WHERE id = 8");
  const store::maintenance::retention_rules rules{std::chrono::hours{400 * 24}, std::chrono::seconds{0}};
  const auto would = run(store_->maintenance().estimate_retention(rules));
  ASSERT_TRUE(would.has_value()) << would.error().what;
  EXPECT_EQ(*would, (store::maintenance::erasure{1, 1, 1, 1, 1}));
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.order_receivers"), "2") << "an estimate writes nothing";
  EXPECT_EQ(retain(rules), *would);
  EXPECT_EQ(value("SELECT string_agg(order_id::text, ',') FROM ordersync.order_receivers"), "8");
  EXPECT_EQ(retain(rules), store::maintenance::erasure{});
  canary_.order_status = 5;
  refresh(canary_);
  store_orders({canary_}, 200);
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.order_receivers WHERE order_id = 7"), "0");
}

TEST_F(erasure, an_order_in_quarantine_is_as_old_as_the_window_that_showed_it) {
  auto batch = unproven_batch(span(0, 60), {});
  batch.unusable = {{"data[0]", "the order has no id, or two different ones", R"({"canary":1})", at_ms(100)}};
  commit(batch);
  const auto age = value("SELECT extract(epoch FROM now() - '2024-05-07T00:01:00Z')::bigint");
  const std::chrono::seconds since{std::stoll(age)};
  EXPECT_EQ(retain({since + std::chrono::hours{1}, {}}), store::maintenance::erasure{});
  EXPECT_EQ(retain({since - std::chrono::hours{1}, {}}), (store::maintenance::erasure{0, 0, 0, 0, 1}));
  EXPECT_EQ(sightings(), "NULL");
}

TEST_F(erasure, payloads_can_go_earlier_than_the_rest) {
  store_orders({canary_});
  const store::maintenance::retention_rules rules{std::chrono::hours{100'000 * 24}, std::chrono::hours{24}};
  EXPECT_EQ(retain(rules), (store::maintenance::erasure{1, 0, 0, 1, 0}));
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.order_receivers"), "1");
  canary_.order_status = 5;
  refresh(canary_);
  store_orders({canary_}, 200);
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.order_receivers"), "1");
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.order_payloads"), "0");
  EXPECT_EQ(retain({std::chrono::hours{24}, std::chrono::hours{24}}), (store::maintenance::erasure{1, 1, 1, 0, 1}));
  EXPECT_EQ(sightings(), "NULL");
}

TEST_F(erasure, retention_goes_on_batch_by_batch) {
  std::vector<core::order> many;
  for (int id = 1; id <= 2'500; ++id) many.push_back(sample_order(id));
  store_orders(many);
  const store::maintenance::retention_rules rules{std::chrono::hours{24}, std::chrono::hours{24}};
  const auto first = run(store_->maintenance().retain(rules, 0));
  ASSERT_TRUE(first.has_value());
  EXPECT_EQ(first->took.orders, 1'000);
  EXPECT_EQ(first->next, 1'000);
  EXPECT_EQ(retain(rules).orders, 1'500);
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.order_payloads"), "0");
}

}  // namespace
}  // namespace ordersync::store_test
