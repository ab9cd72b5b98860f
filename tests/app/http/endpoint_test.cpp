// Where the endpoint listens after a reload.

#include "app/http/endpoint.hpp"

#include "support/recorded_log.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <gmock/gmock.h>

namespace ordersync::app::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

struct endpoint_test : ::testing::Test {
  asio::io_context io;
  test_support::recorded_log log;
  telemetry::observer_list observers;
  endpoint served{io.get_executor(), {}, observers, log};
  // Nobody has it, most likely.
  std::uint16_t port = tcp::acceptor(io, {asio::ip::make_address("127.0.0.1"), 0}).local_endpoint().port();

  void end() {
    served.close();
    asio::co_spawn(
        io, [&]() -> asio::awaitable<void> { co_await served.join(); },
        [](std::exception_ptr e) {
          if (e) std::rethrow_exception(e);
        });
    io.run();
  }
  bool answers() {
    boost::system::error_code failed;
    tcp::socket(io).connect({asio::ip::make_address("127.0.0.1"), port}, failed);
    return !failed;
  }
};

TEST_F(endpoint_test, moves_to_an_address_that_covers_its_own_and_back) {
  ASSERT_TRUE(served.open({"127.0.0.1", port}, [] { return daemon::daemon_state{}; }).has_value());
  served.move({"0.0.0.0", port});
  served.move({"127.0.0.1", port});
  EXPECT_THAT(log.text(), ::testing::Not(::testing::HasSubstr("endpoint_not_moved")));
  EXPECT_EQ(log.count("endpoint_listening"), 3);
  EXPECT_TRUE(answers());
  end();
}

TEST_F(endpoint_test, comes_back_where_another_program_has_the_rest_of_the_port) {
  const tcp::acceptor other(io, {asio::ip::make_address("127.0.0.2"), 0});
  port = other.local_endpoint().port();
  ASSERT_TRUE(served.open({"127.0.0.1", port}, [] { return daemon::daemon_state{}; }).has_value());
  served.move({"0.0.0.0", port});
  EXPECT_THAT(log.text(), ::testing::HasSubstr("stays at its old address"));
  EXPECT_TRUE(answers());
  end();
}

}  // namespace
}  // namespace ordersync::app::http
