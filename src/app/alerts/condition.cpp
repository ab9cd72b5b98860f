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
    all.push_back({name, std::move(what), finding.cure});
  }
  return all;
}

}  // namespace ordersync::app::alerts
