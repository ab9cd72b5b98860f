#include "app/doctor/count_findings.hpp"

#include <fmt/format.h>

namespace ordersync::app::doctor {

std::optional<check> assess_checks_by_counts(const store::recheck::check_report& seen_by_daemon) {
  if (seen_by_daemon.state != store::recheck::check_state::unusable) return std::nullopt;
  check one{.name = "by_counts", .account = seen_by_daemon.account, .state = check_state::warning};
  one.found = fmt::format("the daemon checks nothing by counts: {}", seen_by_daemon.reason);
  one.cure =
      "ask the vendor for orders that no filter by status returns; until it is corrected, sync.revisit alone decides "
      "how "
      "soon a change is seen";
  return one;
}

}  // namespace ordersync::app::doctor
