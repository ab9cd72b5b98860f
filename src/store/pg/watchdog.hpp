#pragma once
// Ends waits for the server: at a deadline, or when a stop signal is raised.
//
// libpqxx's calls block without a limit, also for a server that accepts and says nothing. So a thread beside each
// connection shuts its socket down when a call has run long enough; the call then fails as it does when the network
// breaks. Hazard: it knows the socket by a descriptor of its own, for libpq closes the original inside such a call; the
// session lives until both are closed.

#include "store/pg/stop_signal.hpp"

#include <chrono>
#include <condition_variable>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>

namespace ordersync::store::pg {

enum class wait_end { ready, late, stopped, interrupted };

// Until `socket` is ready for `events` of poll(2), or failed. `interrupt` may be null.
wait_end wait_for_socket(int socket, short events, std::chrono::steady_clock::time_point at_latest,
                         const stop_signal& stop, const stop_signal* interrupt = nullptr);

// arm() and disarm() belong to the connection's thread.
class watchdog {
 public:
  using time_point = std::chrono::steady_clock::time_point;
  enum class cause { none, stopped, late };
  using wait_listener = std::function<void(const char* operation, std::chrono::seconds waited)>;

  watchdog(int socket, const stop_signal& stop);
  ~watchdog();
  watchdog(const watchdog&) = delete;
  watchdog& operator=(const watchdog&) = delete;

  // Called while a call has lasted for 10 s, and now and then from there on, in the watchdog's thread. disarm() waits
  // for it and throws what it threw. Not while armed.
  void on_long_wait(wait_listener listener) { listener_ = std::move(listener); }

  // The call that follows is ended at `limit`. Other than `none`: the socket was shut down before, so do not call.
  cause arm(const char* operation, time_point limit);
  // The call is over. Why it was ended, if it was.
  cause disarm();

  // At once, whatever is armed.
  void shut_down() noexcept;

 private:
  class descriptor {
   public:
    explicit descriptor(int number, const char* what);  // takes it; throws std::system_error for -1
    ~descriptor();
    descriptor(const descriptor&) = delete;
    descriptor& operator=(const descriptor&) = delete;
    int number() const noexcept { return number_; }

   private:
    int number_;
  };

  void run();
  void attend(std::unique_lock<std::mutex>& lock);
  void report(std::unique_lock<std::mutex>& lock, time_point now);
  void end_call(cause why) noexcept;
  time_point next_event() const noexcept;
  void wake() const noexcept;

  const descriptor socket_;
  const descriptor wake_;  // an eventfd
  const stop_signal& stop_;
  wait_listener listener_;

  std::mutex mutex_;  // for what follows
  std::condition_variable reported_;
  const char* operation_ = nullptr;  // what is waited for; none: not armed
  time_point armed_at_, limit_, report_next_;
  time_point wakes_at_ = time_point::max();
  cause cause_ = cause::none;
  std::exception_ptr listener_failed_;
  bool reporting_ = false, stopped_ = false, over_ = false;

  std::thread thread_;  // last: it uses the others
};

}  // namespace ordersync::store::pg
