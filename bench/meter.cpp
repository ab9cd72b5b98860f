// ordersync_bench_meter RESULT PROGRAM [ARGUMENT...]: runs the program to its end, writes one line to the file RESULT,
//
//   seconds from fork to exit, seconds of CPU, greatest resident memory in KiB
//
// and leaves with the program's exit code (127: it could not be started, 128 + N: it died of signal N).
//
// A process of its own, because Linux counts towards a process' greatest memory what its parent held at the fork: the
// benchmark itself holds more than what it measures.

#include <chrono>
#include <fstream>
#include <iostream>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

double seconds(const timeval& t) {
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
}

[[noreturn]] void become(char** program) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::execvp(program[0], program);
  ::_exit(127);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::cerr << "usage: ordersync_bench_meter RESULT PROGRAM [ARGUMENT...]\n";
    return 2;
  }
  const auto began = std::chrono::steady_clock::now();
  const pid_t child = ::fork();
  if (child == 0) become(argv + 2);
  int status = 0;
  rusage used{};
  if (child < 0 || ::wait4(child, &status, 0, &used) != child) {
    std::cerr << "ordersync_bench_meter: cannot run " << argv[2] << '\n';
    return 127;
  }
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - began;
  std::ofstream result{argv[1]};
  result << elapsed.count() << ' ' << seconds(used.ru_utime) + seconds(used.ru_stime) << ' ' << used.ru_maxrss << '\n';
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
