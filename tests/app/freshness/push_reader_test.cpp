// Push messages that become reads, against a real database and an API that shows the orders it is given.
#include "app/freshness/push_reader.hpp"

#include "app/listed_api.hpp"
#include "app/setup/clock_and_random.hpp"
#include "store/store_fixture.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <map>

namespace ordersync::app::freshness {
namespace {

using store_test::rehash;
using store_test::run;
using ::testing::ElementsAre;
using testing::numbered;
using namespace std::chrono_literals;

struct counted_outcomes final : telemetry::observer {
  std::map<std::string, std::int64_t, std::less<>> of_messages;
  void pushed(const telemetry::pushed_messages& messages) noexcept override {
    of_messages[std::string{messages.outcome}] += messages.count;
  }
};

// Counts look-ups, and fails them, all or those of one number; or shows orders as they were seen long ago.
class watched_source final : public sync::order_source {
 public:
  explicit watched_source(sync::order_source& inner) : inner_(inner) {}
  std::vector<std::string> looked_up;
  std::optional<core::error> failure;
  std::string failing;     // none: all
  bool fails_all = false;  // windows, too
  int late = 0;            // look-ups
  std::string late_one;    // its look-ups are late; none: those of all
  std::function<void()> answered = [] {};
  core::window range;  // of the last one

  boost::asio::awaitable<core::result<sync::page>> fetch(sync::page_request request,
                                                         std::chrono::steady_clock::time_point deadline) override {
    if (fails_all && failure) co_return *failure;
    co_return co_await inner_.fetch(std::move(request), deadline);
  }
  boost::asio::awaitable<core::result<sync::page>> look_up(std::string number, core::window around,
                                                           std::chrono::steady_clock::time_point deadline,
                                                           std::function<void()> received) override {
    looked_up.push_back(number);
    range = around;
    if (failure && (failing.empty() || failing == number)) {
      if (received) received();
      co_return *failure;
    }
    auto reply = co_await inner_.look_up(number, around, deadline, received);
    answered();
    if (late == 0 || reply.has_error() || (!late_one.empty() && late_one != number)) co_return reply;
    --late;
    for (auto& order : reply->orders) order.observed_at = store_test::at(-10'000);
    co_return reply;
  }
  void close() noexcept override { inner_.close(); }

 private:
  sync::order_source& inner_;
};

struct push_reader_test : store_test::store_test {
  const core::second now = std::chrono::floor<std::chrono::seconds>(setup::wall_clock()());
  boost::asio::io_context io;
  setup::configuration from = testing::configuration_of(now - 24h);
  testing::listed_api api;
  counted_outcomes outcomes;
  double per_second = 10'000;
  sync::evidence::known_limits limits;
  std::optional<sync::flow::request_gate> turns;
  std::unique_ptr<sync::order_source> inner;
  std::optional<watched_source> source;
  std::optional<push_reader> reader;
  bool ended = false;

  void SetUp() override {
    store_test::SetUp();
    from.settings.push = {config::listen_address{"127.0.0.1", 1}, "/push"};
    open("main");
  }
  void TearDown() override {
    if (reader) {
      reader->stop();
      until([this] { return ended; });
    }
    reader.reset();
    store_.reset();
    store_test::TearDown();
  }
  void begin() {
    turns.emplace(io.get_executor(), sync::flow::admission_rules{.per_second = per_second, .burst = 1, .in_flight = 4});
    inner = api.maker()(io.get_executor(), from, 0, setup::wall_clock(), log_).value();
    source.emplace(*inner);
    const pushed_lookups::dependencies of_lookups{
        *store_,
        *turns,
        log_,
        *source,
        [] { return std::chrono::floor<std::chrono::seconds>(setup::wall_clock()()); },
        [this] { return limits; }};
    reader.emplace(push_reader::dependencies{io.get_executor(), from, outcomes, of_lookups}, 0);
    boost::asio::co_spawn(io, reader->run(), [this](const std::exception_ptr& thrown) {
      ended = true;
      if (thrown) std::rethrow_exception(thrown);
    });
  }
  void until(const std::function<bool()>& come_true) {
    const auto limit = std::chrono::steady_clock::now() + 3min;
    while (!come_true()) {
      ASSERT_LT(std::chrono::steady_clock::now(), limit) << log_.text();
      if (io.run_one_for(30s) == 0) io.restart();
    }
  }
  void messages(const std::vector<std::string>& order_ids) {
    std::vector<store::push::new_message> list;
    for (const auto& id : order_ids) list.push_back({.account = "main", .type = "T", .about = {id, ""}, .sent_at = {}});
    ASSERT_TRUE(run(another_store({"main"})->push_messages().insert(std::move(list))).has_value());
    if (reader) reader->look();
  }
  void until_outcomes(const std::string& outcome, std::int64_t count) {
    until([&] { return outcomes.of_messages[outcome] >= count; });
  }
  core::order changed(core::order order, std::int64_t status = 5) {
    order.order_status = status;
    rehash(order);
    api.add({order});
    return order;
  }
  void store(const std::vector<core::order>& orders) {
    api.add(orders);
    store_orders(orders);
  }
  std::string status_of(std::int64_t id) {
    return value(fmt::format("SELECT order_status FROM ordersync.orders WHERE id = {}", id));
  }
  std::string sweeps() { return value("SELECT count(*) FROM ordersync.sweeps"); }
};

TEST_F(push_reader_test, reads_the_order_and_stores_what_changed) {
  const auto order = numbered(1, 2, now - 3h);
  store({order});
  changed(order);
  begin();
  messages({"1000001"});
  until_outcomes("changed", 1);
  EXPECT_EQ(status_of(1), "5");
  EXPECT_EQ(table("SELECT outcome, found_id, read_at IS NOT NULL, changed_at IS NOT NULL FROM ordersync.push_messages"),
            "changed,1,t,t");
  EXPECT_EQ(value("SELECT kind || ' ' || outcome FROM ordersync.sweeps ORDER BY id DESC LIMIT 1"), "revisit partial");
}

TEST_F(push_reader_test, many_messages_of_one_order_are_one_read) {
  const auto order = numbered(1, 2, now - 3h);
  store({order});
  changed(order);
  messages(std::vector<std::string>(50, "1000001"));
  begin();
  until_outcomes("coalesced", 49);
  EXPECT_EQ(outcomes.of_messages["changed"], 1);
  EXPECT_THAT(source->looked_up, ElementsAre("1000001"));
}

TEST_F(push_reader_test, an_order_that_has_not_changed_costs_no_write) {
  store({numbered(1, 2, now - 3h)});
  const auto before = row_versions();
  const auto read = sweeps();
  begin();
  messages({"1000001"});
  until_outcomes("unchanged", 1);
  EXPECT_EQ(row_versions(), before);
  EXPECT_EQ(sweeps(), read);
}

TEST_F(push_reader_test, finds_an_order_by_the_vendors_id_and_one_that_is_not_at_1688_yet) {
  auto order = numbered(1, 2, now - 3h);
  order.tb_order_id.reset();
  rehash(order);
  store({order});
  changed(order);
  begin();
  messages({"1"});
  until_outcomes("changed", 1);
  EXPECT_EQ(status_of(1), "5");
}

TEST_F(push_reader_test, stores_an_order_that_is_not_in_the_mirror) {
  api.add({numbered(1, 1, now - 5s), numbered(2, 1, now - 3h)});
  begin();
  messages({"1"});
  until_outcomes("changed", 1);
  messages({"1000002"});
  until_outcomes("changed", 2);
  EXPECT_EQ(value("SELECT string_agg(id::text, ',' ORDER BY id) FROM ordersync.orders"), "1,2");
}

TEST_F(push_reader_test, one_that_the_api_shows_later_is_read_then) {
  begin();
  messages({"1000001"});
  until([&] { return !source->looked_up.empty(); });
  api.add({numbered(1, 1, now - 5s)});
  until_outcomes("changed", 1);
  EXPECT_EQ(status_of(1), "1");
}

TEST_F(push_reader_test, messages_wait_while_the_api_fails) {
  const auto order = numbered(1, 2, now - 3h);
  store({order});
  changed(order);
  begin();
  source->failure = core::make_error(core::failure::unreachable, "away");
  messages({"1000001"});
  until([&] { return log_.count("push_look_up_failed") > 0; });
  EXPECT_EQ(status_of(1), "2");
  EXPECT_EQ(value("SELECT outcome FROM ordersync.push_messages"), "taken");
  source->failure.reset();
  until_outcomes("changed", 1);
  EXPECT_EQ(status_of(1), "5");
}

TEST_F(push_reader_test, an_order_that_fails_alone_holds_up_no_other) {
  std::vector<core::order> orders;
  for (std::int64_t id = 1; id <= 9; ++id) orders.push_back(numbered(id, 2, now - 3h));
  store(orders);
  for (const auto& order : orders) changed(order);
  from.settings.sync.concurrency = 2;
  begin();
  messages({"1000009"});
  until_outcomes("changed", 1);
  source->failure = core::make_error(core::failure::unreachable, "cut");
  source->failing = "1000001";
  std::vector<std::string> all;
  for (int id = 1; id <= 8; ++id) all.push_back(std::to_string(1'000'000 + id));
  messages(all);
  until_outcomes("changed", 8);
  EXPECT_EQ(status_of(1), "2");
  source->failure.reset();
  until_outcomes("changed", 9);
}

TEST_F(push_reader_test, what_was_seen_too_late_to_be_stored_is_read_again) {
  const auto order = numbered(1, 2, now - 3h);
  store({order});
  changed(order);
  begin();
  source->late = 1;
  messages({"1000001"});
  until([&] { return !outcomes.of_messages.empty(); });
  EXPECT_EQ(outcomes.of_messages["changed"], 1);
  EXPECT_EQ(source->looked_up.size(), 2U);
  EXPECT_EQ(log_.count("push_look_up_failed"), 0);
}

TEST_F(push_reader_test, one_that_was_seen_too_late_takes_no_other_with_it) {
  const std::vector<core::order> orders{numbered(1, 2, now - 3h), numbered(2, 2, now - 3h)};
  store(orders);
  for (const auto& order : orders) changed(order);
  messages({"1000001", "1000002"});
  begin();
  source->late = 1;
  source->late_one = "1000001";
  until_outcomes("changed", 2);
  EXPECT_EQ(std::ranges::count(source->looked_up, "1000002"), 1);
  EXPECT_EQ(std::ranges::count(source->looked_up, "1000001"), 2);
}

TEST_F(push_reader_test, of_two_readings_of_one_order_the_later_is_stored) {
  const auto order = numbered(1, 2, now - 3h);
  store({order});
  messages({"1", "1000001"});
  from.settings.sync.concurrency = 2;
  begin();
  source->answered = [&] { changed(order); };
  until([&] { return source->looked_up.size() >= 2 && outcomes.of_messages["changed"] >= 2; });
  EXPECT_EQ(status_of(1), "5");
}

TEST_F(push_reader_test, messages_wait_while_nobody_understands_what_the_api_replies) {
  begin();
  source->failure = core::make_error(core::failure::unusable_reply, "maintenance");
  source->fails_all = true;
  messages({"1000001", "PO-1"});
  until([&] { return log_.count("push_look_up_failed") > 1; });
  EXPECT_TRUE(outcomes.of_messages.empty());
  EXPECT_EQ(value("SELECT string_agg(DISTINCT outcome, ' ') FROM ordersync.push_messages"), "taken");
  source->failure.reset();
  api.add({numbered(1, 1, now - 5s)});
  until_outcomes("changed", 1);
}

TEST_F(push_reader_test, stops_at_once_while_it_waits_for_its_turn) {
  per_second = 0.001;
  begin();
  bool passed = false;  // the one request that may be sent at once
  boost::asio::co_spawn(
      io,
      [&]() -> boost::asio::awaitable<void> {
        auto pass = co_await turns->enter(sync::flow::urgency::live, "main");
        pass.leave();
      },
      [&](const std::exception_ptr&) { passed = true; });
  until([&] { return passed; });
  messages({"PO-1"});
  const auto waiting = [&] { return turns->load().waiting; };
  until([&] { return std::ranges::any_of(waiting(), [](auto n) { return n > 0; }); });
  reader->stop();
  until([this] { return ended; });
}

TEST_F(push_reader_test, gives_messages_to_the_account_that_the_order_belongs_to) {
  auto settings = from.settings.accounts.at(0);
  settings.name = "second";
  from.settings.accounts.push_back(settings);
  from.secrets.access_secrets.emplace_back(std::vector<char>{'s'});
  store_orders({numbered(1, 2, now - 3h)});
  execute("UPDATE ordersync.orders SET _account = 'second'");
  begin();
  messages({"1000001"});
  until([&] { return value("SELECT account || ' ' || outcome FROM ordersync.push_messages") == "second waiting"; });
  EXPECT_TRUE(source->looked_up.empty());
}

TEST_F(push_reader_test, says_so_when_the_database_refuses) {
  store({numbered(1, 2, now - 3h)});
  begin();
  execute("ALTER TABLE ordersync.push_messages RENAME TO hidden");
  reader->look();
  until([&] { return log_.count("push_not_read") > 0; });
  execute("ALTER TABLE ordersync.hidden RENAME TO push_messages");
  messages({"1000001"});
  until_outcomes("unchanged", 1);
}

TEST_F(push_reader_test, asks_in_ranges_that_the_api_answers) {
  const auto order = numbered(1, 2, now - 3h);
  store({order});
  changed(order);
  limits = {.longest_range = 4h, .nearest_end = 2h};
  begin();
  messages({"1000001"});
  until_outcomes("changed", 1);
  EXPECT_EQ(source->range.begin, now - 5h);
  EXPECT_LE(source->range.end, now - 1h) << "and not two hours after its creation";
}

TEST_F(push_reader_test, slows_down_where_the_api_asks_for_it) {
  store({numbered(1, 2, now - 3h)});
  begin();
  source->failure = core::make_error(core::failure::overloaded, "429");
  const auto before = turns->load().allowed_per_second;
  messages({"1000001"});
  until([&] { return log_.count("push_look_up_failed") > 0; });
  EXPECT_LT(turns->load().allowed_per_second, before);
}

TEST_F(push_reader_test, a_reply_that_nobody_understands_holds_up_no_other_order) {
  const auto order = numbered(1, 2, now - 3h);
  store({order});
  changed(order);
  begin();
  source->failure = core::make_error(core::failure::unusable_reply, "nonsense");
  messages({"1000001"});
  until_outcomes("changed", 1);  // by its window
  EXPECT_EQ(log_.count("push_look_up_failed"), 0);
}

TEST_F(push_reader_test, takes_what_a_former_leader_left) {
  const auto order = numbered(1, 2, now - 3h);
  store({order});
  changed(order);
  messages({"1000001"});
  ASSERT_EQ(run(another_store()->push_messages().take("main", 10)).value().size(), 1U);
  begin();
  until_outcomes("changed", 1);
}

// With a full budget: somebody always waits to send at the urgency of live windows, and there are more orders to look
// up than the rate allows.
TEST_F(push_reader_test, a_flood_takes_half_of_the_rate_at_most) {
  per_second = 100;
  std::vector<core::order> orders;
  std::vector<std::string> numbers;
  for (std::int64_t id = 1; id <= 500; ++id) {
    orders.push_back(numbered(id, 2, now - 3h));
    numbers.push_back(std::to_string(1'000'000 + id));
  }
  store(orders);
  messages(numbers);
  const auto began = std::chrono::steady_clock::now();
  begin();
  int live = 0;
  bool stop = false, stopped = false;
  boost::asio::co_spawn(
      io,
      [&]() -> boost::asio::awaitable<void> {
        while (!stop) {
          auto pass = co_await turns->enter(sync::flow::urgency::live, "main");
          pass.leave();
          ++live;
        }
      },
      [&](const std::exception_ptr&) { stopped = true; });
  until([&] { return !source->looked_up.empty(); });
  const auto live_before = live;
  until([&] { return source->looked_up.size() >= 100; });
  EXPECT_GE(std::chrono::steady_clock::now() - began, 99 * 20ms) << "50 a second";
  // Its turn comes after each of those that may be looked up at the same time, even where a slow machine has had them
  // all come at once.
  EXPECT_GE(live - live_before, 99 / 5);
  stop = true;
  until([&] { return stopped; });
}

}  // namespace
}  // namespace ordersync::app::freshness
