// A real process for a test: started with arguments and environment, watched line by line, killed when the object goes.
//
// Hazards. The child is killed when the THREAD that started it ends (PR_SET_PDEATHSIG), so start it from one that
// outlives it, as a test's main thread does. It leads a process group of its own; killing means the whole group.
// All that it prints is kept in memory.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <utility>
#include <vector>

namespace ordersync::test_support {

struct child_options {
  std::vector<std::string> argv;                         // argv[0] is a path, or a name found in PATH
  std::vector<std::pair<std::string, std::string>> env;  // added to the environment of the test
  std::optional<std::string> user;                       // run as that user; only root may ask for it
  std::filesystem::path directory = "/";                 // where it runs
  int death_signal = 9;                                  // what it gets when the test program dies
};

// How a process ended: one of the two is set.
struct exit_status {
  std::optional<int> code;
  std::optional<int> signal;
  friend bool operator==(const exit_status&, const exit_status&) = default;
};

// Long enough for a slow machine under a sanitizer; a test that reaches it has failed.
inline constexpr std::chrono::seconds default_timeout{180};

class child_process {
 public:
  // Throws std::system_error when there is no such program or user, or it cannot be started.
  explicit child_process(const child_options& options);
  ~child_process();  // SIGKILL to its group, then waits for it
  child_process(child_process&&) noexcept;
  child_process& operator=(child_process&&) noexcept;

  [[nodiscard]] pid_t pid() const;

  // The first whole line of the stream that contains `text`, printed already or yet to come; nothing when the stream
  // ends or `limit` passes before it.
  std::optional<std::string> wait_for_stdout(std::string_view text, std::chrono::milliseconds limit = default_timeout);
  std::optional<std::string> wait_for_stderr(std::string_view text, std::chrono::milliseconds limit = default_timeout);

  // Sends the signal to the process alone; does nothing once it has ended.
  void signal(int number);
  // How it ended; nothing while it, or whoever it left its output to, still runs after `limit`. Once this returned a
  // status, out() and err() are complete.
  std::optional<exit_status> wait(std::chrono::milliseconds limit = default_timeout);

  [[nodiscard]] std::string out() const;  // all that it has printed so far
  [[nodiscard]] std::string err() const;

 private:
  struct state;
  std::unique_ptr<state> state_;
};

struct finished_process {
  exit_status status;
  std::string out;
  std::string err;
};

// Runs a program to its end. Throws when it cannot be started or runs longer than `limit`.
finished_process run_process(const child_options& options, std::chrono::milliseconds limit = default_timeout);

}  // namespace ordersync::test_support
