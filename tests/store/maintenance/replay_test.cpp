// Rows made again from stored payloads, and what is in quarantine.
#include "store/store_fixture.hpp"

namespace ordersync::store_test {
namespace {

class replay : public store_test {
 protected:
  store::maintenance::replay_state begin(std::optional<core::second> from = {}, std::optional<core::second> to = {},
                                         const std::string& program = "1") {
    const auto state = run(store_->maintenance().begin_replay(from, to, program));
    EXPECT_TRUE(state.has_value()) << state.error().what;
    return state ? *state : store::maintenance::replay_state{};
  }
  std::vector<store::maintenance::stored_payload> batch(const store::maintenance::replay_state& state) {
    const auto payloads = run(store_->maintenance().replay_batch(state));
    EXPECT_TRUE(payloads.has_value()) << payloads.error().what;
    return payloads ? *payloads : std::vector<store::maintenance::stored_payload>{};
  }
  store::maintenance::replay_state advance(const store::maintenance::replay_state& state,
                                           std::vector<core::order> orders, std::int64_t position, bool through) {
    const auto now = run(store_->maintenance().advance_replay(
        state,
        {.orders = std::move(orders), .unusable = 0, .detail_drift = {}, .position = position, .through = through}));
    EXPECT_TRUE(now.has_value()) << now.error().what;
    return now ? *now : store::maintenance::replay_state{};
  }
};

TEST_F(replay, unchanged_data_writes_nothing) {
  store_orders({sample_order(1), sample_order(2)});
  const auto before = row_versions();
  const auto state = begin();
  EXPECT_EQ(state.orders, 2);
  const auto payloads = batch(state);
  ASSERT_EQ(payloads.size(), 2U);
  EXPECT_EQ(payloads[0].order_id, 1);
  EXPECT_EQ(payloads[0].observed_at, at_ms(100));
  EXPECT_EQ(payloads[0].text, sample_order(1).payload);
  const auto end = advance(state, {sample_order(1), sample_order(2)}, 2, true);
  EXPECT_EQ(end.counts.unchanged, 2);
  EXPECT_EQ(end.counts.changed, 0);
  EXPECT_TRUE(end.finished);
  EXPECT_EQ(row_versions(), before);
}

// As when the program learns a field: the same payload, another content.
core::order learned(core::order order) {
  order.content_hash[0] ^= 0xFFU;
  order.close_reason = "learned";
  return order;
}

TEST_F(replay, what_the_program_reads_otherwise_now_is_written_with_the_payloads_own_observation) {
  store_orders({sample_order(1), sample_order(2)});
  const auto end = advance(begin(), {learned(sample_order(1)), sample_order(2)}, 2, true);
  EXPECT_EQ(end.counts.changed, 1);
  EXPECT_EQ(end.counts.unchanged, 1);
  EXPECT_EQ(table("SELECT id, close_reason, _version, _account, _observed_at = '2024-05-07 00:01:40+00' "
                  "FROM ordersync.orders ORDER BY id"),
            "1,learned,2,main,t\n2,other,1,main,t");
}

TEST_F(replay, an_order_that_was_stored_anew_meanwhile_is_left_as_it_is) {
  store_orders({sample_order(1)}, 100);
  const auto state = begin();
  auto newer = sample_order(1);
  newer.order_status = 5;
  rehash(newer);
  store_orders({newer}, 200);
  EXPECT_EQ(advance(state, {learned(sample_order(1))}, 1, true).counts.overtaken, 1);
  EXPECT_EQ(table("SELECT order_status, close_reason FROM ordersync.orders"), "5,other");
}

TEST_F(replay, a_payload_that_is_not_the_stored_one_or_not_of_its_read_is_overtaken) {
  store_orders({sample_order(1), sample_order(2)}, 100);
  auto other_payload = learned(sample_order(1));
  other_payload.payload_sha256[0] ^= 0xFFU;
  auto other_read = learned(sample_order(2));
  other_read.observed_at += std::chrono::seconds{1};
  EXPECT_EQ(advance(begin(), {other_payload, other_read}, 2, true).counts.overtaken, 2);
  EXPECT_EQ(value("SELECT max(_version) FROM ordersync.orders"), "1");
}

TEST_F(replay, it_goes_on_where_the_last_one_stood_unless_the_program_is_another) {
  store_orders({sample_order(1), sample_order(2), sample_order(3)});
  advance(begin(), {sample_order(1)}, 1, false);
  const auto again = begin();
  EXPECT_TRUE(again.resumed);
  EXPECT_EQ(again.position, 1);
  EXPECT_EQ(again.counts.unchanged, 1);
  EXPECT_EQ(batch(again).size(), 2U);
  EXPECT_FALSE(begin({}, {}, "2").resumed);
  EXPECT_FALSE(begin(at(0), {}).resumed);
  advance(again, {sample_order(2), sample_order(3)}, 3, true);
  EXPECT_FALSE(begin().resumed);
}

TEST_F(replay, a_step_done_twice_counts_once) {
  store_orders({sample_order(1)});
  const auto state = begin();
  advance(state, {sample_order(1)}, 1, false);
  EXPECT_EQ(advance(state, {sample_order(1)}, 1, false).counts.unchanged, 1);
}

TEST_F(replay, counts_nothing_unknown_again_and_adds_what_was_not_known_to_be) {
  auto strange = sample_order(1);
  strange.unknown_paths = {"unknown"};
  rehash(strange);
  store_orders({strange});
  auto again = learned(strange);
  again.unknown_paths = {"unknown", "renamed"};
  advance(begin(), {again}, 1, false);
  EXPECT_EQ(table("SELECT path, count FROM ordersync.schema_drift ORDER BY path"), "renamed,1\nunknown,1");
}

TEST_F(replay, of_everything_takes_away_what_the_program_has_learned_and_keeps_what_it_has_not) {
  auto strange = sample_order(1);
  strange.unknown_paths = {"learned", "unknown"};
  rehash(strange);
  store_orders({strange, sample_order(2)});
  auto known = strange;
  known.unknown_paths = {"unknown"};
  advance(begin(at(0), {}), {known, sample_order(2)}, 2, true);
  EXPECT_EQ(table("SELECT path FROM ordersync.schema_drift ORDER BY path"), "learned\nunknown");
  advance(begin(), {known}, 1, false);
  EXPECT_EQ(table("SELECT path FROM ordersync.schema_drift ORDER BY path"), "learned\nunknown");
  advance(begin(), {sample_order(2)}, 2, true);
  EXPECT_EQ(table("SELECT path FROM ordersync.schema_drift ORDER BY path"), "unknown");
}

TEST_F(replay, only_the_range_that_is_asked_for) {
  store_orders({sample_order(1, 10), sample_order(2, 20), sample_order(3, 30)});
  const auto state = begin(at(20), at(30));
  EXPECT_EQ(state.orders, 1);
  ASSERT_EQ(batch(state).size(), 1U);
  EXPECT_EQ(batch(state)[0].order_id, 2);
}

TEST_F(replay, a_value_that_can_be_read_now_leaves_quarantine) {
  auto bad = sample_order(1);
  bad.notes = {{"receiver", "not valid JSON at byte 1", "{"}};
  rehash(bad);
  store_orders({bad});
  const auto open = run(store_->maintenance().quarantine({}, 10));
  ASSERT_TRUE(open.has_value());
  ASSERT_EQ(open->size(), 1U);
  EXPECT_EQ(open->front().order_id, 1);
  EXPECT_EQ(open->front().path, "receiver");
  EXPECT_EQ(open->front().raw, "{");
  EXPECT_FALSE(open->front().erased);

  auto good = bad;
  good.notes.clear();
  good.content_hash[0] ^= 0xFFU;
  const auto done = run(store_->maintenance().rewrite({good}));
  ASSERT_TRUE(done.has_value()) << done.error().what;
  EXPECT_EQ(done->changed, 1);
  EXPECT_TRUE(run(store_->maintenance().quarantine({}, 10))->empty());
  EXPECT_EQ(run(store_->maintenance().quarantine({store::maintenance::quarantine_part::all}, 10))->size(), 1U);
  EXPECT_TRUE(run(store_->maintenance().quarantined_value(open->front().id))->resolved_at.has_value());
  EXPECT_EQ(run(store_->maintenance().quarantined_value(99)).error().kind, core::failure::input);
}

TEST_F(replay, a_whole_order_in_quarantine_says_where_it_must_lie) {
  auto batch = unproven_batch(span(0, 60), {});
  batch.unusable = {{"data[0]", "the order has no id, or two different ones", "{}", at_ms(100)}};
  commit(batch);
  const auto open = run(store_->maintenance().quarantine({}, 10));
  ASSERT_EQ(open->size(), 1U);
  EXPECT_FALSE(open->front().order_id.has_value());
  EXPECT_EQ(open->front().ranges, std::vector{span(0, 60)});
}

TEST_F(replay, counts_for_a_comparison_hold_every_reading_of_the_filter) {
  auto edge = sample_order(1, 20);
  edge.created_at = at_ms(20, 100);  // in [20, 30) by one time, before it by the other
  edge.tb_created_at = at_ms(19, 900);
  edge.order_status = 1;
  rehash(edge);
  store_orders({edge, sample_order(2, 25), sample_order(3, 31)});
  const auto counts = run(store_->maintenance().count("main", span(20, 30)));
  ASSERT_TRUE(counts.has_value()) << counts.error().what;
  EXPECT_EQ(counts->total.least, 1);
  EXPECT_EQ(counts->total.most, 2);
  EXPECT_EQ(counts->by_status.at(7).least, 1);
  EXPECT_EQ(counts->by_status.at(7).most, 1);
  EXPECT_EQ(counts->by_status.at(1).least, 0);
  EXPECT_EQ(counts->by_status.at(1).most, 1);
  EXPECT_EQ(run(store_->maintenance().count("second", span(20, 30)))->total.most, 0);
  EXPECT_EQ(run(store_->maintenance().held(span(20, 30), std::chrono::seconds{0}))->size(), 2U);
}

}  // namespace
}  // namespace ordersync::store_test
