#include "app/setup/clock_and_random.hpp"

#include <atomic>
#include <chrono>
#include <memory>
#include <random>

namespace ordersync::app::setup {

std::function<core::instant()> wall_clock() {
  return [] { return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()); };
}

std::function<core::instant()> observation_clock(core::instant at_start) {
  using std::chrono::steady_clock;
  return [at_start, begun = steady_clock::now()] {
    return at_start + std::chrono::floor<std::chrono::milliseconds>(steady_clock::now() - begun);
  };
}

std::function<std::uint64_t()> random_source() {
  auto device = std::make_shared<std::random_device>();
  return [device] { return (std::uint64_t{(*device)()} << 32) | (*device)(); };
}

std::uint64_t next_sweep_number() {
  static std::atomic<std::uint64_t> last{0};
  return ++last;
}

}  // namespace ordersync::app::setup
