#include "service/notify.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace ordersync::service {
namespace {

namespace fs = std::filesystem;

// The service manager's end: a datagram socket that is named in the environment.
class notifications : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "ordersync-notify.XXXXXX").string();
    directory_ = mkdtemp(pattern.data());
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string path = (directory_ / "socket").string();
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    socket_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    ASSERT_EQ(bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    setenv("NOTIFY_SOCKET", path.c_str(), 1);
  }

  void TearDown() override {
    unsetenv("NOTIFY_SOCKET");
    unsetenv("WATCHDOG_USEC");
    unsetenv("WATCHDOG_PID");
    close(socket_);
    fs::remove_all(directory_);
  }

  // The oldest message that was not read yet; empty when there is none.
  std::string received() const {
    std::string text(4096, '\0');
    const ssize_t length = recv(socket_, text.data(), text.size(), MSG_DONTWAIT);
    text.resize(length < 0 ? 0 : static_cast<std::size_t>(length));
    return text;
  }

 private:
  fs::path directory_;
  int socket_ = -1;
};

TEST_F(notifications, each_call_is_one_message) {
  notify::ready();
  EXPECT_EQ(received(), "READY=1");
  notify::stopping();
  EXPECT_EQ(received(), "STOPPING=1");
  notify::watchdog();
  EXPECT_EQ(received(), "WATCHDOG=1");
  EXPECT_EQ(received(), "");
}

std::int64_t monotonic_microseconds() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1'000'000LL + now.tv_nsec / 1000;
}

TEST_F(notifications, a_reload_has_its_time_by_the_managers_clock) {
  const std::int64_t before = monotonic_microseconds();
  notify::reloading();
  const std::int64_t after = monotonic_microseconds();
  const std::string message = received();
  const std::string begin = "RELOADING=1\nMONOTONIC_USEC=";
  ASSERT_EQ(message.substr(0, begin.size()), begin);
  const std::int64_t sent = std::stoll(message.substr(begin.size()));
  EXPECT_GE(sent, before);
  EXPECT_LE(sent, after);
}

TEST_F(notifications, a_status_cannot_begin_another_message) {
  notify::status("leads since 09:52,\nREADY=1\t\x7F 京");
  EXPECT_EQ(received(), "STATUS=leads since 09:52, READY=1   京");
}

TEST_F(notifications, nobody_listening_is_no_failure) {
  unsetenv("NOTIFY_SOCKET");
  notify::ready();
  EXPECT_EQ(received(), "");
  setenv("NOTIFY_SOCKET", "/nowhere/at/all", 1);
  notify::status("still here");
}

TEST_F(notifications, the_watchdogs_interval_is_known_when_it_is_meant_for_this_process) {
  EXPECT_EQ(notify::watchdog_interval(), std::nullopt);
  setenv("WATCHDOG_USEC", "60000000", 1);
  EXPECT_EQ(notify::watchdog_interval(), std::chrono::seconds(60));
  setenv("WATCHDOG_PID", std::to_string(getpid()).c_str(), 1);
  EXPECT_EQ(notify::watchdog_interval(), std::chrono::seconds(60));
  setenv("WATCHDOG_PID", std::to_string(getppid()).c_str(), 1);
  EXPECT_EQ(notify::watchdog_interval(), std::nullopt);
}

TEST_F(notifications, a_malformed_interval_is_none) {
  setenv("WATCHDOG_USEC", "often", 1);
  EXPECT_EQ(notify::watchdog_interval(), std::nullopt);
}

}  // namespace
}  // namespace ordersync::service
