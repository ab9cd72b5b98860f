// The watchdog on a pair of sockets whose other end says nothing.
#include "store/pg/watchdog.hpp"

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <optional>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace ordersync::store::pg {
namespace {

using cause = watchdog::cause;
using std::chrono::steady_clock;

constexpr auto never = steady_clock::time_point::max();

steady_clock::time_point in(std::chrono::milliseconds later) {
  return steady_clock::now() + later;
}

class watching_socket : public ::testing::Test {
 protected:
  watching_socket() {
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends_.data()), 0);
    dog_.emplace(ends_[0], stop_);
  }
  ~watching_socket() override {
    for (const int end : ends_) ::close(end);
  }
  // As libpq does; 0 is the end of the connection.
  ssize_t read() const {
    char byte = 0;
    return ::read(ends_[0], &byte, 1);
  }
  bool ended() const {
    pollfd one{ends_[0], POLLIN, 0};
    return ::poll(&one, 1, 0) == 1;
  }

  std::array<int, 2> ends_{};
  stop_signal stop_;
  std::optional<watchdog> dog_;
};

TEST_F(watching_socket, ends_a_call_at_its_deadline) {
  ASSERT_EQ(dog_->arm("read", in(std::chrono::milliseconds{50})), cause::none);
  EXPECT_EQ(read(), 0);
  EXPECT_EQ(dog_->disarm(), cause::late);
}

TEST_F(watching_socket, a_deadline_before_that_of_the_call_before_counts) {
  ASSERT_EQ(dog_->arm("read", in(std::chrono::hours{1})), cause::none);
  ASSERT_EQ(dog_->disarm(), cause::none);
  ASSERT_EQ(dog_->arm("read", in(std::chrono::milliseconds{50})), cause::none);
  EXPECT_EQ(read(), 0);
  EXPECT_EQ(dog_->disarm(), cause::late);
}

TEST_F(watching_socket, ends_a_call_when_the_program_stops) {
  ASSERT_EQ(dog_->arm("read", never), cause::none);
  std::thread stopper{[this] { stop_.raise(); }};
  EXPECT_EQ(read(), 0);
  stopper.join();
  EXPECT_EQ(dog_->disarm(), cause::stopped);
}

TEST_F(watching_socket, between_calls_the_connection_is_left_alone_and_the_next_call_is_refused) {
  ASSERT_EQ(dog_->arm("read", in(std::chrono::milliseconds{1})), cause::none);
  ASSERT_EQ(dog_->disarm(), cause::none);
  std::this_thread::sleep_for(std::chrono::milliseconds{50});  // nothing is to happen, so there is nothing to wait for
  EXPECT_FALSE(ended());
  stop_.raise();
  std::this_thread::sleep_for(std::chrono::milliseconds{50});
  EXPECT_FALSE(ended());
  EXPECT_EQ(dog_->arm("read", never), cause::stopped);
  EXPECT_TRUE(ended());
}

TEST_F(watching_socket, ends_the_socket_though_its_number_was_given_to_another) {
  ASSERT_EQ(dog_->arm("read", in(std::chrono::milliseconds{50})), cause::none);
  std::array<int, 2> others{};
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, others.data()), 0);
  ASSERT_EQ(::dup2(others[0], ends_[0]), ends_[0]);
  char byte = 0;
  EXPECT_EQ(::read(ends_[1], &byte, 1), 0);
  EXPECT_EQ(dog_->disarm(), cause::late);
  EXPECT_FALSE(ended());
  for (const int end : others) ::close(end);
}

}  // namespace
}  // namespace ordersync::store::pg
