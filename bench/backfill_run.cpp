#include "bench/backfill_run.hpp"

#include "bench/cluster.hpp"
#include "bench/shop.hpp"
#include "tests/e2e/stage.hpp"

#include <fmt/format.h>

#include <chrono>
#include <fstream>
#include <stdexcept>

namespace ordersync::bench {
namespace {

// Half a year: ten thousand orders are then a small shop's, a million a large one's.
constexpr const char* from = "2024-01-01";
constexpr const char* to = "2024-07-01";

void prepare(e2e::stage& stage, const backfill_setup& setup) {
  stage.start_simulator(
      {"--orders", std::to_string(setup.orders), "--from", from, "--to", to, "--latency", setup.latency});
  // The rate is out of the way: what is measured is what the program does when nobody holds it back.
  stage.configure(
      {.sync = fmt::format("  rate: 100000\n  concurrency: {}\n  page_size: {}\n", concurrency, orders_a_page),
       .start = from});
  stage.migrate();
}

void check(e2e::stage& stage, const backfill_setup& setup, const e2e::finished_process& done) {
  // 6: values of the simulated orders' oddities are in quarantine. The orders themselves must be there, and proven.
  if (done.status.code != 0 && done.status.code != 6) throw std::runtime_error("the backfill failed: " + done.err);
  const auto stored = stage.query("SELECT count(*) FROM ordersync.orders");
  if (stored != std::to_string(setup.orders))
    throw std::runtime_error(fmt::format("the mirror holds {} orders, not {}", stored, setup.orders));
  if (stage.query("SELECT count(*) FROM ordersync.sweeps WHERE outcome IN ('unproven', 'failed')") != "0")
    throw std::runtime_error("some windows were not proven");
}

backfill_cost read_meter(const std::filesystem::path& file) {
  std::ifstream in{file};
  backfill_cost cost;
  double peak_kib = 0;
  if (!(in >> cost.seconds >> cost.cpu_seconds >> peak_kib)) throw std::runtime_error("the meter wrote no result");
  cost.peak_mib = peak_kib / 1024;
  return cost;
}

}  // namespace

backfill_cost run_backfill(const backfill_setup& setup) {
  durable_cluster();  // before the stage makes a database in it
  e2e::stage stage;
  prepare(stage, setup);
  const auto meter = std::filesystem::path{ORDERSYNC_BINARY_DIR} / "ordersync_bench_meter";
  const auto result = stage.file("meter");
  const auto done =
      test_support::run_process({.argv = {meter.string(), result.string(), e2e::stage::ordersync().string(), "--config",
                                          stage.file("ordersync.yaml").string(), "backfill", "create", "--from", from,
                                          "--to", to, "--foreground"}},
                                std::chrono::hours{2});
  check(stage, setup, done);
  auto cost = read_meter(result);
  cost.calls = std::stoll(stage.query("SELECT sum(pages) FROM ordersync.sweeps"));
  cost.windows = std::stoll(stage.query("SELECT count(*) FROM ordersync.sweeps WHERE outcome = 'proven'"));
  return cost;
}

}  // namespace ordersync::bench
