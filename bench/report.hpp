#pragma once
// The results as one table for people and as JSON for programs.

#include "bench/machine.hpp"
#include "bench/numbers.hpp"

#include <benchmark/benchmark.h>

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace ordersync::bench {

using counted = std::map<std::pair<std::string, std::string>, double>;

// Keeps what the benchmarks report, and says on stderr how far they are.
class collector : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context& context) override;
  void ReportRuns(const std::vector<Run>& runs) override;

  // By benchmark and counter; none of a benchmark that failed or was left out.
  const counted& values() const { return values_; }
  const std::set<std::string>& failed() const { return failed_; }

 private:
  counted values_;
  std::set<std::string> failed_;
};

struct report {
  facts circumstances;          // machine, commit, command
  std::vector<number> numbers;  // of the benchmarks that were chosen
  counted values;
};

std::string as_table(const report& r);
std::string as_json(const report& r);

}  // namespace ordersync::bench
