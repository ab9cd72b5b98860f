// The race of a host's addresses, with real sockets on loopback.
#include "pandapon/http/connect.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>

#include <array>
#include <stdexcept>
#include <sys/socket.h>

namespace ordersync::pandapon::http {
namespace {

using namespace std::chrono_literals;
using boost::asio::ip::make_address;
using boost::asio::ip::tcp;
using boost::system::error_code;
using std::chrono::steady_clock;
using ::testing::HasSubstr;

tcp::endpoint at(const char* address, unsigned short port = 443) {
  return {make_address(address), port};
}

TEST(by_turns, lets_the_families_take_turns_and_keeps_the_order_in_each) {
  EXPECT_EQ(by_turns({at("::1"), at("::2"), at("::3"), at("1.1.1.1"), at("2.2.2.2")}),
            (tcp_addresses{at("::1"), at("1.1.1.1"), at("::2"), at("2.2.2.2"), at("::3")}));
  EXPECT_EQ(by_turns({at("1.1.1.1"), at("::1"), at("2.2.2.2")}),
            (tcp_addresses{at("1.1.1.1"), at("::1"), at("2.2.2.2")}));
  EXPECT_EQ(by_turns({at("1.1.1.1"), at("2.2.2.2")}), (tcp_addresses{at("1.1.1.1"), at("2.2.2.2")}));
  EXPECT_EQ(by_turns({}), tcp_addresses{});
}

class connection_race_test : public ::testing::Test {
 protected:
  // The kernel completes one connection more than the backlog, and leaves the others without an answer.
  connection_race_test() {
    ::listen(full.native_handle(), 0);
    for (auto& one : fill) {
      one.open(tcp::v4());
      one.native_non_blocking(true);
      auto to = full.local_endpoint();
      ::connect(one.native_handle(), to.data(), static_cast<socklen_t>(to.size()));
    }
    tcp::acceptor closed(io, {make_address("127.0.0.1"), 0});
    refusing = closed.local_endpoint();
  }

  bool run(const tcp_addresses& addresses, std::chrono::milliseconds limit = 20s) {
    race = std::make_shared<connection_race>(io.get_executor(), addresses);
    bool connected = false;
    const auto begun = steady_clock::now();
    boost::asio::co_spawn(io, race->run(begun + limit),
                          [&](const std::exception_ptr& failed, const std::optional<tcp::socket>& socket) {
                            EXPECT_FALSE(failed);
                            connected = socket.has_value();
                            if (connected) peer = socket->remote_endpoint();
                          });
    io.restart();
    io.run();
    took = steady_clock::now() - begun;
    return connected;
  }

  boost::asio::io_context io;
  tcp::acceptor good{io, {make_address("127.0.0.1"), 0}};
  tcp::acceptor full{io, {make_address("127.0.0.1"), 0}};  // connections to it stall
  std::array<tcp::socket, 3> fill{tcp::socket{io}, tcp::socket{io}, tcp::socket{io}};
  tcp::endpoint refusing;
  std::shared_ptr<connection_race> race;
  tcp::endpoint peer;
  steady_clock::duration took{};
};

TEST_F(connection_race_test, passes_one_that_stalls_by_after_its_head_start) {
  ASSERT_TRUE(run({full.local_endpoint(), good.local_endpoint()}));
  EXPECT_EQ(peer, good.local_endpoint());
  EXPECT_GE(took, connection_race::head_start);
}

TEST_F(connection_race_test, goes_on_at_once_after_one_that_refuses) {
  tcp_addresses addresses(40, refusing);
  addresses.push_back(good.local_endpoint());
  ASSERT_TRUE(run(addresses));
  EXPECT_EQ(peer, good.local_endpoint());
  EXPECT_LT(took, 20 * connection_race::head_start);
}

TEST_F(connection_race_test, is_won_by_the_family_that_answers) {
  ASSERT_TRUE(run({{make_address("::1"), refusing.port()}, good.local_endpoint()}));
  EXPECT_EQ(peer, good.local_endpoint());
}

TEST_F(connection_race_test, that_nobody_wins_names_what_became_of_each_address) {
  EXPECT_FALSE(run({full.local_endpoint(), refusing}, 600ms));
  EXPECT_EQ(race->failures(), "127.0.0.1: no answer; 127.0.0.1: Connection refused");
  EXPECT_FALSE(run({refusing}));
  EXPECT_EQ(race->failures(), "Connection refused");
  EXPECT_FALSE(run(tcp_addresses(6, refusing)));
  EXPECT_THAT(race->failures(), HasSubstr("; and 2 more"));
}

TEST_F(connection_race_test, ends_by_its_limit_and_when_it_is_closed) {
  EXPECT_FALSE(run({full.local_endpoint()}, 50ms));
  EXPECT_LT(took, 10s);
  boost::asio::steady_timer soon(io, 50ms);
  soon.async_wait([this](const error_code&) { race->close(); });
  EXPECT_FALSE(run({full.local_endpoint()}));
  EXPECT_LT(took, 10s);
}

}  // namespace
}  // namespace ordersync::pandapon::http
