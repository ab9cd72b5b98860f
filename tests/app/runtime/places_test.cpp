#include "app/runtime/places.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <list>
#include <string>

namespace ordersync::app::runtime {
namespace {

struct taking : ::testing::Test {
  boost::asio::io_context io;
  places two{io.get_executor(), 2};
  std::list<places::place> held;
  std::string got;

  void take(const char& who) {
    auto work = [this, &who]() -> boost::asio::awaitable<void> {
      auto place = co_await two.take(&who);
      got += place ? who : '-';
      if (place) held.push_back(std::move(*place));
    };
    boost::asio::co_spawn(io, std::move(work), boost::asio::detached);
    io.restart();
    io.poll();
  }
  void give_back() {
    held.pop_front();
    io.restart();
    io.poll();
  }
};

TEST_F(taking, who_comes_first_is_served_first_and_no_more_than_there_are_places) {
  const std::string names = "abcd";
  for (const char& name : names) take(name);
  EXPECT_EQ(got, "ab");
  give_back();
  EXPECT_EQ(got, "abc");
  give_back();
  EXPECT_EQ(got, "abcd");
  while (!held.empty()) give_back();
  for (const char& name : names) take(name);
  EXPECT_EQ(got, "abcdab") << "no place is lost";
  two.give_up(&names[2]);
  two.give_up(&names[3]);
  io.restart();
  io.poll();
}

TEST_F(taking, who_gives_up_gets_none_and_takes_none_from_others) {
  const std::string names = "abcd";
  for (const char& name : names) take(name);
  two.give_up(&names[2]);
  io.restart();
  io.poll();
  EXPECT_EQ(got, "ab-");
  give_back();
  EXPECT_EQ(got, "ab-d");
}

}  // namespace
}  // namespace ordersync::app::runtime
