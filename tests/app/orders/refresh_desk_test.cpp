// Refreshes in the daemon, against a real database and an API that shows the orders it is given.
#include "app/orders/refresh_desk.hpp"

#include "app/listed_api.hpp"
#include "app/setup/clock_and_random.hpp"
#include "store/store_fixture.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>

namespace ordersync::app::orders {
namespace {

using namespace std::chrono_literals;

struct refresh_desk_test : store_test::store_test {
  const core::second now = std::chrono::floor<std::chrono::seconds>(setup::wall_clock()());
  boost::asio::io_context io;
  setup::configuration from = testing::configuration_of(now - 24h);
  testing::listed_api api;
  std::optional<sync::flow::request_gate> turns;
  runtime::task_group tasks{io.get_executor(), [] {}};
  std::unique_ptr<sync::order_source> source;
  std::optional<refresh_desk> desk;
  std::optional<refresh_desk::answer> answer;

  void SetUp() override {
    store_test::SetUp();
    open("main");
    const auto order = testing::numbered(1, 2, now - 3h);
    api.add({order});
    store_orders({order});
  }
  void TearDown() override {
    desk.reset();
    source.reset();
    store_.reset();
    store_test::TearDown();
  }
  void begin(double per_second) {
    turns.emplace(io.get_executor(), sync::flow::admission_rules{.per_second = per_second, .burst = 1, .in_flight = 4});
    source = api.maker()(io.get_executor(), from, 0, setup::wall_clock(), log_).value();
    desk.emplace(refresh_desk::dependencies{io.get_executor(), from, *store_, *turns, log_, tasks});
    desk->add({"main", [this] { return source.get(); }, [] { return sync::evidence::known_limits{}; }});
  }
  void refresh() {
    boost::asio::co_spawn(io, desk->refresh("1000001"),
                          [this](const std::exception_ptr& thrown, refresh_desk::answer got) {
                            if (thrown) std::rethrow_exception(thrown);
                            answer = std::move(got);
                          });
  }
  void until(const std::function<bool()>& come_true) {
    const auto limit = std::chrono::steady_clock::now() + 3min;
    while (!come_true()) {
      ASSERT_LT(std::chrono::steady_clock::now(), limit) << log_.text();
      if (io.run_one_for(30s) == 0) io.restart();
    }
  }
};

TEST_F(refresh_desk_test, reads_an_order) {
  begin(1'000);
  refresh();
  until([&] { return answer && tasks.empty(); });
  ASSERT_TRUE(answer->has_value()) << answer->error().what;
  EXPECT_EQ(answer->value().at(0).outcome, refresh_outcome::unchanged);
}

TEST_F(refresh_desk_test, stops_at_once_while_it_waits_for_its_turn) {
  begin(0.001);
  bool passed = false;  // the one request that may be sent at once
  boost::asio::co_spawn(
      io,
      [&]() -> boost::asio::awaitable<void> {
        auto pass = co_await turns->enter(sync::flow::urgency::live, "main");
        pass.leave();
      },
      [&](const std::exception_ptr&) { passed = true; });
  until([&] { return passed; });
  refresh();
  const auto waiting = [&] { return turns->load().waiting; };
  until([&] { return std::ranges::any_of(waiting(), [](auto n) { return n > 0; }); });
  desk->stop();
  until([&] { return answer && tasks.empty(); });
  ASSERT_TRUE(answer->has_error());
  EXPECT_EQ(answer->error().kind, core::failure::unreachable);
}

}  // namespace
}  // namespace ordersync::app::orders
