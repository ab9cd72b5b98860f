// Whether lists without a status leave orders out, asked of small lists that are given row by row.
#include "sync/trials/status_trial.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <exception>
#include <vector>

namespace ordersync::sync::trials {
namespace {

using namespace std::chrono_literals;

const core::second zero{1'714'500'000s};
const core::window day{zero, zero + 24h};

struct listed {
  std::int64_t id = 0;
  int status = 1;
  bool hidden = false;  // from lists without a status
  int also = 0;         // the list of another status that shows it as well, as it was then
};

struct status_trial : ::testing::Test {
  std::vector<listed> orders;
  bool ignores_status = false;
  int moving = 0;  // that order moves on to the next status with every request
  evidence::evidence known;

  static core::order row(const listed& of, int status) {
    core::order order;
    order.id = of.id;
    order.created_at = zero + of.id * 1s;
    order.order_status = status;
    return order;
  }

  page answer(const page_request& asked) {
    page reply;
    for (auto& of : orders) {
      if (of.id == moving && of.status < 5) ++of.status;
      const auto at = zero + of.id * 1s;
      if (at < asked.window.begin || at >= asked.window.end) continue;
      const auto status = ignores_status ? std::nullopt : asked.status;
      if (status && of.also == *status) reply.orders.push_back(row(of, of.also));
      if (status ? of.status == *status : !of.hidden) reply.orders.push_back(row(of, of.status));
    }
    reply.total = static_cast<std::int64_t>(reply.orders.size());
    return reply;
  }

  status_finding find() {
    page_fetcher fetcher = [this](page_request asked) -> boost::asio::awaitable<core::result<page>> {
      co_return answer(asked);
    };
    const auto now = [] { return core::instant{zero + 48h}; };
    questions ask(fetcher, now, known, 50);
    std::optional<status_finding> found;
    const auto run = [&]() -> boost::asio::awaitable<void> {
      const auto reply = co_await try_statuses(ask, day, false);
      found = reply.value();
    };
    boost::asio::io_context io;
    boost::asio::co_spawn(io, run(), [](const std::exception_ptr& failed) {
      if (failed) std::rethrow_exception(failed);
    });
    io.run();
    return found.value();
  }
};

TEST_F(status_trial, equal_sums_show_that_nothing_is_left_out) {
  orders = {{.id = 1, .status = 2}, {.id = 2, .status = 5}};
  const auto found = find();
  EXPECT_FALSE(found.leaves_out);
  EXPECT_TRUE(found.shows_all);
}

TEST_F(status_trial, without_finished_orders_equal_sums_do_not_show_that_those_are_listed_again) {
  orders = {{.id = 1, .status = 2}, {.id = 2, .status = 3}};
  const auto found = find();
  EXPECT_FALSE(found.leaves_out);
  EXPECT_FALSE(found.shows_all);
}

TEST_F(status_trial, finds_the_order_that_only_its_status_shows) {
  orders = {{.id = 1, .status = 2}, {.id = 2, .status = 6, .hidden = true}};
  const auto found = find();
  EXPECT_TRUE(found.leaves_out);
  EXPECT_NE(found.found_by.find("an order of status 6"), std::string::npos) << found.found_by;
}

TEST_F(status_trial, finds_it_although_lists_show_orders_as_they_were_as_well) {
  orders = {
      {.id = 1, .status = 3, .also = 5}, {.id = 2, .status = 5, .hidden = true}, {.id = 3, .status = 2, .also = 1}};
  EXPECT_TRUE(find().leaves_out);
}

TEST_F(status_trial, finds_it_behind_others_that_are_shown) {
  orders = {{.id = 1, .status = 5}, {.id = 2, .status = 5, .hidden = true}};
  const auto found = find();
  EXPECT_TRUE(found.leaves_out);
  EXPECT_EQ(found.counted, 1);
  EXPECT_EQ(found.by_status, 2);
}

TEST_F(status_trial, concludes_nothing_from_lists_that_overlap) {
  orders = {{.id = 1, .status = 5, .also = 3}};
  const auto found = find();
  EXPECT_FALSE(found.leaves_out);
  EXPECT_FALSE(found.shows_all);
}

TEST_F(status_trial, takes_a_status_that_is_ignored_for_what_it_is) {
  orders = {{.id = 1, .status = 2}, {.id = 2, .status = 5}};
  ignores_status = true;
  const auto found = find();
  EXPECT_FALSE(found.leaves_out);
  EXPECT_TRUE(found.shows_all);
}

TEST_F(status_trial, is_not_misled_by_an_order_that_moves_on) {
  orders = {{.id = 1, .status = 1}, {.id = 2, .status = 5}};
  moving = 1;
  EXPECT_FALSE(find().leaves_out);
}

TEST_F(status_trial, once_lists_leave_orders_out_what_they_have_shown_is_forgotten) {
  orders = {{.id = 1, .status = 5}};
  find();
  known.shown({zero - 24h, zero + 48h}, answer({.window = {zero - 24h, zero + 48h}}), core::instant{zero + 48h}, true);
  known.trial_ended(core::instant{zero + 48h}, "");
  known.filter_holds(core::instant{zero + 48h});
  EXPECT_EQ(known.doubt({zero + 1s, zero + 2s}, 1, core::instant{zero + 48h}), "");
  EXPECT_TRUE(known.lists_leave_out());
  EXPECT_FALSE(known.lists_leave_out()) << "no news";
  known.limits().by_status = false;
  EXPECT_NE(known.doubt({zero + 1s, zero + 2s}, 1, core::instant{zero + 48h}).find("without a status"),
            std::string::npos);
}

}  // namespace
}  // namespace ordersync::sync::trials
