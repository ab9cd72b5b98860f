// Quarantine and drift.
#include "store/store_fixture.hpp"

namespace ordersync::store_test {
namespace {

class findings : public store_test {
 protected:
  static core::order noted(std::int64_t id, std::vector<core::quarantine_note> notes) {
    auto o = sample_order(id);
    o.notes = std::move(notes);
    rehash(o);
    return o;
  }
  static sync::window_batch with_unusable(core::window w, std::string raw, int observed) {
    auto batch = unproven_batch(w, {}, observed);
    batch.unusable = {{"data[3]", "no id", std::move(raw), at_ms(observed)}};
    return batch;
  }
  std::string open_rows() {
    return table("SELECT order_id, path, raw FROM ordersync.quarantine WHERE resolved_at IS NULL ORDER BY 1, 2, 3");
  }
  std::string count(const std::string& name) { return value("SELECT count(*) FROM ordersync." + name); }
};

TEST_F(findings, a_bad_value_is_kept_with_where_and_why) {
  const auto summary = store_orders({noted(1, {{"receiver", "not valid JSON at byte 1", "{canary"}})});
  EXPECT_EQ(summary.quarantined, 1);
  EXPECT_EQ(
      table("SELECT account, order_id, path, reason, raw, range, first_seen_at, last_seen_at, resolved_at "
            "FROM ordersync.quarantine"),
      "main,1,receiver,\"not valid JSON at byte 1\",{canary,,\"2024-05-07 00:01:40+00\",\"2024-05-07 00:01:40+00\",");
  EXPECT_EQ(value("SELECT raw_sha256 = sha256(convert_to(raw, 'UTF8')) FROM ordersync.quarantine"), "t");
}

TEST_F(findings, the_same_bad_value_of_an_order_that_changed_is_no_new_row) {
  store_orders({noted(1, {{"receiver", "bad", "{"}, {"orderJson", "bad", "["}})}, 100);
  auto changed = noted(1, {{"receiver", "bad", "{"}, {"orderJson", "bad", "["}});
  changed.order_status = 5;
  rehash(changed);
  EXPECT_EQ(store_orders({changed}, 200).quarantined, 0);
  EXPECT_EQ(open_rows(), "1,orderJson,[\n1,receiver,{");
  EXPECT_EQ(value("SELECT max(last_seen_at) - min(first_seen_at) FROM ordersync.quarantine"), "00:01:40");
}

TEST_F(findings, what_is_bad_no_more_is_resolved_and_what_changed_is_a_new_row) {
  store_orders({noted(1, {{"receiver", "bad", "{"}, {"orderJson", "bad", "["}}), noted(2, {{"receiver", "bad", "{"}})},
               100);
  EXPECT_EQ(store_orders({noted(1, {{"orderJson", "bad", "[["}})}, 200).quarantined, 1);
  EXPECT_EQ(open_rows(), "1,orderJson,[[\n2,receiver,{");
  EXPECT_EQ(value("SELECT string_agg(DISTINCT resolved_at::text, ',') FROM ordersync.quarantine"),
            "2024-05-07 00:03:20+00");
  store_orders({sample_order(1)}, 300);
  EXPECT_EQ(open_rows(), "2,receiver,{");
  EXPECT_EQ(count("quarantine"), "4");
}

TEST_F(findings, a_value_that_is_bad_again_after_it_was_resolved_is_a_new_row) {
  store_orders({noted(1, {{"receiver", "bad", "{"}})}, 100);
  store_orders({sample_order(1)}, 200);
  EXPECT_EQ(store_orders({noted(1, {{"receiver", "bad", "{"}})}, 300).quarantined, 1);
  EXPECT_EQ(count("quarantine"), "2");
}

TEST_F(findings, the_same_value_twice_in_one_order_is_one_row) {
  EXPECT_EQ(store_orders({noted(1, {{"receiver", "bad", "{"}, {"receiver", "bad", "{"}})}).quarantined, 1);
}

TEST_F(findings, a_path_of_any_length_is_cut_between_characters) {
  std::string path;
  while (path.size() < 5000) path += "字";
  auto o = noted(1, {{path, "bad", "{"}});
  o.unknown_paths = {path};
  rehash(o);
  store_orders({o});
  EXPECT_EQ(value("SELECT octet_length(path) FROM ordersync.quarantine"), "999");
  EXPECT_EQ(value("SELECT octet_length(path) FROM ordersync.schema_drift"), "999");
}

TEST_F(findings, an_unusable_order_is_kept_once_however_often_it_is_read) {
  EXPECT_EQ(commit(with_unusable(span(0, 60), "{\"id\":null}", 100)).quarantined, 1);
  const auto before = row_versions();
  EXPECT_EQ(commit(with_unusable(span(0, 60), "{\"id\":null}", 200)).quarantined, 0);
  EXPECT_EQ(row_versions(), before);
  EXPECT_EQ(table("SELECT account, order_id, path, reason, raw FROM ordersync.quarantine"),
            "main,,data[3],\"no id\",\"{\"\"id\"\":null}\"");
}

TEST_F(findings, equal_unusable_orders_of_one_page_are_one_row) {
  auto batch = with_unusable(span(0, 60), "null", 100);
  batch.unusable.push_back({"data[4]", "no id", "null", at_ms(100)});
  EXPECT_EQ(commit(batch).quarantined, 1);
}

TEST_F(findings, an_unusable_order_is_resolved_when_its_window_is_proven) {
  commit(with_unusable(span(0, 60), "null", 100));
  commit(proven_batch(span(100, 200), {}, 200));
  EXPECT_EQ(open_rows(), ",data[3],null");
  commit(proven_batch(span(0, 60), {}, 300));
  EXPECT_EQ(value("SELECT resolved_at FROM ordersync.quarantine"), "2024-05-07 00:05:01+00");
}

TEST_F(findings, splitting_narrows_down_where_an_unusable_order_must_lie) {
  commit(with_unusable(span(0, 60), "null", 100));
  commit(proven_batch(span(0, 30), {}, 101));
  commit(with_unusable(span(30, 60), "null", 102));
  commit(with_unusable(span(30, 45), "null", 103));
  commit(proven_batch(span(45, 60), {}, 104));
  EXPECT_EQ(value("SELECT range FROM ordersync.quarantine"),
            R"x({["2024-05-07 00:00:30+00","2024-05-07 00:00:45+00")})x");
  commit(proven_batch(span(30, 40), {}, 105));
  EXPECT_EQ(open_rows(), ",data[3],null");
  commit(proven_batch(span(40, 50), {}, 106));
  EXPECT_EQ(open_rows(), "NULL");
}

TEST_F(findings, a_narrower_read_shows_where_an_unusable_order_lies_and_a_contradicting_one_counts) {
  const auto range = [this] { return value("SELECT range FROM ordersync.quarantine"); };
  commit(with_unusable(span(0, 60), "null", 100));
  commit(with_unusable(span(20, 90), "null", 101));
  EXPECT_EQ(range(), R"x({["2024-05-07 00:00:20+00","2024-05-07 00:01:00+00")})x");
  commit(with_unusable(span(100, 110), "null", 102));
  EXPECT_EQ(range(), R"x({["2024-05-07 00:01:40+00","2024-05-07 00:01:50+00")})x");
}

TEST_F(findings, another_accounts_proof_resolves_nothing) {
  open("second");
  commit(with_unusable(span(0, 60), "null", 100));
  auto theirs = proven_batch(span(0, 60), {}, 200);
  theirs.account = "second";
  commit(theirs);
  EXPECT_EQ(open_rows(), ",data[3],null");
}

TEST_F(findings, unknown_fields_are_counted_once_for_each_order_that_is_new_or_changed) {
  auto first = sample_order(1), second = sample_order(2);
  first.unknown_paths = {"newField", "orderStatus=9"};
  second.unknown_paths = {"newField"};
  rehash(first);
  rehash(second);
  store_orders({first, second}, 100);
  store_orders({first, second}, 200);  // unchanged
  second.order_status = 5;
  rehash(second);
  store_orders({first, second}, 300);
  EXPECT_EQ(table("SELECT * FROM ordersync.schema_drift ORDER BY path"),
            "newField,\"2024-05-07 00:01:40+00\",\"2024-05-07 00:05:00+00\",3\n"
            "orderStatus=9,\"2024-05-07 00:01:40+00\",\"2024-05-07 00:01:40+00\",1");
}

}  // namespace
}  // namespace ordersync::store_test
