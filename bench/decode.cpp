// Decoding on one core: a reply's bytes -> orders with their hashes, as ordersync does it for every page.

#include "pandapon/decode/decode.hpp"

#include "bench/registration.hpp"
#include "bench/shop.hpp"

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace ordersync::bench {
namespace {

constexpr int pages = 40;  // 2,000 orders: more than a core's caches hold

void decode(benchmark::State& state, const std::vector<std::string>& bodies) {
  std::size_t next = 0, bytes = 0, orders = 0;
  for ([[maybe_unused]] const auto _ : state) {
    const auto& body = bodies[next++ % bodies.size()];
    const auto page = pandapon::decode::decode_body(body, core::instant{});
    if (!page) return fail(state, "a page cannot be decoded: " + page.error().what);
    bytes += body.size();
    orders += page->orders.size();
  }
  const auto rate = [](auto amount) {
    return benchmark::Counter(static_cast<double>(amount), benchmark::Counter::kIsRate);
  };
  state.counters["orders_per_s"] = rate(orders);
  state.counters["mb_per_s"] = rate(static_cast<double>(bytes) / 1e6);
  state.counters["bytes_an_order"] = static_cast<double>(bytes) / static_cast<double>(orders);
}

void register_pages(const plan& p, const char* name, std::vector<std::string> (*make)()) {
  benchmark::RegisterBenchmark(name, [make](benchmark::State& state) { decode(state, make()); })
      ->MinTime(p.decode_seconds)
      ->Unit(benchmark::kMillisecond);
}

std::vector<std::string> simulated_pages() {
  const shop from{pages * orders_a_page};
  std::vector<std::string> bodies;
  for (std::uint32_t number = 1; number <= pages; ++number) bodies.push_back(from.page(number));
  return bodies;
}

}  // namespace

void register_decode(const plan& p) {
  register_pages(p, "decode/simulated", simulated_pages);
  register_pages(p, "decode/sample", [] { return std::vector{page_of_samples()}; });
}

}  // namespace ordersync::bench
