#include "app/alerts/condition.hpp"

#include <algorithm>

namespace ordersync::app::alerts {

std::vector<condition> conditions_of(const status::verdict& of) {
  std::vector<condition> all;
  for (const auto& finding : of.findings) {
    if (!finding.alert) continue;
    const problem_name name{*finding.alert, finding.account};
    if (std::ranges::find(all, name, &condition::name) != all.end()) continue;
    auto what = finding.what;
    if (what.ends_with(status::last_known)) what.resize(what.size() - status::last_known.size());
    all.push_back({.name = name,
                   .what = std::move(what),
                   .cure = finding.cure,
                   .headline = finding.alert_headline.empty() ? finding.headline : finding.alert_headline,
                   .level = finding.level,
                   .since = finding.since,
                   .seen_at = finding.seen_at});
  }
  return all;
}

}  // namespace ordersync::app::alerts
