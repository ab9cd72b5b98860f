// Details among the changes that others follow.
#include "store/details/details_fixture.hpp"

#include <gmock/gmock.h>

#include <future>

namespace ordersync::store_test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class followed_details : public details_test {
 protected:
  // The same detail with this waybill.
  static core::order_detail with_waybill(const std::string& number, int observed) {
    auto detail = sample_detail(observed);
    detail.shipments[1].waybill = number;
    rehash(detail);
    return detail;
  }
  std::string changes(const std::string& columns, int after = 0) {
    return table("SELECT " + columns + " FROM reporting.changes(" + std::to_string(after) + ")");
  }
};

TEST_F(followed_details, have_numbers_of_their_own_and_show_the_order_as_it_was_then) {
  store_status(2, 100);
  store_status(3, 110);
  commit_detail(with_waybill("SF2", 200), {sample_refund()});
  commit_detail(with_waybill("SF2", 210), {sample_refund()});
  store_status(5, 220);
  commit_detail(with_waybill("YT7", 300), {sample_refund()});
  EXPECT_EQ(changes("change, kind, version, detail_version, order_status, detail #>> '{shipments,1,waybill_number}'"),
            "1,order,1,,\"awaiting shipment\",\n2,order,2,,\"awaiting receipt\",\n"
            "3,detail,2,1,\"awaiting receipt\",SF2\n4,order,3,,completed,\n5,detail,3,2,completed,YT7");
  EXPECT_EQ(changes("changed", 4),
            R"("{""detail"": {""shipments[12].waybill_number"": {""new"": ""YT7"", ""old"": ""SF2""}}}")");
  EXPECT_EQ(changes("extract(epoch FROM at - timestamptz '2024-05-07 00:00Z')::integer, jsonb_array_length(items)", 4),
            "300,2");
  EXPECT_EQ(table("SELECT change FROM reporting.changes(2, 2)"), "3\n4");
}

TEST_F(followed_details, are_worded_for_people) {
  store_status(3, 100);
  commit_detail(with_waybill("SF2", 200));
  commit_detail(with_waybill("YT7", 300));
  std::vector<std::string> said;
  for (const auto& one : run(store_->feed().changes(0, 1000, {})).value().changes) said.push_back(one.what);
  EXPECT_THAT(said, ElementsAre(StartsWith("first seen: "), "detail first read",
                                StartsWith("detail: shipments[12].waybill_number: SF2 -> YT7")));
}

TEST_F(followed_details, are_told_at_the_commit) {
  store_status(3, 100);
  store::pg::connection listener{settings_for().url, "", never_};
  listener.listen("ordersync_changes");
  commit_detail(sample_detail(200));
  EXPECT_TRUE(listener.wait_for_notification(std::chrono::steady_clock::now() + std::chrono::minutes{3}, never_));
}

TEST_F(followed_details, are_the_same_in_a_cluster) {
  store_status(3, 100);
  store_status(3, 100, 2);
  commit_detail(with_waybill("SF2", 200), {sample_refund()});
  commit_detail(with_waybill("YT7", 300));
  commit_detail(sample_detail(310), {}, 2);
  const std::string all = "SELECT string_agg(c::text, ' ' ORDER BY change) FROM reporting.changes(0) c";
  const auto plain = value(all);
  EXPECT_THAT(plain, HasSubstr("YT7"));
  execute("SELECT ordersync.use_changes_of_cluster()");
  EXPECT_EQ(value(all), plain);
}

TEST_F(followed_details, leave_with_their_order_and_keep_their_numbers) {
  store_status(3, 100);
  commit_detail(sample_detail(200));
  execute("DELETE FROM ordersync.order_details");
  EXPECT_EQ(changes("change, kind"), "1,order");
  store_status(5, 300);
  EXPECT_EQ(changes("change, kind", 1), "3,order");
}

// One writes orders, and another details, in sessions of their own.
TEST_F(followed_details, are_never_seen_out_of_order) {
  store_status(3, 100);
  auto other = another_store();
  ASSERT_TRUE(run(other->open_account({"main", "scope-1", "asked"})).has_value());
  constexpr int rounds = 40;
  auto theirs = std::async(std::launch::async, [&] {
    for (int round = 0; round < rounds; ++round)
      ASSERT_TRUE(run(other->commit(proven_batch(span(0, 60), {sample_order(1000 + round)}, 100 + round))).has_value());
  });
  auto ours = std::async(std::launch::async, [&] {
    for (int round = 0; round < rounds; ++round) commit_detail(with_waybill(std::to_string(round), 200 + round));
  });
  constexpr int all = 1 + 2 * rounds;
  int seen = 0;
  while (seen < all) {
    const auto found = changes("count(*), coalesce(min(change), 0), coalesce(max(change), 0)", seen);
    int count = 0;
    int least = 0;
    int greatest = 0;
    ASSERT_EQ(std::sscanf(found.c_str(), "%d,%d,%d", &count, &least, &greatest), 3) << found;
    if (count == 0) continue;
    ASSERT_EQ(least, seen + 1);
    ASSERT_EQ(greatest, seen + count);
    seen = greatest;
  }
  theirs.get();
  ours.get();
  EXPECT_EQ(changes("count(*) FILTER (WHERE kind = 'detail')"), std::to_string(rounds));
}

}  // namespace
}  // namespace ordersync::store_test
