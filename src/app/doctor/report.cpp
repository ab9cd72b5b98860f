#include "app/doctor/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

namespace ordersync::app::doctor {

const char* name(check_state state) noexcept {
  switch (state) {
    case check_state::ok:
      return "ok";
    case check_state::warning:
      return "warning";
    case check_state::failed:
      return "failed";
    case check_state::unknown:
      return "unknown";
    case check_state::skipped:
      return "skipped";
  }
  return "unknown";
}

setup::exit_code outcome_of(const doctor_report& report) {
  auto outcome = setup::exit_code::done;
  for (const auto& one : report.checks)
    if (one.state == check_state::failed) outcome = setup::worse(outcome, one.failing);
  return outcome;
}

std::string as_yaml(const std::vector<suggestion>& suggestions) {
  auto sorted = suggestions;
  std::ranges::stable_sort(sorted, {}, &suggestion::key);
  std::string text;
  std::vector<std::string> open;  // the sections that the line before stands in
  for (const auto& one : sorted) {
    std::vector<std::string> parts;
    for (std::size_t from = 0; from <= one.key.size();) {
      const auto dot = std::min(one.key.find('.', from), one.key.size());
      parts.push_back(one.key.substr(from, dot - from));
      from = dot + 1;
    }
    std::size_t depth = 0;
    while (depth + 1 < parts.size() && depth < open.size() && open[depth] == parts[depth]) ++depth;
    for (; depth + 1 < parts.size(); ++depth) text += fmt::format("{:{}}{}:\n", "", 2 * depth, parts[depth]);
    text += fmt::format("{:{}}{}: {}  # {}\n", "", 2 * depth, parts.back(), one.value, one.reason);
    parts.pop_back();
    open = std::move(parts);
  }
  return text;
}

void report_writer::add(check one) {
  if (listener_) listener_(one);
  report.checks.push_back(std::move(one));
}

void report_writer::add(finding one) {
  add(std::move(one.what));
  for (auto& advice : one.advice) report.suggestions.push_back(std::move(advice));
}

void report_writer::skip(std::span<const std::string_view> names, const std::string& because) {
  for (const auto which : names)
    add(check{.name = std::string{which}, .state = check_state::skipped, .found = because});
}

}  // namespace ordersync::app::doctor
