#include "sync/schedule/demand.hpp"

#include "sync/flow/admission.hpp"
#include "sync/schedule/revisit.hpp"

#include <algorithm>

namespace ordersync::sync::schedule {

namespace {

using per_second = double;

per_second needed_by(const tier& rule) {
  return static_cast<double>(windows_of(rule)) / std::chrono::duration<double>(rule.every).count();
}

// What a class is given while those above it want more than there is.
per_second kept_for(per_second wanted, per_second rate) {
  return std::min(wanted, rate * flow::least_share);
}

}  // namespace

demand demand_of(const demand_rules& rules) {
  const auto accounts = static_cast<double>(rules.accounts);
  const std::chrono::duration<double> every = rules.live_every;
  demand all{.rate = rules.rate, .live_period = every};
  all.live = accounts * std::max(1.0, rules.live_requests) / every.count();
  for (const auto& tier : rules.tiers) all.revisits += accounts * needed_by(tier);
  all.checks = rules.recheck_share * rules.rate;
  all.audits = rules.audit_share * rules.rate;

  const auto older = all.revisits + all.checks;
  const auto for_audits = kept_for(all.audits, rules.rate);
  all.reserved = kept_for(older, rules.rate) + for_audits;
  const auto for_live = rules.rate - all.reserved;
  if (!all.carries_live()) all.live_period = every * (all.live / for_live);

  const auto for_older = rules.rate - for_audits - std::min(all.live, for_live);
  if (older > for_older) all.revisit_stretch = older / for_older;
  return all;
}

}  // namespace ordersync::sync::schedule
