// Quarantine by kind, and what is accepted of it.
#include "store/store_fixture.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ordersync::store_test {
namespace {

using store::maintenance::kind_choice;
using store::maintenance::quarantine_counts;
using store::maintenance::quarantine_kind;
using store::maintenance::quarantine_part;

class quarantine_kinds : public store_test {
 protected:
  static core::order noted(std::int64_t id, std::vector<core::quarantine_note> notes) {
    auto o = sample_order(id);
    o.notes = std::move(notes);
    rehash(o);
    return o;
  }
  // Two values of one kind in order 1, one of it in order 2; one of another.
  void store_two_kinds() {
    store_orders(
        {noted(1, {{"lines[0].skus", "not valid JSON at byte 3", "{1"},
                   {"lines[12].skus", "not valid JSON at byte 17", "{2"}}),
         noted(2, {{"lines[1].skus", "not valid JSON at byte 1", "{3"}, {"lines[1].skus", "is null", "null"}})});
  }
  store::maintenance::maintenance& on() { return store_->maintenance(); }
  quarantine_counts counts() { return run(store_->status()).value().quarantine; }
  std::int64_t number_of(const std::string& raw) {
    return std::stoll(value(fmt::format("SELECT max(id) FROM ordersync.quarantine WHERE raw = '{}'", raw)));
  }
  // "path: reason, open, accepted, resolved, orders, accounts", a line each.
  std::string kinds(quarantine_part part = quarantine_part::open, std::optional<std::string> account = std::nullopt) {
    return text_of(run(on().quarantine_kinds({part, std::move(account)})).value());
  }
  static std::string text_of(const std::vector<quarantine_kind>& list) {
    std::string text;
    for (const auto& k : list)
      text += fmt::format("{}: {}, {} {} {}, {} {}\n", k.path, k.reason, k.open, k.accepted, k.resolved, k.orders,
                          k.accounts);
    return text;
  }
  static std::string refusal(const auto& result) {
    EXPECT_TRUE(result.has_error());
    if (!result.has_error()) return "accepted";
    EXPECT_EQ(result.error().kind, core::failure::input);
    return result.error().what;
  }
};

TEST_F(quarantine_kinds, are_paths_without_numbers_of_elements_and_reasons_without_positions) {
  store_two_kinds();
  EXPECT_EQ(kinds(), "lines[].skus: not valid JSON at byte N, 3 0 0, 2 1\nlines[].skus: is null, 1 0 0, 1 1\n");
  EXPECT_EQ(counts(), (quarantine_counts{4, 2, 0, 0}));
  const auto kind = run(on().quarantine_kinds({})).value().front();
  EXPECT_EQ(kind.example, number_of("{3"));
  EXPECT_EQ(kind.first_seen_at, at_ms(100));
  EXPECT_FALSE(kind.kind_accepted);
}

TEST_F(quarantine_kinds, are_counted_for_each_account_and_once_for_all_of_them) {
  open("second");
  store_two_kinds();
  auto theirs = proven_batch(span(0, 60), {noted(3, {{"lines[4].skus", "is null", "null"}})});
  theirs.account = "second";
  commit(theirs);
  EXPECT_EQ(counts(), (quarantine_counts{5, 2, 0, 0}));
  const auto each = run(store_->count_quarantine()).value();
  EXPECT_EQ(each.at("main"), (quarantine_counts{4, 2, 0, 0}));
  EXPECT_EQ(each.at("second"), (quarantine_counts{1, 1, 0, 0}));
  EXPECT_EQ(kinds(quarantine_part::open, "second"), "lines[].skus: is null, 1 0 0, 1 1\n");
  ASSERT_TRUE(run(on().accept_kinds({"lines[].skus", "is null"}, "known")).has_value());
  EXPECT_EQ(run(store_->count_quarantine())->at("second"), (quarantine_counts{0, 0, 1, 1}));
  EXPECT_EQ(kinds(quarantine_part::accepted, "second"), "lines[].skus: is null, 0 1 0, 1 1\n");
}

TEST_F(quarantine_kinds, that_are_accepted_take_in_what_comes_later_and_no_other_kind) {
  store_two_kinds();
  const auto accepted = run(on().accept_kinds({"lines[0].skus", "not valid JSON at byte 99"}, "the vendor knows"));
  ASSERT_TRUE(accepted.has_value()) << accepted.error().what;
  EXPECT_EQ(text_of(*accepted), "lines[].skus: not valid JSON at byte N, 0 3 0, 2 1\n");
  EXPECT_EQ(accepted->front().kind_accepted->why, "the vendor knows");
  EXPECT_EQ(accepted->front().kind_accepted->by, "ordersync") << "the role of the session";
  EXPECT_EQ(counts(), (quarantine_counts{1, 1, 3, 1})) << "another reason at the same path is another kind";

  const auto later = commit(proven_batch(
      span(0, 60),
      {noted(3, {{"lines[7].skus", "not valid JSON at byte 5", "{4"}, {"lines[7].skus", "is not an array", "5"}})},
      200));
  EXPECT_EQ(later.quarantined, 2);
  EXPECT_EQ(later.accepted, 1);
  EXPECT_EQ(counts(), (quarantine_counts{2, 2, 4, 1}));
  EXPECT_EQ(kinds(), "lines[].skus: is not an array, 1 0 0, 1 1\nlines[].skus: is null, 1 0 0, 1 1\n");
}

TEST_F(quarantine_kinds, of_a_path_are_all_accepted_without_a_reason_and_have_the_last_words) {
  store_two_kinds();
  ASSERT_TRUE(run(on().accept_kinds({"lines[].skus", "is null"}, "first")).has_value());
  const auto both = run(on().accept_kinds({"lines[].skus"}, "second")).value();
  ASSERT_EQ(both.size(), 2U);
  EXPECT_EQ(both[0].kind_accepted->why, "second");
  EXPECT_EQ(both[1].kind_accepted->why, "second");
  EXPECT_EQ(counts(), (quarantine_counts{0, 0, 4, 2}));
  EXPECT_EQ(kinds(), "");
}

TEST_F(quarantine_kinds, that_are_accepted_again_say_who_changed_the_reason_and_when) {
  store_two_kinds();
  const kind_choice null{"lines[].skus", "is null"};
  ASSERT_TRUE(run(on().accept_kinds(null, "known")).has_value());
  execute("UPDATE ordersync.accepted_kinds SET accepted_by = 'alice', accepted_at = '2024-05-07T00:00Z'");
  EXPECT_EQ(run(on().accept_kinds(null, "known"))->front().kind_accepted->by, "alice") << "nothing was changed";
  const auto changed = run(on().accept_kinds(null, "the vendor mends it in June"))->front().kind_accepted;
  ASSERT_TRUE(changed);
  EXPECT_EQ(changed->why, "the vendor mends it in June");
  EXPECT_EQ(changed->by, "ordersync");
  EXPECT_EQ(value("SELECT accepted_at > '2024-05-08' FROM ordersync.accepted_kinds"), "t");
}

TEST_F(quarantine_kinds, are_open_again_when_they_are_accepted_no_longer) {
  store_two_kinds();
  ASSERT_TRUE(run(on().accept_kinds({"lines[].skus"}, "known")).has_value());
  const auto undone = run(on().stop_accepting_kinds({"lines[3].skus", "is null"}));
  ASSERT_TRUE(undone.has_value()) << undone.error().what;
  EXPECT_EQ(text_of(*undone), "lines[].skus: is null, 1 0 0, 1 1\n");
  EXPECT_EQ(counts(), (quarantine_counts{1, 1, 3, 1}));
}

TEST_F(quarantine_kinds, without_a_value_stay_accepted_and_are_listed) {
  store_two_kinds();
  ASSERT_TRUE(run(on().accept_kinds({"lines[].skus", "is null"}, "known")).has_value());
  store_orders({sample_order(1), sample_order(2)}, 200);
  EXPECT_EQ(counts(), quarantine_counts{});
  EXPECT_EQ(kinds(quarantine_part::accepted), "lines[].skus: is null, 0 0 0, 0 0\n");
  EXPECT_EQ(kinds(quarantine_part::all),
            "lines[].skus: not valid JSON at byte N, 0 0 3, 2 1\nlines[].skus: is null, 0 0 1, 1 1\n");
  EXPECT_EQ(commit(proven_batch(span(0, 60), {noted(2, {{"lines[0].skus", "is null", "null"}})}, 300)).accepted, 1);
  EXPECT_EQ(text_of(run(on().stop_accepting_kinds({"lines[].skus"})).value()), "lines[].skus: is null, 1 0 0, 1 1\n");
}

TEST_F(quarantine_kinds, that_are_not_there_are_refused_with_those_that_are) {
  EXPECT_EQ(refusal(run(on().accept_kinds({"receiver"}, "known"))),
            "nothing in quarantine has the path 'receiver': quarantine is empty");
  store_two_kinds();
  EXPECT_EQ(refusal(run(on().accept_kinds({"receiver"}, "known"))),
            "nothing in quarantine has the path 'receiver'; there is: lines[].skus: not valid JSON at byte N; "
            "lines[].skus: is null");
  EXPECT_EQ(refusal(run(on().accept_kinds({"lines[].skus", "is odd"}, "known"))).substr(0, 69),
            "nothing in quarantine has the path 'lines[].skus' and reason 'is odd'");
  EXPECT_EQ(refusal(run(on().stop_accepting_kinds({"lines[].skus"}))),
            "no accepted kind has the path 'lines[].skus': no kind is accepted");
  ASSERT_TRUE(run(on().accept_kinds({"lines[].skus", "is null"}, "known")).has_value());
  EXPECT_EQ(refusal(run(on().stop_accepting_kinds({"receiver"}))),
            "no accepted kind has the path 'receiver'; accepted is: lines[].skus: is null");
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.accepted_kinds"), "1");
}

TEST_F(quarantine_kinds, do_not_follow_a_value_that_is_accepted_alone) {
  store_two_kinds();
  const auto id = number_of("{1");
  const auto value_now = run(on().accept_value(id, "seen by hand"));
  ASSERT_TRUE(value_now.has_value()) << value_now.error().what;
  EXPECT_EQ(value_now->accepted->why, "seen by hand");
  EXPECT_FALSE(value_now->open());
  EXPECT_EQ(counts(), (quarantine_counts{3, 2, 1, 1})) << "the kind counts on both sides";
  EXPECT_EQ(run(on().quarantine({quarantine_part::open}, 10))->size(), 3U);
  EXPECT_EQ(run(on().quarantine({quarantine_part::accepted}, 10))->front().id, id);
  execute("UPDATE ordersync.quarantine SET accepted_by = 'alice' WHERE accepted_at IS NOT NULL");
  EXPECT_EQ(run(on().accept_value(id, "seen by hand"))->accepted->by, "alice") << "nothing was changed";
  EXPECT_EQ(run(on().accept_value(id, "again"))->accepted->by, "ordersync");
  EXPECT_EQ(run(on().quarantined_value(id))->accepted->why, "again");

  auto changed = noted(1, {{"lines[0].skus", "not valid JSON at byte 3", "{1"}, {"x", "is null", "null"}});
  EXPECT_EQ(store_orders({changed}, 200).accepted, 0);
  EXPECT_TRUE(run(on().quarantined_value(id))->accepted) << "the same value stays accepted";
}

TEST_F(quarantine_kinds, leave_alone_a_value_that_was_accepted_by_its_number) {
  store_two_kinds();
  const auto id = number_of("null");
  ASSERT_TRUE(run(on().accept_kinds({"lines[].skus", "is null"}, "known")).has_value());
  EXPECT_EQ(refusal(run(on().stop_accepting_value(id))),
            fmt::format("value {} is not accepted by its id, but with its kind: use --path", id));
  ASSERT_TRUE(run(on().accept_value(id, "seen")).has_value());
  EXPECT_EQ(text_of(run(on().stop_accepting_kinds({"lines[].skus"})).value()), "lines[].skus: is null, 0 1 0, 1 1\n");
  ASSERT_TRUE(run(on().stop_accepting_value(id)).has_value());
  EXPECT_EQ(counts(), (quarantine_counts{4, 2, 0, 0}));
  EXPECT_EQ(refusal(run(on().stop_accepting_value(id))), fmt::format("value {} is not accepted", id));
}

TEST_F(quarantine_kinds, are_not_made_of_values_that_are_resolved_or_were_never_there) {
  store_two_kinds();
  const auto id = number_of("null");
  store_orders({sample_order(2)}, 200);
  EXPECT_EQ(refusal(run(on().accept_value(id, "known"))),
            fmt::format("value {} is resolved: nothing is left to accept", id));
  EXPECT_EQ(refusal(run(on().accept_value(9'999, "known"))), "quarantine has no entry 9999");
  EXPECT_NE(refusal(run(on().accept_kinds({"lines[].skus", "is null"}, "known"))), "accepted");
}

TEST_F(quarantine_kinds, of_whole_orders_are_accepted_like_others) {
  auto batch = unproven_batch(span(0, 60), {});
  batch.unusable = {{"data[3]", "byte 20 of the order is NUL or not valid UTF-8", "{}", at_ms(100)}};
  commit(batch);
  ASSERT_TRUE(run(on().accept_kinds({"data[]"}, "known")).has_value());
  EXPECT_EQ(kinds(quarantine_part::accepted), "data[]: byte N of the order is NUL or not valid UTF-8, 0 1 0, 1 1\n");
  batch = unproven_batch(span(100, 160), {}, 200);
  batch.unusable = {{"data[0]", "byte 7 of the order is NUL or not valid UTF-8", "[]", at_ms(200)}};
  EXPECT_EQ(commit(batch).accepted, 1);
  EXPECT_EQ(counts(), (quarantine_counts{0, 0, 2, 1}));
  commit(proven_batch(span(0, 160), {}, 300));
  EXPECT_EQ(counts(), quarantine_counts{}) << "resolved as others";
}

TEST_F(quarantine_kinds, that_are_accepted_are_erased_like_others) {
  store_two_kinds();
  ASSERT_TRUE(run(on().accept_kinds({"lines[].skus"}, "known")).has_value());
  ASSERT_TRUE(run(on().accept_value(number_of("{1"), "seen")).has_value());
  EXPECT_EQ(run(on().erase_order(1))->took.quarantined, 2);
  EXPECT_EQ(counts(), (quarantine_counts{0, 0, 4, 2}));
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.quarantine WHERE accepted_at IS NOT NULL AND raw LIKE 'erased:%'"),
            "1");
}

}  // namespace
}  // namespace ordersync::store_test
