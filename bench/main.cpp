// ordersync_bench: see docs/benchmarks.md. Run by `./dev bench`, which adds the commit and where the JSON goes.

#include "bench/registration.hpp"
#include "bench/report.hpp"

#include <CLI/CLI.hpp>

#include <exception>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

namespace ordersync::bench {
namespace {

struct arguments {
  bool quick = false;
  std::string only = ".";
  std::string out = "bench.json";
  std::string commit = "unknown";
  std::string command = "ordersync_bench";
};

// A number of a benchmark that was left out is not shown; one of a benchmark that failed is, as failed.
std::vector<number> chosen(std::vector<number> all, const collector& results) {
  std::erase_if(all, [&](const number& n) {
    return !results.failed().contains(n.benchmark) && !results.values().contains({n.benchmark, n.counter});
  });
  return all;
}

int run(const arguments& given) {
  const auto p = given.quick ? quick_plan() : full_plan();
  register_decode(p);
  register_store(p);
  register_end_to_end(p);
  register_freshness(p);
  register_memory(p);
  collector results;
  const auto ran = benchmark::RunSpecifiedBenchmarks(&results, given.only);
  auto circumstances = facts_of_machine();
  circumstances.emplace_back("commit", given.commit);
  circumstances.emplace_back("command", given.command);
  const report written{circumstances, chosen(numbers_of(p), results), results.values()};
  std::cout << as_table(written) << std::flush;
  std::ofstream file{given.out};
  file << as_json(written);
  file.close();
  if (!file) {
    std::cerr << "ordersync_bench: cannot write " << given.out << '\n';
    return 1;
  }
  std::cerr << "as JSON: " << given.out << '\n';
  return !results.failed().empty() || ran == 0 ? 1 : 0;
}

}  // namespace
}  // namespace ordersync::bench

int main(int argc, char** argv) {
  ordersync::bench::arguments given;
  CLI::App app{"Measures ordersync; see docs/benchmarks.md."};
  app.add_flag("--quick", given.quick, "a minute instead of many: fewer orders, numbers that only show that it works");
  app.add_option("--only", given.only,
                 "benchmarks whose names match: decode, store, end_to_end, freshness, memory/10000")
      ->type_name("REGEX");
  app.add_option("--out", given.out, "where the numbers go as JSON")->type_name("FILE")->take_last();
  app.add_option("--commit", given.commit, "what is measured, for the table")->type_name("TEXT");
  app.add_option("--command", given.command, "what was typed, for the table")->type_name("TEXT");
  CLI11_PARSE(app, argc, argv);
  try {
    return ordersync::bench::run(given);
  } catch (const std::exception& e) {
    std::cerr << "ordersync_bench: " << e.what() << '\n';
    return 1;
  }
}
