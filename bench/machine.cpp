#include "bench/machine.hpp"

#include "tests/support/child_process.hpp"
#include "tests/support/postgres_cluster.hpp"

#include <fmt/format.h>

#include <fstream>
#include <sys/utsname.h>
#include <thread>

namespace ordersync::bench {
namespace {

// The value of the first line of a file of "key : value" lines whose key is that.
std::string value_in(const char* file, const std::string& key) {
  std::ifstream in{file};
  for (std::string line; std::getline(in, line);) {
    if (line.rfind(key, 0) != 0) continue;
    const auto begin = line.find_first_not_of(" \t", line.find(':') + 1);
    return begin == std::string::npos ? "" : line.substr(begin);
  }
  return "unknown";
}

std::string memory() {
  const auto text = value_in("/proc/meminfo", "MemTotal");
  return fmt::format("{:.1f} GiB", std::stod("0" + text) / (1024 * 1024));
}

std::string kernel() {
  utsname name{};
  return ::uname(&name) == 0 ? fmt::format("{} {}", name.sysname, name.release) : "unknown";
}

std::string output_of(std::vector<std::string> argv) {
  auto text = test_support::run_process({.argv = std::move(argv)}).out;
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

std::string last_line(const std::string& text) {
  return text.substr(text.rfind('\n') + 1);
}

}  // namespace

facts facts_of_machine() {
  return {
      {"CPU", value_in("/proc/cpuinfo", "model name")},
      {"cores", std::to_string(std::thread::hardware_concurrency())},
      {"memory", memory()},
      {"kernel", kernel()},
      {"file system", last_line(output_of({"df", "--output=fstype", "/tmp"}))},
      {"PostgreSQL", output_of({test_support::postgres_cluster::program("postgres").string(), "--version"}) +
                         "; private cluster in /tmp, its defaults (fsync on), unix socket"},
      {"compiler", fmt::format("{} {}, {}",
#ifdef __clang__
                               "clang",
#else
                               "g++",
#endif
                               __VERSION__, ORDERSYNC_BUILD_TYPE)},
  };
}

}  // namespace ordersync::bench
