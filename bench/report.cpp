#include "bench/report.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <cstdio>
#include <iterator>

namespace ordersync::bench {
namespace {

const double* value_of(const report& r, const number& n) {
  const auto found = r.values.find({n.benchmark, n.counter});
  return found == r.values.end() ? nullptr : &found->second;
}

std::string words(const target& goal, int decimals) {
  return fmt::format("{} {:.{}f}", goal.direction == bound::at_least ? "at least" : "at most", goal.value, decimals);
}

std::string verdict(const number& n, const double* value) {
  if (!n.goal) return "";
  if (value == nullptr) return "FAILED";
  return reached(*n.goal, *value) ? "reached" : "MISSED";
}

boost::json::object as_json(const number& n, const double* value) {
  boost::json::object out{{"benchmark", n.benchmark}, {"counter", n.counter}, {"unit", n.unit}};
  out["value"] = value == nullptr ? boost::json::value{} : boost::json::value(*value);
  if (!n.goal) return out;
  out[n.goal->direction == bound::at_least ? "at_least" : "at_most"] = n.goal->value;
  out["reached"] = value == nullptr ? boost::json::value{} : boost::json::value(reached(*n.goal, *value));
  return out;
}

}  // namespace

bool collector::ReportContext(const Context& /*context*/) {
  return true;
}

void collector::ReportRuns(const std::vector<Run>& runs) {
  for (const auto& run : runs) {
    const auto name = run.run_name.function_name;
    if (run.counters.empty()) {  // libraries differ in how they report a failure; all of ours have counters otherwise
      failed_.insert(name);
      fmt::print(stderr, "{}: FAILED\n", name);
      continue;
    }
    fmt::print(stderr, "{}: {:.1f} s\n", name, run.real_accumulated_time);
    for (const auto& [counter, value] : run.counters) values_[{name, counter}] = value;
  }
}

std::string as_table(const report& r) {
  std::string out;
  const auto line = std::back_inserter(out);
  for (const auto& [name, value] : r.circumstances) fmt::format_to(line, "{:<12} {}\n", name, value);
  fmt::format_to(line, "\n{:<42} {:>12} {:<9} {:<14} {}\n", "what", "measured", "unit", "target", "");
  for (const auto& n : r.numbers) {
    const auto* value = value_of(r, n);
    auto row = fmt::format("{:<42} {:>12} {:<9} {:<14} {}", n.words,
                           value == nullptr ? "-" : fmt::format("{:.{}f}", *value, n.decimals), n.unit,
                           n.goal ? words(*n.goal, n.decimals) : "", verdict(n, value));
    row.erase(row.find_last_not_of(' ') + 1);
    out += row + '\n';
  }
  return out;
}

std::string as_json(const report& r) {
  boost::json::object circumstances;
  for (const auto& [name, value] : r.circumstances) circumstances[name] = value;
  boost::json::array numbers;
  for (const auto& n : r.numbers) numbers.push_back(as_json(n, value_of(r, n)));
  return boost::json::serialize(boost::json::object{{"circumstances", circumstances}, {"numbers", numbers}}) + '\n';
}

}  // namespace ordersync::bench
