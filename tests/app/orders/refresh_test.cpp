// Orders that are read by their number, against a real database and an API that answers what it is told.
#include "app/orders/refresh.hpp"

#include "app/listed_api.hpp"
#include "store/store_fixture.hpp"

#include <gmock/gmock.h>

namespace ordersync::app::orders {
namespace {

using namespace std::chrono_literals;
using store_test::at;
using store_test::rehash;
using store_test::run;

struct refresh_test : store_test::store_test {
  core::order order = testing::numbered(1, 2, at(0));
  int late = 0;  // replies that show the order as it was seen an hour before
  int asked = 0;

  void SetUp() override {
    store_test::SetUp();
    open("main");
    store_orders({order});
    order.order_status = 5;
    rehash(order);
  }
  boost::asio::awaitable<core::result<sync::page>> look_up() {
    ++asked;
    sync::page reply{};
    reply.total = 1;
    reply.orders = {order};
    reply.orders.front().observed_at = at(10'000);
    if (late > 0) {
      --late;
      reply.orders.front().observed_at = at(-10'000);
    }
    co_return reply;
  }
  refreshed refresh_it() {
    order_api api{.account = "main", .limits = {}, .look_up = [this](std::string, core::window) { return look_up(); }};
    const refresh_dependencies with{
        .database = *store_, .apis = {std::move(api)}, .start = at(0) - 24h, .now = at(0) + 24h, .reason = "test"};
    return run(refresh(with, "1000001")).value().at(0);
  }
};

TEST_F(refresh_test, stores_what_changed) {
  EXPECT_EQ(refresh_it().outcome, refresh_outcome::changed);
  EXPECT_EQ(refresh_it().outcome, refresh_outcome::unchanged);
}

TEST_F(refresh_test, reads_once_more_what_was_outdated_when_it_was_to_be_stored) {
  late = 1;
  EXPECT_EQ(refresh_it().outcome, refresh_outcome::changed);
  EXPECT_EQ(asked, 2);
}

TEST_F(refresh_test, says_so_when_it_is_outdated_again) {
  late = 2;
  EXPECT_EQ(refresh_it().outcome, refresh_outcome::outdated);
  EXPECT_EQ(asked, 2);
  EXPECT_EQ(value("SELECT order_status FROM ordersync.orders WHERE id = 1"), "2");
}

}  // namespace
}  // namespace ordersync::app::orders
