#include "support/child_process.hpp"

#include <algorithm>
#include <array>
#include <condition_variable>
#include <cstdlib>
#include <fcntl.h>
#include <grp.h>
#include <mutex>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdexcept>
#include <string>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <system_error>
#include <thread>
#include <unistd.h>

namespace ordersync::test_support {
namespace {

[[noreturn]] void fail(int error, const std::string& what) {
  throw std::system_error(error, std::generic_category(), what);
}

struct pipe_ends {
  int read = -1;
  int write = -1;
};

pipe_ends make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) fail(errno, "cannot make a pipe");
  return {ends[0], ends[1]};
}

struct identity {
  uid_t uid = 0;
  gid_t gid = 0;
};

std::optional<identity> identity_of(const std::optional<std::string>& user) {
  if (!user) return std::nullopt;
  errno = 0;
  const auto* entry = ::getpwnam(user->c_str());
  if (entry == nullptr) fail(errno != 0 ? errno : ENOENT, "there is no user '" + *user + "'");
  return identity{entry->pw_uid, entry->pw_gid};
}

// All that the child needs between fork and exec, prepared before: there, no memory may be allocated.
struct prepared_start {
  std::vector<std::string> texts;
  std::vector<char*> argv;
  std::vector<char*> envp;
  std::string directory;
  std::optional<identity> run_as;
  int death_signal = SIGKILL;
  pid_t parent = 0;
};

prepared_start prepare(const child_options& options) {
  prepared_start start;
  if (options.argv.empty()) throw std::invalid_argument{"a process needs a program to run"};
  start.texts = options.argv;
  for (const auto& [name, value] : options.env) start.texts.push_back(name + "=" + value);
  for (std::size_t i = 0; i < start.texts.size(); ++i) {
    (i < options.argv.size() ? start.argv : start.envp).push_back(start.texts[i].data());
  }
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text{*entry};
    const auto name = text.substr(0, text.find('='));
    const auto replaced = [&](const auto& pair) { return pair.first == name; };
    if (std::none_of(options.env.begin(), options.env.end(), replaced)) start.envp.push_back(*entry);
  }
  start.argv.push_back(nullptr);
  start.envp.push_back(nullptr);
  start.directory = options.directory.string();
  start.run_as = identity_of(options.user);
  start.death_signal = options.death_signal;
  start.parent = ::getpid();
  return start;
}

// Runs in the child: becomes the program, or says through `report` why not.
[[noreturn]] void become(const prepared_start& start, int out, int err, int report) {
  const auto give_up = [report] {
    const int error = errno;
    [[maybe_unused]] const auto written = ::write(report, &error, sizeof error);
    ::_exit(127);
  };
  ::setpgid(0, 0);
  const int null = ::open("/dev/null", O_RDONLY);
  if (null < 0 || ::dup2(null, 0) < 0 || ::dup2(out, 1) < 0 || ::dup2(err, 2) < 0) give_up();
  if (start.run_as) {
    const auto [uid, gid] = *start.run_as;
    if (::setgroups(1, &gid) != 0 || ::setgid(gid) != 0 || ::setuid(uid) != 0) give_up();
  }
  // After the change of user, which clears it; then see whether the parent died in between.
  if (::prctl(PR_SET_PDEATHSIG, start.death_signal) != 0) give_up();
  if (::getppid() != start.parent) ::_exit(127);
  if (::chdir(start.directory.c_str()) != 0) give_up();
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::execvpe(start.argv[0], start.argv.data(), start.envp.data());
  give_up();
  ::_exit(127);
}

// The first whole line of `text` from `from` on that contains `wanted`; moves `from` past the lines it has seen.
std::optional<std::string> find_line(const std::string& text, std::size_t& from, std::string_view wanted) {
  for (auto end = text.find('\n', from); end != std::string::npos; end = text.find('\n', from)) {
    auto line = text.substr(from, end - from);
    from = end + 1;
    if (line.find(wanted) != std::string::npos) return line;
  }
  return std::nullopt;
}

}  // namespace

struct child_process::state {
  struct stream {
    int fd = -1;
    std::string text;
    bool ended = false;
  };

  pid_t pid = -1;
  mutable std::mutex mutex;
  std::condition_variable changed;
  stream out;
  stream err;
  std::optional<exit_status> status;
  std::vector<std::thread> watchers;

  pipe_ends stop = make_pipe();  // closing its write end ends the readers, should a stray grandchild hold a stream open

  state() = default;
  ~state();
  state(const state&) = delete;
  state& operator=(const state&) = delete;

  void start(const prepared_start& start);
  void read_all(stream& from);
  void await_end();
  std::optional<std::string> wait_for(const stream& in, std::string_view text, std::chrono::milliseconds limit);
};

child_process::state::~state() {
  {
    const std::scoped_lock lock{mutex};
    if (pid > 0 && !(status && out.ended && err.ended)) ::kill(-pid, SIGKILL);
  }
  ::close(stop.write);
  for (auto& watcher : watchers) watcher.join();
  ::close(stop.read);
}

void child_process::state::start(const prepared_start& start) {
  const auto out_pipe = make_pipe();
  const auto err_pipe = make_pipe();
  const auto report = make_pipe();
  pid = ::fork();
  if (pid == 0) become(start, out_pipe.write, err_pipe.write, report.write);
  const int fork_error = errno;
  for (const int fd : {out_pipe.write, err_pipe.write, report.write}) ::close(fd);
  int error = 0;
  const bool failed = pid < 0 || ::read(report.read, &error, sizeof error) > 0;  // nothing comes once exec has worked
  ::close(report.read);
  if (failed) {
    ::close(out_pipe.read);
    ::close(err_pipe.read);
    if (pid > 0) ::waitpid(pid, nullptr, 0);
    pid = -1;
    fail(pid < 0 ? fork_error : error, std::string{"cannot start "} + start.argv[0]);
  }
  out.fd = out_pipe.read;
  err.fd = err_pipe.read;
  watchers.emplace_back([this] { read_all(out); });
  watchers.emplace_back([this] { read_all(err); });
  watchers.emplace_back([this] { await_end(); });
}

void child_process::state::read_all(stream& from) {
  std::array<char, 16384> buffer{};
  for (;;) {
    std::array<pollfd, 2> watched{{{from.fd, POLLIN, 0}, {stop.read, POLLIN, 0}}};
    if (::poll(watched.data(), watched.size(), -1) < 0) continue;
    const bool readable = watched[0].revents != 0;
    const auto got = readable ? ::read(from.fd, buffer.data(), buffer.size()) : 0;
    if (got < 0 && errno == EINTR) continue;
    const std::scoped_lock lock{mutex};
    if (got > 0) from.text.append(buffer.data(), static_cast<std::size_t>(got));
    from.ended = got <= 0;
    changed.notify_all();
    if (from.ended) break;
  }
  ::close(from.fd);
}

void child_process::state::await_end() {
  siginfo_t info{};
  // Seen first and reaped under the lock, so that signal() never hits a process id that has been given away.
  while (::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOWAIT) != 0 && errno == EINTR) {
  }
  const std::scoped_lock lock{mutex};
  ::waitpid(pid, nullptr, 0);
  status.emplace();
  (info.si_code == CLD_EXITED ? status->code : status->signal) = info.si_status;
  changed.notify_all();
}

std::optional<std::string> child_process::state::wait_for(const stream& in, std::string_view text,
                                                          std::chrono::milliseconds limit) {
  std::unique_lock lock{mutex};
  std::size_t seen = 0;
  std::optional<std::string> line;
  changed.wait_for(lock, limit, [&] {
    line = find_line(in.text, seen, text);
    return line || in.ended;
  });
  return line;
}

child_process::child_process(const child_options& options) : state_{std::make_unique<state>()} {
  state_->start(prepare(options));
}

child_process::child_process(child_process&&) noexcept = default;
child_process& child_process::operator=(child_process&&) noexcept = default;

child_process::~child_process() = default;

pid_t child_process::pid() const {
  return state_->pid;
}

std::optional<std::string> child_process::wait_for_stdout(std::string_view text, std::chrono::milliseconds limit) {
  return state_->wait_for(state_->out, text, limit);
}

std::optional<std::string> child_process::wait_for_stderr(std::string_view text, std::chrono::milliseconds limit) {
  return state_->wait_for(state_->err, text, limit);
}

void child_process::signal(int number) {
  const std::scoped_lock lock{state_->mutex};
  if (!state_->status) ::kill(state_->pid, number);
}

std::optional<exit_status> child_process::wait(std::chrono::milliseconds limit) {
  std::unique_lock lock{state_->mutex};
  const auto done = [this] { return state_->status && state_->out.ended && state_->err.ended; };
  if (!state_->changed.wait_for(lock, limit, done)) return std::nullopt;
  return state_->status;
}

std::string child_process::out() const {
  const std::scoped_lock lock{state_->mutex};
  return state_->out.text;
}

std::string child_process::err() const {
  const std::scoped_lock lock{state_->mutex};
  return state_->err.text;
}

finished_process run_process(const child_options& options, std::chrono::milliseconds limit) {
  child_process child{options};
  const auto status = child.wait(limit);
  if (!status) throw std::runtime_error{options.argv.front() + " did not end in time:\n" + child.err()};
  return {*status, child.out(), child.err()};
}

}  // namespace ordersync::test_support
