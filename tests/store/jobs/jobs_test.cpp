// Backfill jobs: how they come to be, what people may do with them, and progress in the window's own transaction.
#include "store/orders/write_batch.hpp"
#include "store/store_fixture.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace ordersync::store_test {
namespace {

using store::jobs::job_action;
using store::jobs::job_state;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class jobs : public store_test {
 protected:
  store::jobs::backfill_job create(core::window range = span(0, 100)) {
    return run(store_->create_jobs({"main"}, range, "somebody")).value().at(0);
  }
  store::jobs::backfill_job read(std::int64_t id) { return run(store_->job(id)).value(); }
  store::jobs::backfill_job change(std::int64_t id, job_action action) {
    return run(store_->change_job(id, action, "mei")).value();
  }
  core::error change_fails(std::int64_t id, job_action action) {
    const auto changed = run(store_->change_job(id, action, "mei"));
    EXPECT_TRUE(changed.has_error());
    return changed ? core::error{} : changed.error();
  }
  void begin(std::int64_t id, std::optional<std::int64_t> expected = {}) {
    ASSERT_TRUE(run(store_->begin_job(id, expected)).has_value());
  }
  void end(std::int64_t id, job_state state, const std::string& reason = {}) {
    ASSERT_TRUE(run(store_->end_job(id, state, reason)).has_value());
  }
  static sync::window_batch of_job(sync::window_batch batch, std::int64_t id) {
    batch.job = id;
    batch.pages = 3;
    return batch;
  }
  void set_state(std::int64_t id, job_state state) {
    execute(fmt::format("UPDATE ordersync.backfill_jobs SET state = '{}' WHERE id = {}", store::jobs::name(state), id));
  }
};

TEST_F(jobs, creating_them_makes_one_an_account_that_waits_for_its_turn) {
  const auto made = run(store_->create_jobs({"main", "second"}, span(0, 100), "somebody")).value();
  ASSERT_EQ(made.size(), 2U);
  EXPECT_EQ(made[0].account, "main");
  EXPECT_EQ(made[1].account, "second");
  EXPECT_EQ(made[1].range, span(0, 100));
  EXPECT_EQ(made[1].state, job_state::queued);
  EXPECT_EQ(made[1].requested_by, "somebody");
  EXPECT_THAT(made[1].left, ElementsAre(span(0, 100)));
  EXPECT_FALSE(made[1].started_at || made[1].finished_at || made[1].expected_orders);
  EXPECT_EQ(read(made[1].id).account, "second");
}

TEST_F(jobs, a_plain_insert_does_the_same_and_shows_who_asked) {
  store::pg::connection person{settings_for().url, "", never_};
  person.exec("insert",
              "INSERT INTO ordersync.backfill_jobs(account, from_time, to_time) "
              "VALUES ('main', '2024-05-07 08:00+08', '2024-05-07 08:01+08')");
  const auto open = run(store_->jobs(true)).value();
  ASSERT_EQ(open.size(), 1U);
  EXPECT_EQ(open[0].range, span(0, 60));
  EXPECT_EQ(open[0].state, job_state::queued);
  EXPECT_EQ(open[0].requested_by, "ordersync");
  EXPECT_EQ(open[0].windows_proven, 0);
}

TEST_F(jobs, fractions_of_seconds_are_rounded_outwards) {
  execute(
      "INSERT INTO ordersync.backfill_jobs(account, from_time, to_time) "
      "VALUES ('main', '2024-05-07 00:00:10.999999+00', '2024-05-07 00:00:20.000001+00')");
  const auto job = run(store_->jobs(true)).value().at(0);
  EXPECT_EQ(job.range, span(10, 21));
  EXPECT_THAT(job.left, ElementsAre(span(10, 21)));
  commit(of_job(proven_batch(span(10, 21), {}), job.id));
  EXPECT_THAT(read(job.id).left, IsEmpty());
}

TEST_F(jobs, times_without_an_offset_are_of_the_zone_of_the_api_whatever_zone_the_session_has) {
  for (const auto* zone : {"UTC", "America/New_York", "Asia/Shanghai"}) {
    execute("DELETE FROM ordersync.backfill_jobs");
    execute(fmt::format(
        "SET TimeZone = '{}'; INSERT INTO ordersync.backfill_jobs(account, from_time, to_time) VALUES "
        "('main', '2024-05-07', '2024-05-08 09:30:00'), ('main', date '2024-05-07', timestamp '2024-05-08 09:30'), "
        "('main', timestamptz '2024-05-07 00:00+08', timestamptz '2024-05-08 01:30+00'), "
        "('main', '2024-05-06T16:00:00Z', '2024-05-08T09:30:00.000+08:00')",
        zone));
    const auto made = run(store_->jobs(true)).value();
    ASSERT_EQ(made.size(), 4U);
    for (const auto& job : made) EXPECT_EQ(job.range, span(-8 * 3600, 86'400 + 5400)) << zone << " " << job.id;
  }
}

TEST_F(jobs, what_is_no_time_is_refused_with_what_to_write) {
  for (const auto* time : {"yesterday", "2024-05-07 noon", "07.05.2024", "2024-05-07 00:00:00 Asia/Shanghai"}) {
    EXPECT_THROW(execute(fmt::format("INSERT INTO ordersync.backfill_jobs(account, from_time, to_time) "
                                     "VALUES ('main', '{}', '2024-06-01')",
                                     time)),
                 store::pg::sql_error)
        << time;
  }
  for (const auto* style : {"SQL, DMY", "German", "Postgres, MDY"})
    EXPECT_THROW(execute(fmt::format("SET DateStyle = '{}'; INSERT INTO ordersync.backfill_jobs(account, from_time, "
                                     "to_time) VALUES ('main', timestamptz '2024-05-07 00:00+08', '2024-06-01')",
                                     style)),
                 store::pg::sql_error)
        << "a moment is not misread, " << style;
}

TEST_F(jobs, ranges_that_are_empty_or_without_end_are_refused) {
  EXPECT_EQ(run(store_->create_jobs({"main"}, span(5, 5), "somebody")).error().kind, core::failure::input);
  for (const auto* times : {"now(), now()", "'-infinity', now()", "now(), 'infinity'"}) {
    EXPECT_THROW(execute(fmt::format("INSERT INTO ordersync.backfill_jobs(account, from_time, to_time) "
                                     "VALUES ('main', {})",
                                     times)),
                 store::pg::sql_error)
        << times;
  }
  create();
  EXPECT_THROW(execute("UPDATE ordersync.backfill_jobs SET state = 'resting'"), store::pg::sql_error);
}

TEST_F(jobs, the_latest_come_first_and_the_ended_can_be_left_out) {
  const auto first = create(), second = create(), third = create();
  set_state(second.id, job_state::done);
  const auto all = run(store_->jobs(false)).value();
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0].id, third.id);
  const auto open = run(store_->jobs(true)).value();
  ASSERT_EQ(open.size(), 2U);
  EXPECT_EQ(open[1].id, first.id);
}

TEST_F(jobs, one_that_is_not_there_is_reported) {
  for (const auto& error : {run(store_->job(77)).error(), change_fails(77, job_action::pause)}) {
    EXPECT_EQ(error.kind, core::failure::input);
    EXPECT_THAT(error.what, HasSubstr("backfill 77 does not exist"));
  }
}

TEST_F(jobs, it_begins_once_and_ends_with_its_reason) {
  const auto id = create().id;
  begin(id, 40);
  const auto running = read(id);
  EXPECT_EQ(running.state, job_state::running);
  EXPECT_EQ(running.expected_orders, 40);
  ASSERT_TRUE(running.started_at);
  begin(id);
  EXPECT_EQ(read(id).started_at, running.started_at);
  EXPECT_EQ(read(id).expected_orders, 40);
  end(id, job_state::incomplete, "two gaps");
  const auto ended = read(id);
  EXPECT_EQ(ended.state, job_state::incomplete);
  EXPECT_EQ(ended.reason, "two gaps");
  EXPECT_TRUE(ended.finished_at);
}

TEST_F(jobs, pausing_and_resuming_keep_who_did_it) {
  const auto id = create().id;
  begin(id);
  const auto paused = change(id, job_action::pause);
  EXPECT_EQ(paused.state, job_state::paused);
  EXPECT_EQ(paused.stopped_by, "mei");
  EXPECT_EQ(paused.reason, "paused by mei");
  EXPECT_FALSE(paused.finished_at);
  const auto resumed = change(id, job_action::resume);
  EXPECT_EQ(resumed.state, job_state::queued);
  EXPECT_EQ(resumed.stopped_by, "");
  EXPECT_EQ(resumed.reason, "");
}

TEST_F(jobs, cancelling_ends_them) {
  const auto cancelled = change(create().id, job_action::cancel);
  EXPECT_EQ(cancelled.state, job_state::cancelled);
  EXPECT_EQ(cancelled.stopped_by, "mei");
  EXPECT_TRUE(cancelled.finished_at);
}

TEST_F(jobs, a_failed_one_can_be_resumed) {
  const auto id = create().id;
  end(id, job_state::failed, "no such account");
  const auto resumed = change(id, job_action::resume);
  EXPECT_EQ(resumed.state, job_state::queued);
  EXPECT_FALSE(resumed.finished_at);
}

TEST_F(jobs, what_their_state_does_not_allow_is_refused_and_said) {
  struct refused {
    job_state state;
    job_action action;
  };
  const auto id = create().id;
  for (const auto [state, action] :
       {refused{job_state::done, job_action::pause}, refused{job_state::done, job_action::resume},
        refused{job_state::done, job_action::cancel}, refused{job_state::incomplete, job_action::resume},
        refused{job_state::cancelled, job_action::resume}, refused{job_state::cancelled, job_action::pause},
        refused{job_state::failed, job_action::pause}, refused{job_state::failed, job_action::cancel}}) {
    set_state(id, state);
    const auto error = change_fails(id, action);
    EXPECT_EQ(error.kind, core::failure::input);
    EXPECT_THAT(error.what, HasSubstr(fmt::format("is {} and cannot be", store::jobs::name(state))));
    EXPECT_EQ(read(id).state, state);
  }
}

TEST_F(jobs, an_action_that_has_happened_already_changes_nothing) {
  const auto id = create().id;
  EXPECT_EQ(change(id, job_action::resume).state, job_state::queued);
  change(id, job_action::pause);
  EXPECT_EQ(run(store_->change_job(id, job_action::pause, "another")).value().stopped_by, "mei");
}

TEST_F(jobs, one_that_was_changed_meanwhile_is_neither_begun_nor_ended) {
  const auto id = create().id;
  change(id, job_action::pause);
  begin(id, 7);
  end(id, job_state::done);
  EXPECT_EQ(read(id).state, job_state::paused);
  EXPECT_FALSE(read(id).expected_orders);
}

TEST_F(jobs, progress_is_counted_with_the_window) {
  const auto id = create().id;
  auto old = proven_batch(span(10, 40), {sample_order(1)});
  commit(old);
  commit(of_job(proven_batch(span(10, 40), {sample_order(1), sample_order(2)}, 200), id));
  auto job = read(id);
  EXPECT_THAT(job.left, ElementsAre(span(0, 10), span(40, 100)));
  EXPECT_EQ(job.windows_proven, 1);
  EXPECT_EQ(job.gaps, 0);
  EXPECT_EQ(job.orders, 2);
  EXPECT_EQ(job.created, 1);
  EXPECT_EQ(job.unchanged, 1);
  EXPECT_EQ(job.calls, 3);
  auto changed = sample_order(2);
  changed.order_status = 5;
  rehash(changed);
  commit(of_job(unproven_batch(span(40, 60), {changed}, 300), id));
  auto failed = unproven_batch(span(90, 100), {}, 300);
  failed.outcome = sync::sweep_outcome::failed;
  commit(of_job(failed, id));
  job = read(id);
  EXPECT_THAT(job.left, ElementsAre(span(0, 10), span(60, 90)));
  EXPECT_EQ(job.windows_proven, 1);
  EXPECT_EQ(job.gaps, 2);
  EXPECT_EQ(job.changed, 1);
  EXPECT_EQ(job.calls, 9);
}

TEST_F(jobs, a_part_of_a_window_counts_its_orders_alone) {
  const auto id = create().id;
  auto part = unproven_batch(span(0, 100), {sample_order(1)});
  part.outcome = sync::sweep_outcome::partial;
  commit(of_job(part, id));
  EXPECT_THAT(read(id).left, ElementsAre(span(0, 100)));
  EXPECT_EQ(read(id).created, 1);
  EXPECT_EQ(read(id).calls, 0);
  EXPECT_EQ(read(id).gaps, 0);
}

TEST_F(jobs, a_window_that_was_stored_in_parts_and_read_twice_counts_its_orders_once) {
  const auto id = create().id;
  const auto store_part = [&](std::int64_t orders_before) {
    auto part = unproven_batch(span(0, 100), {sample_order(1), sample_order(2)});
    part.outcome = sync::sweep_outcome::partial;
    part.orders_before = orders_before;
    commit(of_job(part, id));
  };
  store_part(0);
  store_part(2);
  EXPECT_EQ(read(id).orders, 4);
  auto last = proven_batch(span(0, 50), {sample_order(3)});
  last.seen = 3;
  last.total = 3;
  last.shown = {1, 2, 3};
  last.orders_before = 4;
  commit(of_job(last, id));
  EXPECT_EQ(read(id).orders, 3);
  store_part(0);
  auto split = unproven_batch(span(50, 100), {});
  split.outcome = sync::sweep_outcome::split;
  split.orders_before = 2;
  commit(of_job(split, id));
  EXPECT_EQ(read(id).orders, 3) << "its parts will count them";
}

TEST_F(jobs, a_window_that_is_to_be_read_again_is_no_progress) {
  const auto id = create().id;
  store_orders({sample_order(1)}, 200);
  auto earlier = sample_order(1);
  earlier.order_status = 5;
  rehash(earlier);
  commit(of_job(proven_batch(span(0, 60), {earlier}, 100), id));
  EXPECT_EQ(value("SELECT outcome FROM ordersync.sweeps ORDER BY id DESC LIMIT 1"), "unproven");
  EXPECT_THAT(read(id).left, ElementsAre(span(0, 100)));
  EXPECT_EQ(read(id).gaps, 0);
}

TEST_F(jobs, nor_is_one_of_which_an_earlier_part_was_overtaken) {
  const auto id = create().id;
  auto last = unproven_batch(span(0, 60), {sample_order(1)});
  last.outdated_before = true;
  commit(of_job(last, id));
  EXPECT_THAT(read(id).left, ElementsAre(span(0, 100)));
  EXPECT_EQ(read(id).gaps, 0);
}

TEST_F(jobs, what_was_read_beyond_their_range_is_not_theirs) {
  const auto id = create(span(0, 30)).id;
  commit(of_job(proven_batch(span(-10, 10), {}), id));
  EXPECT_EQ(value("SELECT done FROM ordersync.backfill_jobs"),
            R"x({["2024-05-07 00:00:00+00","2024-05-07 00:00:10+00")})x");
}

TEST_F(jobs, progress_is_not_doubled_when_a_lost_commit_is_run_again) {
  const auto id = create().id;
  store::pg::connection db{settings_for().url, "", never_};
  store::orders::write_context context{"scope-1", {{"main"}}, 0};
  for (int tries = 0; tries < 2; ++tries) {
    db.exec("begin", "BEGIN");
    store::orders::write_batch(db, of_job(proven_batch(span(0, 60), {sample_order(1)}), id), context);
    db.exec("commit", "COMMIT");
  }
  EXPECT_EQ(read(id).orders, 1);
  EXPECT_EQ(read(id).windows_proven, 1);
  EXPECT_EQ(read(id).calls, 3);
}

TEST_F(jobs, progress_and_orders_come_together_or_not_at_all) {
  const auto id = create().id;
  execute("ALTER TABLE ordersync.backfill_jobs ADD CONSTRAINT spoil CHECK (orders < 1)");
  commit_fails(of_job(proven_batch(span(0, 60), {sample_order(1)}), id));
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.orders"), "0");
  EXPECT_THAT(read(id).left, ElementsAre(span(0, 100)));
}

TEST_F(jobs, the_progress_of_one_that_was_deleted_goes_nowhere) {
  commit(of_job(proven_batch(span(0, 60), {sample_order(1)}), 77));
  EXPECT_EQ(value("SELECT count(*) FROM ordersync.orders"), "1");
}

}  // namespace
}  // namespace ordersync::store_test
