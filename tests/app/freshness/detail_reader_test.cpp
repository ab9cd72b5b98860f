// Details that are due become reads, against a queue in memory and an API that answers as it is told.
#include "app/freshness/detail_reader.hpp"

#include "app/freshness/fake_details.hpp"
#include "support/recorded_log.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>

#include <map>
#include <optional>

namespace ordersync::app::freshness {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;
using namespace std::chrono_literals;

core::error failing(core::failure kind, std::string what = "why") {
  return core::make_error(kind, std::move(what));
}

struct counted_outcomes final : telemetry::observer {
  std::map<std::string, int, std::less<>> of_details;
  void detail_read(const telemetry::finished_detail& finished) noexcept override {
    ++of_details[std::string{finished.outcome}];
  }
};

struct detail_reader_test : ::testing::Test {
  boost::asio::io_context io;
  setup::configuration from;
  testing::listed_details store;
  testing::told_details api;
  test_support::recorded_log log;
  counted_outcomes outcomes;
  sync::flow::request_gate turns{io.get_executor(), {.per_second = 10'000, .burst = 1, .in_flight = 4}};
  std::optional<detail_reader> reader;
  bool ended = false;

  detail_reader_test() {
    auto& settings = from.settings;
    settings.api.request_timeout = 5s;
    settings.accounts.push_back(
        {.name = "main", .access_key = "key", .access_secret = {}, .user_id = "17", .user_id_list = {}, .at = {}});
    settings.sync.concurrency = 4;
    settings.details.enabled = true;
    settings.details.share = 1;
  }
  ~detail_reader_test() override {
    if (!reader) return;
    reader->stop();
    until([this] { return ended; });
  }
  void begin(std::chrono::milliseconds refused_rest = 1h, std::chrono::milliseconds looked_every = 1min) {
    reader.emplace(detail_reader::dependencies{io.get_executor(), from, store, api, turns, log, outcomes, refused_rest,
                                               5ms, looked_every},
                   0);
    boost::asio::co_spawn(io, reader->run(), [this](const std::exception_ptr& thrown) {
      ended = true;
      if (thrown) std::rethrow_exception(thrown);
    });
  }
  void until(const std::function<bool()>& come_true) {
    const auto limit = std::chrono::steady_clock::now() + 1min;
    while (!come_true()) {
      ASSERT_LT(std::chrono::steady_clock::now(), limit) << log.text();
      if (io.run_one_for(30s) == 0) io.restart();
    }
  }
  void until_stored(std::size_t count) {
    until([this, count] { return store.stored.size() >= count; });
  }
};

TEST_F(detail_reader_test, reads_what_is_due_and_stores_it_with_its_refunds) {
  store.add(1);
  store.add(2);
  api.refunds["1000002"] = {"TQ1", "TQ2"};
  begin();
  until_stored(2);
  EXPECT_EQ(store.stored[0].order_id, 1);
  EXPECT_EQ(store.stored[0].detail.tb_order_id, "1000001");
  ASSERT_EQ(store.stored[1].refunds.size(), 2U);
  EXPECT_EQ(store.stored[1].refunds[1].id, "TQ2");
  EXPECT_EQ(outcomes.of_details["created"], 2);
}

TEST_F(detail_reader_test, former_requests_for_a_refund_that_have_not_ended_are_asked_for_too) {
  store.add(1);
  store.waiting.back().open_refunds = {"TQ1", "TQ2"};
  api.refunds["1000001"] = {"TQ2"};
  begin();
  until_stored(1);
  EXPECT_THAT(api.asked, ElementsAre("1000001", "TQ2", "TQ1"));
  ASSERT_EQ(store.stored[0].refunds.size(), 2U);
}

TEST_F(detail_reader_test, a_former_request_for_a_refund_that_is_gone_is_not_missing) {
  store.add(1);
  store.waiting.back().open_refunds = {"TQ1", "TQ3"};
  api.refunds["1000001"] = {"TQ2"};
  api.failing["TQ1"] = failing(core::failure::unusable_reply, "no such refund");
  begin();
  until_stored(1);
  EXPECT_EQ(store.stored[0].missing, "");
  EXPECT_EQ(store.stored[0].refunds.size(), 2U);
}

TEST_F(detail_reader_test, an_order_whose_detail_nobody_understands_is_put_off_and_the_others_are_read) {
  for (const auto id : {1, 2, 3}) store.add(id);
  api.failing["1000002"] = failing(core::failure::unusable_reply, "no such order");
  begin();
  until([this] { return store.stored.size() == 2 && store.put_off_for.size() == 1; });
  EXPECT_EQ(store.put_off_for[2], "no such order");
  EXPECT_EQ(log.count("detail_not_read"), 1);
  EXPECT_EQ(outcomes.of_details["failed"], 1);
}

TEST_F(detail_reader_test, rests_when_several_orders_in_a_row_fail_as_all_do_and_what_is_due_stays_due) {
  for (const auto id : {1, 2, 3, 4, 5, 6}) store.add(id);
  api.detail_failure = failing(core::failure::unreachable);
  begin();
  until([this] { return log.count("details_not_read") > 0; });
  EXPECT_EQ(store.put_off_for.size(), 2U) << "of the first ones nobody knows yet whose fault it is";
  EXPECT_EQ(store.waiting.size(), 4U);
  EXPECT_LE(store.waiting.back().order_id, 3) << "others go first the next time";
  api.detail_failure.reset();
  until_stored(4);
}

struct detail_failures : detail_reader_test, ::testing::WithParamInterface<core::failure> {};

TEST_P(detail_failures, of_two_orders_keep_no_other_from_being_read) {
  for (int id = 1; id <= 20; ++id) store.add(id);
  for (const auto* number : {"1000001", "1000002"}) api.failing[number] = failing(GetParam(), "not exist");
  begin();
  until([this] { return store.stored.size() == 18 && store.put_off_for.size() == 2; });
  EXPECT_EQ(store.put_off_for[1], "not exist");
  EXPECT_EQ(log.count("details_not_read"), 0) << "no rest";
}

TEST_P(detail_failures, of_two_orders_keep_no_other_from_being_read_by_one_lane) {
  from.settings.sync.concurrency = 1;
  for (int id = 1; id <= 20; ++id) store.add(id);
  for (const auto* number : {"1000001", "1000002"}) api.failing[number] = failing(GetParam());
  begin();
  until([this] { return store.stored.size() == 18; });
  EXPECT_EQ(log.count("details_not_read"), 0);
}

INSTANTIATE_TEST_SUITE_P(all, detail_failures,
                         ::testing::Values(core::failure::unreachable, core::failure::untrusted,
                                           core::failure::overloaded, core::failure::refused,
                                           core::failure::unusable_reply),
                         [](const auto& which) { return std::string{core::name(which.param)}; });

TEST_F(detail_reader_test, after_a_rest_it_begins_with_others_than_those_that_failed) {
  store.never_later = true;
  for (int id = 1; id <= 8; ++id) store.add(id);
  for (int id = 1; id <= 4; ++id) api.failing[std::to_string(1'000'000 + id)] = failing(core::failure::overloaded);
  begin();
  until_stored(4);
  EXPECT_EQ(log.count("details_not_read"), 1) << "one rest";
}

TEST_F(detail_reader_test, an_order_that_does_not_come_while_others_do_is_put_off) {
  for (const auto id : {1, 2, 3, 4, 5, 6}) store.add(id);
  api.failing["1000003"] = failing(core::failure::unreachable, "cut");
  begin();
  until([this] { return store.stored.size() == 5 && store.put_off_for.size() == 1; });
  EXPECT_EQ(store.put_off_for[3], "cut");
  EXPECT_EQ(log.count("details_not_read"), 0);
}

TEST_F(detail_reader_test, where_the_api_does_not_permit_it_that_is_stored_and_logged_once_and_tried_again) {
  for (const auto id : {1, 2, 3}) store.add(id);
  api.detail_failure = failing(core::failure::not_permitted, "ask the vendor");
  begin(5ms);
  until([this] { return api.asked.size() >= 4; });
  EXPECT_THAT(store.refusals, ElementsAre("ask the vendor"));
  EXPECT_EQ(log.count("details_refused"), 1);
  EXPECT_EQ(store.waiting.size(), 3U);
  EXPECT_THAT(store.put_off_for, IsEmpty());
  EXPECT_EQ(api.asked.at(1), "1000002") << "the API may have meant the first one alone";
  api.detail_failure.reset();
  until([this] { return !store.set_permissions.empty(); });
  until_stored(3);
  EXPECT_THAT(store.refusals, ElementsAre("ask the vendor"));
  EXPECT_THAT(store.set_permissions, ElementsAre("details"));
  EXPECT_EQ(log.count("details_permitted"), 1);
}

TEST_F(detail_reader_test, while_it_is_not_permitted_nothing_is_asked_for_an_hour) {
  store.add(1);
  api.detail_failure = failing(core::failure::not_permitted);
  begin();
  until([this] { return log.count("details_refused") > 0; });
  io.run_for(50ms);
  EXPECT_EQ(api.asked.size(), 1U) << "one order is enough to try it with";
}

TEST_F(detail_reader_test, what_was_seen_to_be_permitted_by_others_is_read_before_the_hour_is_over) {
  store.add(1);
  api.detail_failure = failing(core::failure::not_permitted);
  begin(1h, 5ms);
  until([this] { return log.count("details_refused") > 0; });
  api.detail_failure.reset();
  store.refused = false;
  until_stored(1);
}

TEST_F(detail_reader_test, an_order_that_alone_is_not_permitted_is_put_off_and_the_others_are_read) {
  for (int id = 1; id <= 20; ++id) store.add(id);
  for (const auto* number : {"1000005", "1000011"}) api.failing[number] = failing(core::failure::not_permitted, "no");
  begin();
  until([this] { return store.stored.size() == 18 && store.put_off_for.size() == 2; });
  EXPECT_EQ(store.put_off_for[5], "no");
  EXPECT_THAT(store.refusals, IsEmpty());
}

TEST_F(detail_reader_test, the_first_order_may_alone_be_not_permitted) {
  for (const auto id : {1, 2}) store.add(id);
  api.failing["1000001"] = failing(core::failure::not_permitted);
  begin();
  until([this] { return store.stored.size() == 1 && store.put_off_for.size() == 1; });
  EXPECT_THAT(store.refusals, IsEmpty());
}

TEST_F(detail_reader_test, one_that_is_not_permitted_says_nothing_of_all_where_others_were_read_before) {
  store.known.order = "1000099";
  store.add(1);
  api.detail_failure = failing(core::failure::not_permitted);
  begin();
  until([this] { return store.put_off_for.size() == 1; });
  EXPECT_THAT(store.refusals, IsEmpty());
}

TEST_F(detail_reader_test, many_in_a_row_that_are_not_permitted_say_nothing_of_all_while_one_of_before_is) {
  store.known = {.order = "1000099", .refund = "TQ99"};
  from.settings.sync.concurrency = 1;
  for (int id = 1; id <= 14; ++id) {
    store.add(id);
    const auto number = std::to_string(1'000'000 + id);
    api.refunds[number] = {"TQ" + std::to_string(id)};
    if (id <= 7) api.failing[number] = failing(core::failure::not_permitted);
    api.failing["TQ" + std::to_string(id)] = failing(core::failure::not_permitted, "no");
  }
  begin();
  until([this] { return store.put_off_for.size() == 7 && store.stored.size() == 7; });
  EXPECT_THAT(store.refusals, IsEmpty());
  EXPECT_EQ(store.stored[6].missing, "refund: no");
  EXPECT_EQ(std::ranges::count(api.asked, "1000099"), 2) << "one more request for three";
  EXPECT_EQ(std::ranges::count(api.asked, "TQ99"), 2);
}

TEST_F(detail_reader_test, several_in_a_row_that_are_not_permitted_say_it_of_all_wherever_they_were_read) {
  store.known.order = "1000099";
  for (int id = 1; id <= 5; ++id) store.add(id);
  api.detail_failure = failing(core::failure::not_permitted, "ask the vendor");
  begin();
  until([this] { return log.count("details_refused") > 0; });
  EXPECT_THAT(store.refusals, ElementsAre("ask the vendor"));
  EXPECT_GE(store.waiting.size(), 3U);
}

TEST_F(detail_reader_test, a_refund_that_alone_is_not_permitted_is_missing_in_its_order_alone) {
  for (int id = 1; id <= 6; ++id) {
    store.add(id);
    api.refunds[std::to_string(1'000'000 + id)] = {"TQ" + std::to_string(id)};
  }
  api.failing["TQ4"] = failing(core::failure::not_permitted, "no");
  begin();
  until_stored(6);
  EXPECT_THAT(store.refusals, IsEmpty());
  EXPECT_EQ(store.stored[3].missing, "refund: no");
  EXPECT_THAT(store.stored[5].missing, IsEmpty());
}

TEST_F(detail_reader_test, refunds_that_were_read_before_are_refused_when_several_orders_show_it) {
  store.known = {.order = "1000099", .refund = "TQ99"};
  from.settings.sync.concurrency = 1;
  for (int id = 1; id <= 5; ++id) {
    store.add(id);
    api.refunds[std::to_string(1'000'000 + id)] = {"TQ" + std::to_string(id)};
  }
  api.refund_failure = failing(core::failure::not_permitted, "no refunds");
  begin();
  until_stored(5);
  EXPECT_EQ(store.stored[1].missing, "refund: no refunds");
  EXPECT_EQ(store.stored[2].missing, "refunds: no refunds");
  EXPECT_THAT(store.refusals, ElementsAre("refunds: no refunds"));
}

TEST_F(detail_reader_test, an_order_that_waits_for_its_refunds_is_asked_for_them_while_others_are_not) {
  store.add(1);
  api.refunds["1000001"] = {"TQ1"};
  api.refund_failure = failing(core::failure::not_permitted);
  store.asked = [this] {
    if (store.stored.size() != 1 || !store.waiting.empty()) return;
    for (const auto id : {2, 3}) store.add(id);
    api.refunds["1000002"] = {"TQ2"};
    api.refunds["1000003"] = {"TQ3"};
    store.waiting.back().waits_for_refunds = true;
    api.refund_failure.reset();
  };
  begin();
  until_stored(3);
  EXPECT_THAT(api.asked, Not(Contains("TQ2")));
  EXPECT_THAT(api.asked, Contains("TQ3"));
  until([this] { return !store.set_permissions.empty(); });
  EXPECT_THAT(store.set_permissions, ElementsAre("with refunds"));
}

TEST_F(detail_reader_test, some_that_wait_for_refunds_are_tried_at_the_start_and_after_each_rest) {
  begin(5ms);
  until([this] { return !store.tried.empty(); });
  EXPECT_THAT(store.tried, ElementsAre(3U));
  // Between looks it waits for seconds.
  until([this] { return store.tried.size() == 2; });
}

TEST_F(detail_reader_test, details_are_stored_where_refunds_alone_are_not_permitted) {
  for (const auto id : {1, 2, 3}) {
    store.add(id);
    api.refunds[std::to_string(1'000'000 + id)] = {"TQ" + std::to_string(id)};
  }
  api.refund_failure = failing(core::failure::not_permitted, "no refunds");
  begin();
  until_stored(3);
  until([this] { return !store.refusals.empty(); });
  EXPECT_THAT(store.stored[2].refunds, IsEmpty());
  EXPECT_THAT(store.refusals, ElementsAre("refunds: no refunds"));
  EXPECT_THAT(api.asked, Not(Contains("TQ3"))) << "refunds are left alone until they are tried again";
  EXPECT_EQ(store.stored[0].missing, "refunds: no refunds") << "so the order stays queued";
  EXPECT_THAT(store.stored[2].missing, StartsWith("refunds: "));
}

TEST_F(detail_reader_test, refunds_are_tried_again_and_their_permission_is_stored) {
  api.refund_failure = failing(core::failure::not_permitted, "no refunds");
  store.add(1);
  api.refunds["1000001"] = {"TQ1"};
  store.asked = [this] {
    if (store.refusals.empty() || store.stored.size() > 1) return;
    api.refund_failure.reset();
    store.waiting.clear();
    store.add(2);
    api.refunds["1000002"] = {"TQ2"};
  };
  begin(0ms);
  until([this] { return !store.set_permissions.empty(); });
  EXPECT_THAT(store.refusals, ElementsAre("refunds: no refunds"));
  EXPECT_THAT(store.set_permissions, ElementsAre("with refunds"));
  EXPECT_THAT(api.asked, Contains("TQ2"));
}

TEST_F(detail_reader_test, a_detail_without_refunds_shows_nothing_of_whether_these_are_permitted) {
  store.add(1);
  api.refunds["1000002"] = {"TQ2"};
  store.asked = [this] {
    if (store.set_permissions.size() == 1 && store.waiting.empty()) store.add(2);
  };
  begin();
  until([this] { return store.set_permissions.size() == 2; });
  EXPECT_THAT(store.set_permissions, ElementsAre("details", "with refunds"));
}

TEST_F(detail_reader_test, refunds_that_do_not_come_keep_no_detail_from_being_stored) {
  for (int id = 1; id <= 5; ++id) {
    store.add(id);
    api.refunds[std::to_string(1'000'000 + id)] = {"TQ" + std::to_string(id)};
  }
  api.refund_failure = failing(core::failure::unusable_reply, "cut");
  begin();
  until_stored(5);
  EXPECT_EQ(store.stored[4].missing, "refund: cut");
  EXPECT_THAT(store.put_off_for, IsEmpty());
}

TEST_F(detail_reader_test, a_refund_that_nobody_understands_keeps_no_detail_from_being_stored) {
  store.add(1);
  api.refunds["1000001"] = {"TQ1", "TQ2"};
  api.failing["TQ1"] = failing(core::failure::unusable_reply);
  begin();
  until_stored(1);
  ASSERT_EQ(store.stored[0].refunds.size(), 1U);
  EXPECT_EQ(store.stored[0].refunds[0].id, "TQ2");
  EXPECT_EQ(log.count("refund_not_read"), 1);
}

TEST_F(detail_reader_test, what_the_database_refuses_of_one_order_keeps_no_other_from_being_stored) {
  for (const auto id : {1, 2}) store.add(id);
  store.answers.emplace(1, failing(core::failure::database, "23514"));
  begin();
  until_stored(1);
  EXPECT_EQ(store.put_off_for[1], "23514");
}

TEST_F(detail_reader_test, shows_nothing_of_how_the_accounts_list_fares) {
  store.add(1);
  store.add(2);
  api.failing["1000002"] = failing(core::failure::unusable_reply);
  begin();
  until([this] { return store.put_off_for.size() == 1; });
  EXPECT_EQ(turns.successes("main"), 0U);
}

TEST_F(detail_reader_test, ends_at_once_though_it_waits_for_its_turn) {
  store.add(1);
  turns.allow(0, {});
  begin();
  until([this] { return turns.load().waiting[2] > 0; });
  reader->stop();
  const auto begun = std::chrono::steady_clock::now();
  until([this] { return ended; });
  EXPECT_LT(std::chrono::steady_clock::now() - begun, 5s);
  EXPECT_THAT(store.stored, IsEmpty());
  EXPECT_THAT(store.put_off_for, IsEmpty());
}

}  // namespace
}  // namespace ordersync::app::freshness
