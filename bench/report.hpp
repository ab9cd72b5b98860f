#pragma once
// The results as one table for people and as JSON for programs.

#include "bench/machine.hpp"
#include "bench/numbers.hpp"

#include <benchmark/benchmark.h>

#include <map>
#include <string>
#include <vector>

namespace ordersync::bench {

// Keeps what the benchmarks report, and says on stderr how far they are.
class collector : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context& context) override;
  void ReportRuns(const std::vector<Run>& runs) override;

  // By benchmark and counter; none of a benchmark that failed or was left out.
  const std::map<std::pair<std::string, std::string>, double>& values() const { return values_; }
  int failures() const { return failures_; }

 private:
  int failures_ = 0;
  std::map<std::pair<std::string, std::string>, double> values_;
};

struct report {
  facts circumstances;  // machine, commit, command
  std::vector<number> numbers;
  std::map<std::pair<std::string, std::string>, double> values;
};

std::string as_table(const report& r);
std::string as_json(const report& r);

}  // namespace ordersync::bench
