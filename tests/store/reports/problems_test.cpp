// What a daemon reported, as `status` finds it.
#include "store/store_fixture.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace ordersync::store_test {
namespace {

using core::severity;

store::reports::logged_problem retry(int last = 10, std::int64_t count = 3) {
  return {.instance = "one",
          .event = "request_retry",
          .account = "main",
          .failure = "unreachable",
          .first_at = at_ms(5, 250),
          .last_at = at_ms(last),
          .count = count,
          .fields = {{"account", "main"}, {"reason", R"(a "reason" with \ and {,})"}}};
}

class problems : public store_test {
 protected:
  void write(std::vector<store::reports::logged_problem> list) {
    const auto written = run(store_->write_problems(std::move(list), {}));
    ASSERT_TRUE(written.has_value()) << written.error().what;
  }
  std::vector<store::reports::logged_problem> read() { return run(store_->status()).value().problems; }
};

TEST_F(problems, are_read_as_they_were_written) {
  write({retry()});
  const auto stored = read();
  ASSERT_EQ(stored.size(), 1U);
  EXPECT_EQ(stored[0].instance, "one");
  EXPECT_EQ(stored[0].event, "request_retry");
  EXPECT_EQ(stored[0].account, "main");
  EXPECT_EQ(stored[0].failure, "unreachable");
  EXPECT_EQ(stored[0].level, severity::warning);
  EXPECT_EQ(stored[0].first_at, at_ms(5, 250));
  EXPECT_EQ(stored[0].last_at, at_ms(10));
  EXPECT_EQ(stored[0].count, 3);
  EXPECT_EQ(stored[0].fields, retry().fields);
}

TEST_F(problems, written_again_they_take_the_place_of_the_former_and_are_not_counted_twice) {
  write({retry(10, 3)});
  write({retry(10, 3)});
  write({retry(12, 4)});
  const auto stored = read();
  ASSERT_EQ(stored.size(), 1U);
  EXPECT_EQ(stored[0].count, 4);
  EXPECT_EQ(stored[0].last_at, at_ms(12));
}

TEST_F(problems, of_another_kind_account_or_process_are_apart_and_the_latest_is_first) {
  auto other_process = retry(20);
  other_process.instance = "two";
  auto other_failure = retry(30);
  other_failure.failure = "refused";
  const store::reports::logged_problem plain{.instance = "one",
                                             .event = "reload_refused",
                                             .account = {},
                                             .failure = {},
                                             .level = severity::error,
                                             .first_at = at_ms(15),
                                             .last_at = at_ms(15),
                                             .count = 1};
  write({retry(10), other_process, other_failure, plain});
  const auto stored = read();
  ASSERT_EQ(stored.size(), 4U);
  EXPECT_EQ(stored[0].failure, "refused");
  EXPECT_EQ(stored[1].instance, "two");
  EXPECT_EQ(stored[2].event, "reload_refused");
  EXPECT_EQ(stored[2].level, severity::error);
  EXPECT_TRUE(stored[2].fields.empty());
  EXPECT_EQ(stored[3].last_at, at_ms(10));
}

TEST_F(problems, all_but_the_latest_are_let_go) {
  std::vector<store::reports::logged_problem> many;
  for (int i = 0; i < 600; ++i) {
    many.push_back(retry(i));
    many.back().instance = fmt::format("process {}", i);
  }
  write(many);
  EXPECT_EQ(value("SELECT count(*) || ' ' || extract(epoch FROM max(last_at) - min(last_at))::int "
                  "FROM ordersync.troubles"),
            "500 499");
  const auto stored = read();
  ASSERT_EQ(stored.size(), 50U);
  EXPECT_EQ(stored.front().instance, "process 599");
}

TEST_F(problems, come_with_how_the_api_answers_unless_another_owns_the_account_by_now) {
  const store::reports::api_state fails{.account = "main",
                                        .instance = "one",
                                        .failing_since = at_ms(5, 250),
                                        .failure = "unreachable",
                                        .failures = 3,
                                        .answer = std::chrono::milliseconds{1'500}};
  const auto store = [&](const store::reports::api_state& state) {
    EXPECT_TRUE(run(store_->write_problems({}, {state})).has_value());
    return run(store_->status()).value().api;
  };
  EXPECT_THAT(store(fails), ::testing::ElementsAre(fails));
  const store::reports::api_state answers{.account = "main", .instance = "two"};
  EXPECT_THAT(store(answers), ::testing::ElementsAre(answers));
  value("INSERT INTO ordersync.account_leases (account, key_group, owner) VALUES ('main', '', 'two') RETURNING owner");
  EXPECT_THAT(store(fails), ::testing::ElementsAre(answers));
}

TEST_F(problems, of_a_daemon_that_leads_no_more_are_not_written) {
  store_->lead(7);
  EXPECT_TRUE(run(store_->write_problems({retry()}, {})).has_error());
  store_->lead(0);
  EXPECT_TRUE(read().empty());
}

}  // namespace
}  // namespace ordersync::store_test
