#include "app/http/counting.hpp"

#include "app/telemetry/metering.hpp"
#include "app/telemetry/observed_log.hpp"
#include "app/telemetry/observer_list.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ordersync::app::http {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

namespace asio = boost::asio;
using namespace std::chrono_literals;

template <class T>
T run(asio::awaitable<T> task) {
  asio::io_context io;
  auto value = asio::co_spawn(io, std::move(task), asio::use_future);
  io.run();
  return value.get();
}

struct answering_source final : sync::order_source {
  core::result<sync::page> answer = sync::page{};
  asio::awaitable<core::result<sync::page>> fetch(sync::page_request, std::chrono::steady_clock::time_point) override {
    co_return answer;
  }
  asio::awaitable<core::result<sync::page>> look_up(std::string, core::window, std::chrono::steady_clock::time_point,
                                                    std::function<void()>) override {
    co_return answer;
  }
  void close() noexcept override {}
};

struct summing_store final : sync::order_store {
  core::result<sync::commit_summary> answer = sync::commit_summary{};
  asio::awaitable<core::result<sync::commit_summary>> commit(sync::window_batch) override { co_return answer; }
};

struct silent_log final : service::stderr_log {
  int lines = 0;
  void write(core::severity, std::string_view, std::initializer_list<core::log_field>) noexcept override { ++lines; }
  void set(service::log_options) override {}
};

struct counted : testing::Test {
  service::metrics numbers;
  counting counts{numbers};
  telemetry::observer_list all;
  counted() { all.add(counts); }
  std::string text() const { return numbers.text({}); }
};

using requests = counted;

TEST_F(requests, are_counted_by_outcome_and_the_others_known_to_be_zero) {
  answering_source source;
  telemetry::metered_source metered("main", source, all);
  run(metered.fetch({}, {}));
  run(metered.look_up("1", {}, {}, {}));
  source.answer = core::make_error(core::failure::refused, "no");
  run(metered.fetch({}, {}));
  EXPECT_THAT(text(), AllOf(HasSubstr("requests_total{account=\"main\",outcome=\"ok\"} 2\n"),
                            HasSubstr("requests_total{account=\"main\",outcome=\"refused\"} 1\n"),
                            HasSubstr("requests_total{account=\"main\",outcome=\"overloaded\"} 0\n"),
                            HasSubstr("ordersync_api_request_duration_seconds_count{account=\"main\"} 3\n")));
}

TEST_F(requests, that_end_because_the_program_does_are_not_counted) {
  answering_source source;
  telemetry::metered_source metered("main", source, all);
  source.answer = core::make_error(core::failure::unreachable, "closed");
  metered.close();
  run(metered.fetch({}, {}));
  EXPECT_EQ(text(), "");
}

TEST_F(requests, of_details_are_counted_as_others_and_what_came_of_them) {
  all.request({.account = "main", .outcome = "not_permitted", .of_detail = true});
  all.detail_read({"main", "changed"});
  all.detail_read({"main", "changed"});
  EXPECT_THAT(text(), AllOf(HasSubstr("requests_total{account=\"main\",outcome=\"not_permitted\"} 1\n"),
                            HasSubstr("details_read_total{account=\"main\",outcome=\"changed\"} 2\n"),
                            HasSubstr("details_read_total{account=\"main\",outcome=\"refused\"} 0\n")));
}

using commits = counted;

TEST_F(commits, are_counted_once_they_are_done) {
  summing_store store;
  telemetry::metered_store metered(store, all);
  sync::window_batch batch;
  batch.account = "main";
  batch.outcome = sync::sweep_outcome::proven;
  store.answer = core::make_error(core::failure::database_down, "away");
  run(metered.commit(batch));
  EXPECT_EQ(text(), "");
  store.answer = sync::commit_summary{.created = 3, .changed = 2, .unchanged = 1, .quarantined = 4};
  run(metered.commit(batch));
  EXPECT_THAT(text(), AllOf(HasSubstr("windows_total{account=\"main\",kind=\"live\",outcome=\"proven\"} 1\n"),
                            HasSubstr("orders_total{account=\"main\",result=\"created\"} 3\n"),
                            HasSubstr("orders_total{account=\"main\",result=\"changed\"} 2\n"),
                            HasSubstr("orders_total{account=\"main\",result=\"unchanged\"} 1\n"),
                            HasSubstr("ordersync_quarantined_total{account=\"main\"} 4\n"),
                            HasSubstr("ordersync_commit_duration_seconds_count{account=\"main\"} 1\n")));
}

TEST_F(commits, count_an_outdated_window_as_what_it_was_stored_as) {
  summing_store store;
  telemetry::metered_store metered(store, all);
  store.answer = sync::commit_summary{.outdated = 1};
  sync::window_batch batch;
  batch.account = "main";
  batch.outcome = sync::sweep_outcome::proven;
  run(metered.commit(batch));
  EXPECT_THAT(text(), AllOf(HasSubstr("outcome=\"unproven\"} 1\n"), Not(HasSubstr("outcome=\"proven\""))));
}

TEST_F(counted, events_of_the_log_count_and_are_written) {
  silent_log lines;
  telemetry::observed_log log(lines, all);
  log.write(core::severity::warning, "window_gap", {{"account", "main"}});
  log.write(core::severity::warning, "window_gap", {});
  EXPECT_EQ(lines.lines, 2);
  EXPECT_THAT(text(), HasSubstr("ordersync_log_events_total{event=\"window_gap\",level=\"warning\"} 2\n"));
}

TEST_F(counted, proof_that_is_taken_back_counts_by_account) {
  counts.request({.account = "main", .outcome = "ok"});
  EXPECT_THAT(text(), HasSubstr("ordersync_proof_retracted_total{account=\"main\"} 0\n")) << "so that a rise is seen";
  counts.event(core::severity::warning, "proof_retracted", {{"account", "main"}, {"way", "slice"}});
  counts.event(core::severity::warning, "window_gap", {{"account", "main"}});
  EXPECT_THAT(text(), HasSubstr("ordersync_proof_retracted_total{account=\"main\"} 1\n"));
}

// Gauges.

std::string shown(const daemon::daemon_state& state) {
  return service::metrics{}.text(gauges_of(state));
}

daemon::daemon_state leading() {
  daemon::daemon_state state;
  state.database = core::result<void>{};
  state.leads = true;
  state.works = true;
  state.epoch = 3;
  state.requests = sync::flow::admission_load{5, 10, 2, 4, {1, 0, 7}};
  state.store_waiting = 2;
  daemon::account_state account{.name = "main", .prepared = true};
  account.complete_through = core::second{1'715'000'400s};
  account.gaps = 2;
  account.unproven = 90s;
  account.tiers.push_back({.younger_than = 2h, .every = 1min, .staleness = 70s, .behind = true});
  account.since_success = 1500ms;
  account.quarantine = {.open = 7, .open_kinds = 2, .accepted = 5, .accepted_kinds = 1};
  state.accounts.push_back(account);
  return state;
}

TEST(gauges, of_a_leader_report_what_it_knows) {
  EXPECT_THAT(shown(leading()),
              AllOf(HasSubstr("ordersync_leader 1\n"), HasSubstr("ordersync_leader_epoch 3\n"),
                    HasSubstr("ordersync_database_up 1\n"), HasSubstr("allowed_requests_per_second 5\n"),
                    HasSubstr("waiting{urgency=\"backfill\"} 7\n"), HasSubstr("operations_waiting 2\n"),
                    HasSubstr("ordersync_gaps{account=\"main\"} 2\n"),
                    HasSubstr("ordersync_unproven_seconds{account=\"main\"} 90\n"),
                    HasSubstr("staleness_seconds{account=\"main\",younger_than_seconds=\"7200\"} 70\n")));
  EXPECT_THAT(shown(leading()), AllOf(HasSubstr("ordersync_last_success_age_seconds{account=\"main\"} 1.5\n"),
                                      HasSubstr("ordersync_quarantine_open{account=\"main\"} 7\n"),
                                      HasSubstr("ordersync_quarantine_open_kinds{account=\"main\"} 2\n"),
                                      HasSubstr("ordersync_quarantine_accepted{account=\"main\"} 5\n"),
                                      HasSubstr("ordersync_quarantine_accepted_kinds{account=\"main\"} 1\n"),
                                      HasSubstr("through_timestamp_seconds{account=\"main\"} 1715000400\n")));
}

TEST(gauges, report_what_the_api_allows_and_what_became_of_the_proof) {
  auto state = leading();
  auto& account = state.accounts.front();
  EXPECT_THAT(shown(state), AllOf(Not(HasSubstr("ordersync_api_limit")), Not(HasSubstr("found_requests")),
                                  HasSubstr("ordersync_api_trial_incomplete{account=\"main\"} 0\n"),
                                  Not(HasSubstr("contradictions")), Not(HasSubstr("audited"))));
  state.demand = sync::schedule::demand{.rate = 10, .live = 20, .revisits = 42, .live_period = 20s};
  EXPECT_THAT(shown(state), AllOf(HasSubstr("ordersync_api_needed_requests_per_second{urgency=\"live\"} 20\n"),
                                  HasSubstr("ordersync_api_needed_requests_per_second{urgency=\"revisit\"} 42\n"),
                                  HasSubstr("ordersync_live_period_seconds 20\n")));
  state.requests->found_per_second = 4.5;
  account.limits = {.longest_range = 168h, .nearest_end = 2min, .page_size = 20, .total = 10'000, .by_status = true};
  account.untried = "no order is known";
  account.proof =
      daemon::proof_figures{2, {.day = {.checks = 3, .orders = 40}, .month = {.checks = 70, .seconds = 86'400}}};
  EXPECT_THAT(shown(state), AllOf(HasSubstr("limit{account=\"main\",limit=\"longest_range\"} 604800\n"),
                                  HasSubstr("limit{account=\"main\",limit=\"nearest_end\"} 120\n"),
                                  HasSubstr("limit{account=\"main\",limit=\"page_size\"} 20\n"),
                                  HasSubstr("limit{account=\"main\",limit=\"total\"} 10000\n"),
                                  HasSubstr("limit{account=\"main\",limit=\"by_status\"} 1\n"),
                                  HasSubstr("ordersync_api_found_requests_per_second 4.5\n"),
                                  HasSubstr("ordersync_api_trial_incomplete{account=\"main\"} 1\n")));
  EXPECT_THAT(shown(state), AllOf(HasSubstr("ordersync_contradictions_open{account=\"main\"} 2\n"),
                                  HasSubstr("audited_checks{account=\"main\",period=\"day\"} 3\n"),
                                  HasSubstr("audited_orders{account=\"main\",period=\"day\"} 40\n"),
                                  HasSubstr("creation_seconds{account=\"main\",period=\"month\"} 86400\n")));
}

TEST(gauges, report_how_details_come_along_where_they_are_read) {
  auto state = leading();
  auto& proof = state.accounts.front().proof.emplace();
  EXPECT_THAT(shown(state), Not(HasSubstr("ordersync_details")));
  proof.details.emplace();
  EXPECT_THAT(shown(state),
              AllOf(HasSubstr("ordersync_details_waiting{account=\"main\"} 0\n"),
                    HasSubstr("ordersync_details_refused{account=\"main\"} 0\n"), Not(HasSubstr("oldest_due"))));
  proof.details = {
      .waiting = 3, .failing = 2, .oldest = core::instant{1'715'000'400s}, .refused_at = core::instant{1'715'000'000s}};
  EXPECT_THAT(shown(state), AllOf(HasSubstr("ordersync_details_waiting{account=\"main\"} 3\n"),
                                  HasSubstr("ordersync_details_failing{account=\"main\"} 2\n"),
                                  HasSubstr("ordersync_details_refused{account=\"main\"} 1\n"),
                                  HasSubstr("oldest_due_timestamp_seconds{account=\"main\"} 1715000400\n")));
}

TEST(gauges, leave_out_what_is_not_known) {
  auto state = leading();
  state.accounts.front() = {.name = "main"};
  EXPECT_THAT(shown(state), AllOf(Not(HasSubstr("complete_through")), Not(HasSubstr("ordersync_gaps")),
                                  Not(HasSubstr("success")), Not(HasSubstr("quarantine")), Not(HasSubstr("skew"))));
  EXPECT_EQ(shown(daemon::daemon_state{}).find("ordersync_database_up"), std::string::npos);
}

TEST(gauges, of_a_standby_report_nothing_of_the_mirror) {
  auto state = leading();
  state.leads = false;
  state.works = false;
  const auto text = shown(state);
  EXPECT_THAT(text, AllOf(HasSubstr("ordersync_leader 0\n"), HasSubstr("ordersync_database_up 1\n")));
  EXPECT_THAT(text, AllOf(Not(HasSubstr("main")), Not(HasSubstr("epoch")), Not(HasSubstr("waiting"))));
}

TEST(gauges, show_the_twenty_oldest_jobs_and_count_them_all) {
  auto state = leading();
  for (int id = 1; id <= 30; ++id) {
    store::jobs::backfill_job job;
    job.id = id;
    job.account = "main";
    job.orders = id;
    if (id == 2) job.expected_orders = 50;
    state.jobs.push_back(job);
  }
  EXPECT_THAT(shown(state),
              AllOf(HasSubstr("ordersync_backfill_jobs{account=\"main\",state=\"queued\"} 30\n"),
                    HasSubstr("jobs{account=\"main\",state=\"paused\"} 0\n"),
                    HasSubstr("orders{account=\"main\",job=\"20\"} 20\n"),
                    HasSubstr("expected_orders{account=\"main\",job=\"2\"} 50\n"), Not(HasSubstr("job=\"21\"")),
                    Not(HasSubstr("expected_orders{account=\"main\",job=\"1\""))));
}

}  // namespace
}  // namespace ordersync::app::http
