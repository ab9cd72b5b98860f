#include "store/pg/watchdog.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <fcntl.h>
#include <limits>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace ordersync::store::pg {
namespace {

using std::chrono::steady_clock;

// A call that lasts longer is reported.
constexpr std::chrono::seconds long_wait{10};

int milliseconds_until(steady_clock::time_point when) {
  if (when == steady_clock::time_point::max()) return -1;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(when - steady_clock::now()).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, std::numeric_limits<int>::max()));
}

template <std::size_t n>
int poll_until(std::array<pollfd, n>& watched, steady_clock::time_point at_latest) {
  for (;;) {
    const int found = ::poll(watched.data(), watched.size(), milliseconds_until(at_latest));
    if (found >= 0 || errno != EINTR) return found;
  }
}

}  // namespace

wait_end wait_for_socket(int socket, short events, steady_clock::time_point at_latest, const stop_signal& stop,
                         const stop_signal* interrupt) {
  std::array watched{pollfd{socket, events, 0}, pollfd{stop.descriptor(), POLLIN, 0},
                     pollfd{interrupt != nullptr ? interrupt->descriptor() : -1, POLLIN, 0}};
  const int found = poll_until(watched, at_latest);
  if (watched[1].revents != 0) return wait_end::stopped;
  if (watched[2].revents != 0) return wait_end::interrupted;
  return found > 0 ? wait_end::ready : wait_end::late;
}

watchdog::descriptor::descriptor(int number, const char* what) : number_(number) {
  if (number < 0) throw std::system_error(errno, std::generic_category(), what);
}
watchdog::descriptor::~descriptor() {
  ::close(number_);
}

watchdog::watchdog(int socket, const stop_signal& stop)
    : socket_(::fcntl(socket, F_DUPFD_CLOEXEC, 0), "duplicate a socket"),
      wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "eventfd"),
      stop_(stop),
      thread_([this] { run(); }) {}

watchdog::~watchdog() {
  {
    const std::lock_guard lock{mutex_};
    over_ = true;
  }
  wake();
  thread_.join();
}

watchdog::cause watchdog::arm(const char* operation, time_point limit) {
  const auto now = steady_clock::now();
  const std::lock_guard lock{mutex_};
  if (stopped_ && cause_ == cause::none) end_call(cause::stopped);
  if (cause_ != cause::none) return cause_;
  operation_ = operation;
  armed_at_ = now;
  limit_ = limit;
  report_next_ = listener_ ? now + long_wait : time_point::max();
  // Seldom: the calls that were armed before let it wake up earlier than this one does.
  if (next_event() < wakes_at_) wake();
  return cause::none;
}

watchdog::cause watchdog::disarm() {
  std::unique_lock lock{mutex_};
  reported_.wait(lock, [this] { return !reporting_; });
  operation_ = nullptr;
  if (listener_failed_) std::rethrow_exception(std::exchange(listener_failed_, nullptr));
  return cause_;
}

void watchdog::shut_down() noexcept {
  ::shutdown(socket_.number(), SHUT_RDWR);
}

void watchdog::run() {
  std::unique_lock lock{mutex_};
  while (!over_) {
    wakes_at_ = next_event();
    std::array watched{pollfd{wake_.number(), POLLIN, 0}, pollfd{stopped_ ? -1 : stop_.descriptor(), POLLIN, 0}};
    lock.unlock();
    poll_until(watched, wakes_at_);
    std::uint64_t count = 0;
    [[maybe_unused]] const auto got = ::read(wake_.number(), &count, sizeof count);  // none where nobody woke it
    lock.lock();
    stopped_ = stopped_ || watched[1].revents != 0;
    attend(lock);
  }
}

void watchdog::attend(std::unique_lock<std::mutex>& lock) {
  if (operation_ == nullptr || cause_ != cause::none) return;
  const auto now = steady_clock::now();
  if (stopped_) return end_call(cause::stopped);
  if (now >= limit_) return end_call(cause::late);
  if (now >= report_next_) report(lock, now);
}

// Unlocked, for it may take long. Meanwhile disarm() waits, so the call is still the same afterwards.
void watchdog::report(std::unique_lock<std::mutex>& lock, time_point now) {
  const auto waited = std::chrono::floor<std::chrono::seconds>(now - armed_at_);
  reporting_ = true;
  lock.unlock();
  std::exception_ptr failed;
  try {
    listener_(operation_, waited);
  } catch (...) {
    failed = std::current_exception();
  }
  lock.lock();
  listener_failed_ = failed;
  report_next_ = steady_clock::now() + waited;
  reporting_ = false;
  reported_.notify_all();
}

void watchdog::end_call(cause why) noexcept {
  cause_ = why;
  shut_down();
}

watchdog::time_point watchdog::next_event() const noexcept {
  if (operation_ == nullptr || cause_ != cause::none) return time_point::max();
  return std::min(limit_, report_next_);
}

void watchdog::wake() const noexcept {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(wake_.number(), &one, sizeof one);  // fails only when it wakes anyway
}

}  // namespace ordersync::store::pg
