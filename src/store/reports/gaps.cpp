#include "store/reports/gaps.hpp"

#include <algorithm>

namespace ordersync::store::reports {
namespace {

// Moves out of `unexplained` what the read covers.
void explain(std::vector<core::window>& unexplained, const failed_read& read, std::vector<gap>& gaps) {
  std::vector<core::window> rest;
  const auto keep = [&](core::second begin, core::second end) {
    if (begin < end) rest.push_back({begin, end});
  };
  for (const auto& w : unexplained) {
    if (!w.overlaps(read.range)) {
      rest.push_back(w);
      continue;
    }
    const core::window part{std::max(w.begin, read.range.begin), std::min(w.end, read.range.end)};
    gaps.push_back({part, read.reason, read.finished_at, read.failed});
    keep(w.begin, part.begin);
    keep(part.end, w.end);
  }
  unexplained = std::move(rest);
}

std::vector<gap> joined(std::vector<gap> gaps) {
  std::ranges::sort(gaps, {}, [](const gap& g) { return g.window.begin; });
  std::vector<gap> out;
  for (auto& g : gaps) {
    const bool continues = !out.empty() && out.back().window.end == g.window.begin && out.back().reason == g.reason &&
                           out.back().failed == g.failed;
    if (continues) {
      out.back().window.end = g.window.end;
      out.back().last_read = std::max(out.back().last_read, g.last_read);
    } else {
      out.push_back(std::move(g));
    }
  }
  return out;
}

}  // namespace

std::vector<gap> explain_gaps(const std::vector<core::window>& unproven, const std::vector<failed_read>& reads) {
  std::vector<gap> gaps;
  auto unexplained = unproven;
  for (const auto& read : reads) explain(unexplained, read, gaps);
  for (const auto& w : unexplained) gaps.push_back({w, {}, std::nullopt});
  return joined(std::move(gaps));
}

}  // namespace ordersync::store::reports
