#include "app/daemon/account_jobs.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ordersync::app::daemon {
namespace {

using namespace std::chrono_literals;
using store::jobs::backfill_job;
using store::jobs::job_state;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

core::second at(std::int64_t s) {
  return core::second{std::chrono::seconds{s}};
}

struct quiet_log : core::log {
  void write(core::severity, std::string_view, std::initializer_list<core::log_field>) noexcept override {}
};

backfill_job job_of(std::int64_t id, std::string account, std::vector<core::window> left) {
  backfill_job job;
  job.id = id;
  job.account = std::move(account);
  job.left = std::move(left);
  return job;
}

// Nothing here needs the database, so it never connects.
struct account_jobs_test : ::testing::Test {
  quiet_log log;
  std::unique_ptr<store::database> database = store::make_database({.url = "postgresql://nobody@localhost/none"}, log);
  account_jobs jobs{*database, "main", [](const backfill_job& job) { return job.left.empty(); }};

  std::vector<std::int64_t> ids() const {
    std::vector<std::int64_t> ids;
    for (const auto& job : jobs.list()) ids.push_back(job.id);
    return ids;
  }
};

TEST_F(account_jobs_test, those_of_other_accounts_and_those_that_are_paused_are_not_worked) {
  auto paused = job_of(2, "main", {{at(0), at(10)}});
  paused.state = job_state::paused;
  jobs.set({job_of(1, "main", {{at(0), at(10)}}), paused, job_of(3, "other", {{at(0), at(10)}})});
  EXPECT_THAT(ids(), ElementsAre(1));
  EXPECT_FALSE(jobs.is_stopped(1));
  EXPECT_TRUE(jobs.is_stopped(2));
}

TEST_F(account_jobs_test, what_is_not_settled_yet_is_not_given_to_the_schedule) {
  jobs.set({job_of(1, "main", {{at(0), at(10)}}), job_of(2, "main", {{at(20), at(30)}})});
  const auto runnable = jobs.runnable(at(5));
  ASSERT_EQ(runnable.size(), 1u);
  EXPECT_EQ(runnable[0].id, 1);
  EXPECT_THAT(runnable[0].left, ElementsAre(core::window{at(0), at(5)}));
}

TEST_F(account_jobs_test, a_job_of_which_nothing_is_left_is_over) {
  auto job = job_of(1, "main", {});
  job.orders = 7;
  jobs.set({job, job_of(2, "main", {{at(0), at(10)}})});
  EXPECT_THAT(jobs.over(), ElementsAre(1));
  EXPECT_EQ(jobs.orders_of(1), 7);
  EXPECT_EQ(jobs.orders_of(3), 0) << "unknown";
}

TEST_F(account_jobs_test, the_list_may_be_set_from_itself) {
  jobs.set({job_of(1, "main", {})});
  jobs.set(jobs.list());
  EXPECT_THAT(ids(), ElementsAre(1));
  jobs.set({});
  EXPECT_THAT(ids(), IsEmpty());
}

}  // namespace
}  // namespace ordersync::app::daemon
