// One account's work, against a real database and an API that shows the orders it is given. Everything happens on the
// test's thread; what it waits for are the worker's own events.
#include "app/daemon/account_worker.hpp"

#include "app/listed_api.hpp"
#include "app/setup/clock_and_random.hpp"
#include "store/store_fixture.hpp"

#include <boost/asio/co_spawn.hpp>
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <utility>

namespace ordersync::app::daemon {
namespace {

using store_test::at;
using store_test::run;
using store_test::span;
using ::testing::Contains;
using ::testing::HasSubstr;
using testing::numbered;
using namespace std::chrono_literals;

struct counted_outcomes final : telemetry::observer {
  std::map<std::string, int, std::less<>> of_requests;
  int commits = 0;

  void request(const telemetry::finished_request& outcomes) noexcept override {
    ++of_requests[std::string{outcomes.outcome}];
  }
  void committed(const telemetry::finished_commit&) noexcept override { ++commits; }
};

struct account_worker_test : store_test::store_test {
  const core::second now = std::chrono::floor<std::chrono::seconds>(setup::wall_clock()());
  const core::second start = now - 1h;
  boost::asio::io_context io;
  setup::configuration from = testing::configuration_of(start);
  testing::listed_api api;
  counted_outcomes outcomes;
  sync::flow::request_gate turns{io.get_executor(), {.per_second = 10'000, .burst = 100}};
  std::optional<account_worker> worker;
  bool ended = false;

  void SetUp() override {
    store_test::SetUp();
    // Two finished ones among them, for the API is tried by such.
    api.add({numbered(1, 7, start + 5min), numbered(2, 2, start + 20min), numbered(3, 7, start + 50min)});
    make(api.maker());
  }
  void TearDown() override {
    if (!ended && began_) stop();
    worker.reset();
    store_.reset();  // its thread may hold io's executor for a moment after it has answered
    store_test::TearDown();
  }
  void make(setup::source_maker maker) {
    worker.emplace(worker_dependencies{io.get_executor(), from, *store_, turns, log_, setup::wall_clock(), outcomes,
                                       std::move(maker)},
                   0);
  }

  void begin() {
    began_ = true;
    boost::asio::co_spawn(io, worker->run(), [this](const std::exception_ptr& thrown) {
      ended = true;
      if (thrown) std::rethrow_exception(thrown);
    });
  }
  void stop() {
    worker->stop();
    until([this] { return ended; });
  }
  // Looks after each event of the worker's.
  void until(const std::function<bool()>& come_true) {
    const auto limit = std::chrono::steady_clock::now() + 3min;
    while (!come_true()) {
      ASSERT_LT(std::chrono::steady_clock::now(), limit) << log_.text();
      if (io.run_one_for(30s) == 0) io.restart();
    }
  }
  void until_complete() {
    until([this] { return worker->complete_through() >= now - 40s; });
  }
  std::string proven_at(core::second moment) {
    return value(fmt::format(
        "SELECT count(*) > 0 FROM ordersync.coverage WHERE account = 'main' AND proven @> '{}'::timestamptz",
        core::to_text(moment)));
  }
  std::string stored() { return value("SELECT string_agg(id::text, ',' ORDER BY id) FROM ordersync.orders"); }

  void refuse(const std::string& event, std::int64_t id) {
    execute(
        fmt::format("CREATE FUNCTION public.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                    "IF NEW.id = {} THEN RAISE EXCEPTION 'no' USING ERRCODE = 'check_violation'; END IF; "
                    "RETURN NEW; END $$;"
                    "CREATE TRIGGER refuse BEFORE {} ON ordersync.orders FOR EACH ROW "
                    "EXECUTE FUNCTION public.refuse()",
                    id, event));
  }
  store::jobs::backfill_job hand_over_job(core::window range) {
    auto job = run(store_->create_jobs({"main"}, range, "somebody")).value().at(0);
    worker->set_jobs({job});
    return job;
  }
  store::jobs::backfill_job read(const store::jobs::backfill_job& job) { return run(store_->job(job.id)).value(); }
  // Hands over what the database shows of it again and again, as the daemon does: by the end of a sweep a second of a
  // range that grows with the clock may have come.
  void until_concluded(const store::jobs::backfill_job& job) {
    int sweeps = 0;
    until([&] {
      if (worker->jobs() == 0) return true;
      if (const auto so_far = log_.count("sweep_ended"); so_far != std::exchange(sweeps, so_far))
        worker->set_jobs({read(job)});
      return false;
    });
  }

 private:
  bool began_ = false;
};

TEST_F(account_worker_test, reads_what_is_due_and_commits_it) {
  begin();
  until_complete();
  EXPECT_EQ(stored(), "1,2,3");
  EXPECT_EQ(proven_at(start + 20min), "t");
  EXPECT_EQ(log_.count("account_ready"), 1);
  EXPECT_GT(outcomes.commits, 0);
  const auto state = worker->state();
  EXPECT_TRUE(state.prepared && state.since_success);
  EXPECT_EQ(state.gaps, 0U);
  EXPECT_EQ(state.untried, "");
}

TEST_F(account_worker_test, an_order_that_comes_meanwhile_is_read_by_the_next_live_window) {
  begin();
  until_complete();
  api.add({numbered(4, 2, now - 35s)});
  until([this] { return stored() == "1,2,3,4"; });
}

TEST_F(account_worker_test, starts_from_what_the_database_has_proven) {
  begin();
  until_complete();
  stop();
  const auto first_reads =
      "SELECT count(*) FROM ordersync.sweeps WHERE range @> '" + core::to_text(start + 20min) + "'::timestamptz";
  const auto reads = value(first_reads);
  const auto commits = outcomes.commits;
  ended = false;
  make(api.maker());
  begin();
  until([&] { return outcomes.commits > commits; });
  EXPECT_EQ(value(first_reads), reads);
  EXPECT_EQ(proven_at(start + 20min), "t");
}

// What is in its way.

TEST_F(account_worker_test, a_source_that_fails_is_tried_again_and_reported) {
  int left = 3;
  api.fails = [&left](const sync::page_request&) -> std::optional<core::error> {
    if (left-- <= 0) return std::nullopt;
    return core::make_error(core::failure::unreachable, "connection refused");
  };
  begin();
  until([this] { return log_.count("request_retry") >= 1; });
  EXPECT_FALSE(worker->complete_through());
  EXPECT_FALSE(worker->state().since_success);
  until_complete();
  EXPECT_EQ(outcomes.of_requests["unreachable"], 3);
  EXPECT_EQ(stored(), "1,2,3");
}

TEST_F(account_worker_test, a_source_that_fails_in_the_middle_leaves_no_gap) {
  int left = 0;
  api.fails = [&left](const sync::page_request&) -> std::optional<core::error> {
    if (left <= 0) return std::nullopt;
    --left;
    return core::make_error(core::failure::unreachable, "connection refused");
  };
  begin();
  until_complete();
  left = 2;
  api.add({numbered(4, 2, now - 35s)});
  until([this] { return stored() == "1,2,3,4"; });
  EXPECT_EQ(outcomes.of_requests["unreachable"], 2);
}

TEST_F(account_worker_test, an_account_that_cannot_be_asked_is_reported_and_tried_again) {
  int tries = 0;
  make([&](boost::asio::any_io_executor executor, const setup::configuration& of, std::size_t index,
           std::function<core::instant()> clock, core::log& log) -> core::result<std::unique_ptr<sync::order_source>> {
    if (++tries == 1) return core::make_error(core::failure::input, "the ca_file holds no certificate");
    return api.maker()(std::move(executor), of, index, std::move(clock), log);
  });
  begin();
  until([this] { return log_.count("account_not_ready") == 1; });
  EXPECT_THAT(log_.text(), HasSubstr("the ca_file holds no certificate"));
  EXPECT_FALSE(worker->state().prepared);
  until_complete();
  EXPECT_EQ(log_.count("account_ready"), 1);
}

TEST_F(account_worker_test, a_window_that_the_store_refuses_is_not_counted_proven) {
  refuse("INSERT", 2);
  begin();
  until([this] { return log_.count("sweep_stopped") >= 1; });
  EXPECT_EQ(proven_at(start + 20min), "f");
  const auto through = worker->complete_through();
  EXPECT_TRUE(!through || *through <= start + 20min);
  EXPECT_GT(worker->state().gaps, 0U);
  execute("DROP TRIGGER refuse ON ordersync.orders");
  until_complete();
  EXPECT_EQ(stored(), "1,2,3");
}

TEST_F(account_worker_test, a_proven_window_that_is_refused_later_is_proven_no_more) {
  const auto moment = now - 35s;
  api.add({numbered(4, 2, moment)});
  begin();
  until([&] { return worker->complete_through() > moment; });
  refuse("UPDATE", 4);
  api.orders[4] = numbered(4, 3, moment);
  until([&] { return worker->complete_through() <= moment; });
  EXPECT_EQ(log_.count("proof_retracted"), 1);
  EXPECT_EQ(proven_at(moment), "f");
  EXPECT_EQ(proven_at(start + 20min), "t") << "nothing else falls with it";
}

// Jobs.

TEST_F(account_worker_test, a_job_that_is_read_to_its_end_is_concluded) {
  api.add({numbered(11, 7, at(10)), numbered(12, 2, at(20))});
  begin();
  until_complete();
  const auto job = hand_over_job(span(0, 100));
  EXPECT_EQ(worker->jobs(), 1U);
  until([this] { return worker->jobs() == 0; });
  const auto done = read(job);
  EXPECT_EQ(done.state, store::jobs::job_state::done) << done.reason << log_.text();
  EXPECT_EQ(done.orders, 2);
  EXPECT_TRUE(done.left.empty());
  EXPECT_EQ(stored(), "1,2,3,11,12");
}

TEST_F(account_worker_test, a_job_that_reaches_into_the_future_ends_incomplete) {
  begin();
  until_complete();
  const auto job = hand_over_job({start, now + 24h});
  until_concluded(job);
  const auto done = read(job);
  EXPECT_EQ(done.state, store::jobs::job_state::incomplete);
  EXPECT_THAT(done.reason, HasSubstr("the range ends in the future"));
}

TEST_F(account_worker_test, a_job_that_is_not_handed_over_any_more_is_left_alone) {
  api.add({numbered(11, 7, at(10))});
  begin();
  until_complete();
  api.fails = [](const sync::page_request& asked) -> std::optional<core::error> {
    if (asked.window.end > at(100)) return std::nullopt;
    return core::make_error(core::failure::unreachable, "connection refused");
  };
  const auto job = hand_over_job(span(0, 100));
  until([this] { return outcomes.of_requests["unreachable"] >= 1; });
  worker->set_jobs({});
  EXPECT_EQ(worker->jobs(), 0U);
  api.fails = nullptr;
  const auto commits = outcomes.commits;
  until([&] { return outcomes.commits >= commits + 2; });
  EXPECT_EQ(read(job).state, store::jobs::job_state::running) << "paused or cancelled by whoever took it away";
  EXPECT_EQ(stored(), "1,2,3");
}

TEST_F(account_worker_test, jobs_of_others_and_paused_ones_are_not_its_own) {
  store::jobs::backfill_job of_other{.id = 1, .account = "second", .range = span(0, 10)};
  store::jobs::backfill_job paused{
      .id = 2, .account = "main", .range = span(0, 10), .state = store::jobs::job_state::paused};
  worker->set_jobs({of_other, paused});
  EXPECT_EQ(worker->jobs(), 0U);
}

// The end.

TEST_F(account_worker_test, stop_ends_it_while_nothing_is_due) {
  begin();
  until_complete();
  stop();
  EXPECT_TRUE(ended);
  const auto asked = api.asked.size();
  io.restart();
  io.poll();
  EXPECT_EQ(api.asked.size(), asked);
}

TEST_F(account_worker_test, stop_ends_it_amid_a_sweep) {
  api.fails = [this](const sync::page_request&) -> std::optional<core::error> {
    if (api.asked.size() == 12) worker->stop();
    return std::nullopt;
  };
  begin();
  until([this] { return ended; });
  EXPECT_EQ(api.asked.size(), 12U);
}

TEST_F(account_worker_test, stop_ends_it_while_it_waits_to_try_again) {
  api.fails = [](const sync::page_request&) -> std::optional<core::error> {
    return core::make_error(core::failure::unreachable, "connection refused");
  };
  begin();
  until([this] { return log_.count("request_retry") >= 2; });
  stop();
  EXPECT_TRUE(ended);
}

TEST_F(account_worker_test, one_that_was_stopped_before_asks_nothing) {
  worker->stop();
  begin();
  until([this] { return ended; });
  EXPECT_TRUE(api.asked.empty());
}

}  // namespace
}  // namespace ordersync::app::daemon
