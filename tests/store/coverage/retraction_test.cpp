// Taking proof back: exactly what rests on it, with the reason, once; and that it is resolved when it is proven again.
#include "store/coverage/retraction.hpp"

#include "store/coverage/proof.hpp"
#include "store/leadership/election_fixture.hpp"
#include "store/store_fixture.hpp"

#include <gmock/gmock.h>

namespace ordersync::store_test {
namespace {

using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class retraction : public election_test {
 protected:
  static store::coverage::contradiction of(std::optional<core::instant> since = {},
                                           std::optional<seconds> longer = {}) {
    return {.way = "slices",
            .range = store::coverage::whole_time_line,
            .expected = 500,
            .found = 480,
            .reason = "the API cuts ranges longer than 7 d",
            .proven_since = since,
            .longer_than = longer};
  }
  void prove(core::window w, int observed = 100) { commit(proven_batch(w, {}, observed)); }
  std::vector<core::window> retract(const store::coverage::contradiction& what, const std::string& account = "main") {
    const auto taken = run(store_->trials().retract(account, what));
    EXPECT_TRUE(taken.has_value()) << taken.error().what;
    return taken ? *taken : std::vector<core::window>{};
  }
  std::vector<core::window> proven(const std::string& account = "main") { return run(store_->proven(account)).value(); }
  store::reports::account_status status() { return run(store_->status()).value().accounts.at(0); }
  std::string resolved() {
    return value("SELECT string_agg((resolved_at IS NOT NULL)::text, ',' ORDER BY id) FROM ordersync.contradictions");
  }
};

TEST_F(retraction, takes_all_back_where_nothing_limits_it) {
  prove(span(0, 10));
  prove(span(20, 30), 200);
  EXPECT_THAT(retract(of()), ElementsAre(span(0, 10), span(20, 30)));
  EXPECT_THAT(proven(), IsEmpty());
}

TEST_F(retraction, leaves_proofs_whose_read_began_before) {
  prove(span(0, 10), 100);
  prove(span(10, 20), 200);
  prove(span(20, 30), 300);
  EXPECT_THAT(retract(of(at_ms(200))), ElementsAre(span(10, 30)));
  EXPECT_THAT(proven(), ElementsAre(span(0, 10)));
}

// The read since then may have hidden what changed.
TEST_F(retraction, takes_back_what_was_proven_before_and_again_since) {
  prove(span(0, 30), 100);
  prove(span(10, 20), 300);
  EXPECT_THAT(retract(of(at_ms(200))), ElementsAre(span(10, 20)));
}

TEST_F(retraction, leaves_proofs_of_windows_that_are_not_longer) {
  prove(span(0, 10), 100);
  prove(span(20, 31), 100);
  EXPECT_THAT(retract(of({}, seconds{10})), ElementsAre(span(20, 31)));
  EXPECT_THAT(proven(), ElementsAre(span(0, 10)));
}

TEST_F(retraction, the_length_is_that_of_what_was_asked_for) {
  auto part = proven_batch(span(0, 60), {});
  part.proven = span(0, 5);
  commit(part);
  EXPECT_THAT(retract(of({}, seconds{10})), ElementsAre(span(0, 5)));
}

TEST_F(retraction, leaves_what_shorter_windows_have_proven_since) {
  prove(span(0, 100), 100);
  prove(span(20, 30), 200);
  prove(span(50, 60), 50);  // before
  EXPECT_THAT(retract(of({}, seconds{10})), ElementsAre(span(0, 20), span(30, 100)));
  EXPECT_THAT(proven(), ElementsAre(span(20, 30)));
}

TEST_F(retraction, applies_to_its_range_alone) {
  prove(span(0, 100));
  auto what = of();
  what.range = span(40, 60);
  EXPECT_THAT(retract(what), ElementsAre(span(40, 60)));
  EXPECT_THAT(proven(), ElementsAre(span(0, 40), span(60, 100)));
}

TEST_F(retraction, leaves_other_accounts_and_scopes) {
  prove(span(0, 10));
  open("second");
  auto theirs = proven_batch(span(0, 10), {});
  theirs.account = "second";
  commit(theirs);
  open("main", "scope-2");
  prove(span(20, 30));
  EXPECT_THAT(retract(of()), ElementsAre(span(20, 30)));
  EXPECT_THAT(proven("second"), ElementsAre(span(0, 10)));
  open("main", "scope-1");
  EXPECT_THAT(proven(), ElementsAre(span(0, 10)));
}

TEST_F(retraction, is_the_reason_of_the_gaps) {
  prove(span(0, 100));
  auto failed = unproven_batch(span(0, 50), {}, 50);  // earlier: it was proven since
  commit(failed);
  auto what = of();
  what.range = span(40, 60);
  retract(what);
  const auto report = run(store_->coverage("main", span(0, 100))).value();
  ASSERT_EQ(report.gaps.size(), 1U);
  EXPECT_EQ(report.gaps[0].window, span(40, 60));
  EXPECT_EQ(report.gaps[0].reason, "the API cuts ranges longer than 7 d");
  EXPECT_FALSE(report.gaps[0].failed);
  EXPECT_EQ(table("SELECT kind, outcome, proven, pages, orders_seen FROM ordersync.sweeps ORDER BY id DESC LIMIT 1"),
            "verify,unproven,,0,0");
}

TEST_F(retraction, is_the_reason_although_a_machine_whose_clock_is_ahead_failed_there_before) {
  prove(span(0, 100));
  auto failed = unproven_batch(span(0, 100), {}, 0);
  failed.finished_at = core::instant{std::chrono::milliseconds{
      std::stoll(value("SELECT (extract(epoch FROM now() + interval '5 min') * 1000)::bigint"))}};
  commit(failed);
  retract(of());
  EXPECT_EQ(run(store_->coverage("main", span(0, 100))).value().gaps.at(0).reason, of().reason);
}

TEST_F(retraction, is_shown_by_the_status) {
  prove(span(0, 100));
  EXPECT_EQ(status().open_contradictions, 0);
  EXPECT_FALSE(status().last_contradiction);
  retract(of());
  prove(span(0, 50), 200);
  auto second = of();
  second.range = span(10, 20);
  second.found = 3;
  retract(second);
  EXPECT_EQ(status().open_contradictions, 2);
  const auto last = status().last_contradiction;
  ASSERT_TRUE(last);
  EXPECT_EQ(last->way, "slices");
  EXPECT_EQ(last->range, span(10, 20));
  EXPECT_EQ(last->expected, 500);
  EXPECT_EQ(last->found, 3);
  EXPECT_EQ(last->reason, of().reason);
  EXPECT_FALSE(last->resolved_at);
  EXPECT_GT(last->found_at, at_ms(0));
}

TEST_F(retraction, of_the_whole_time_line_is_reported_as_that) {
  prove(span(0, 100));
  retract(of());
  EXPECT_EQ(status().last_contradiction->range, store::coverage::whole_time_line);
}

TEST_F(retraction, twice_changes_nothing_more) {
  prove(span(0, 10));
  retract(of());
  const auto before =
      value("SELECT concat(ctid, xmin) FROM ordersync.coverage") + value("SELECT count(*) FROM ordersync.sweeps");
  EXPECT_THAT(retract(of()), IsEmpty());
  EXPECT_EQ(value("SELECT concat(ctid, xmin) FROM ordersync.coverage") + value("SELECT count(*) FROM ordersync.sweeps"),
            before);
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.contradictions"), "1");
}

TEST_F(retraction, is_found_by_its_number_where_the_answer_to_the_commit_is_lost) {
  prove(span(0, 10));
  prove(span(20, 30));
  store::pg::connection db{settings_for().url, "", never_};
  std::int64_t id = 0;
  for (const auto* end : {"ROLLBACK", "COMMIT", "COMMIT"}) {
    db.exec("begin", "BEGIN");
    store::coverage::lock_writers(db);
    EXPECT_THAT(store::coverage::retract(db, "main", of(), id), ElementsAre(span(0, 10), span(20, 30)));
    db.exec("end", end);
  }
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.contradictions"), "1");
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.sweeps WHERE kind = 'verify'"), "2");
}

TEST_F(retraction, is_resolved_when_all_is_proven_again) {
  prove(span(0, 100));
  auto part = of();
  part.range = span(40, 60);
  retract(part);
  prove(span(40, 50), 200);
  EXPECT_EQ(resolved(), "false");
  prove(span(200, 300), 300);
  EXPECT_EQ(resolved(), "false");
  prove(span(45, 60), 400);
  EXPECT_EQ(resolved(), "true");
  EXPECT_EQ(status().open_contradictions, 0);
  EXPECT_TRUE(status().last_contradiction->resolved_at);
}

TEST_F(retraction, of_one_account_is_not_resolved_by_another) {
  open("second");
  prove(span(0, 10));
  retract(of());
  auto theirs = proven_batch(span(0, 10), {}, 200);
  theirs.account = "second";
  commit(theirs);
  EXPECT_EQ(resolved(), "false");
}

TEST_F(retraction, what_is_proven_again_in_shorter_windows_is_not_taken_back_again) {
  prove(span(0, 100), 100);
  retract(of({}, seconds{60}));
  prove(span(0, 50), 200);
  prove(span(50, 100), 200);
  EXPECT_THAT(retract(of({}, seconds{60})), IsEmpty());
  EXPECT_THAT(proven(), ElementsAre(span(0, 100)));
  EXPECT_EQ(resolved(), "true");
}

TEST_F(retraction, reads_of_it_are_not_among_the_recent_ones) {
  prove(span(0, 100), 100);
  auto what = of();
  what.range = span(40, 60);
  retract(what);
  std::vector<core::window> read;
  for (const auto& r : run(store_->recent_reads("main", at_ms(0))).value()) read.push_back(r.window);
  EXPECT_THAT(read, testing::UnorderedElementsAre(span(0, 40), span(60, 100)));
}

TEST_F(retraction, leaves_the_orders_as_they_are) {
  store_orders({sample_order(1)});
  const auto before = row_versions();
  EXPECT_THAT(retract(of()), ElementsAre(span(0, 60)));
  EXPECT_EQ(row_versions(), before);
}

TEST_F(retraction, the_last_thousand_are_kept) {
  prove(span(0, 10));
  execute(
      "INSERT INTO ordersync.contradictions (account, found_at, way, range, expected, found, reason, retracted) "
      "SELECT CASE WHEN n <= 1500 THEN 'main' ELSE 'second' END, now(), n::text, '(,)', 0, 0, '', '{}' "
      "FROM generate_series(1, 1510) n");
  retract(of());
  EXPECT_EQ(
      table("SELECT account, count(*), min(way::int) FILTER (WHERE way <> 'slices') FROM ordersync.contradictions "
            "GROUP BY account ORDER BY account"),
      "main,1000,502\nsecond,10,1501");
}

TEST_F(retraction, of_many_proofs_reads_them_all) {
  execute(
      "INSERT INTO ordersync.sweeps (account, scope, range, proven, kind, outcome, reason, orders_seen, created, "
      "changed, unchanged, outdated, quarantined, pages, attempts, started_at, finished_at) "
      "SELECT 'main', 'scope-1', r, r, 'live', 'proven', '', 0, 0, 0, 0, 0, 0, 1, 1, t, t FROM ("
      "SELECT tstzrange(timestamptz '2024-05-07 00:00:00+00' + n * interval '2 seconds', "
      "timestamptz '2024-05-07 00:00:01+00' + n * interval '2 seconds') AS r, now() AS t "
      "FROM generate_series(0, 24999) n) made;"
      "UPDATE ordersync.coverage SET proven = (SELECT range_agg(proven) FROM ordersync.sweeps)");
  EXPECT_EQ(retract(of({}, seconds{0})).size(), 25'000U);
  EXPECT_THAT(proven(), IsEmpty());
}

TEST_F(retraction, of_an_account_that_was_not_opened_is_a_defect) {
  EXPECT_EQ(run(store_->trials().retract("nobody", of())).error().kind, core::failure::defect);
}

TEST_F(retraction, is_refused_where_another_process_mirrors_the_account_otherwise) {
  prove(span(0, 10));
  auto other = another_store();
  ASSERT_TRUE(run(other->open_account({"main", "scope-2", "asked"})).has_value());
  EXPECT_THAT(run(store_->trials().retract("main", of())).error().what, HasSubstr("other settings"));
}

TEST_F(retraction, by_a_daemon_of_a_former_epoch_is_refused) {
  prove(span(0, 10));
  auto election = election_of("a");
  const auto daemon = daemon_of("a", lead(*election));
  election.reset();
  auto successor = election_of("b");
  EXPECT_EQ(lead(*successor), 2);
  const auto refused = run(daemon->trials().retract("main", of()));
  ASSERT_TRUE(refused.has_error());
  EXPECT_THAT(refused.error().what, HasSubstr("another daemon"));
  EXPECT_THAT(proven(), ElementsAre(span(0, 10)));
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.contradictions"), "0");
}

}  // namespace
}  // namespace ordersync::store_test
