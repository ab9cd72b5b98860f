#include "app/doctor/limit_findings.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ordersync::app::doctor {
namespace {

const sync::evidence::learnt_limit* learnt(const tried_account& of, std::string_view name) {
  const auto found = std::ranges::find(of.report.limits, name, &sync::evidence::learnt_limit::name);
  return found == of.report.limits.end() || !found->value ? nullptr : &*found;
}

// Of what was not reached.
check not_tested(const tried_account& of, std::string_view name) {
  check one{.name = std::string{name}, .account = of.account, .state = check_state::unknown};
  one.found = of.broken ? of.broken->what : "not tested, because the test of the filter did not succeed";
  one.cure = of.broken ? "run doctor again when the API answers" : "fix `filter` first";
  return one;
}

check assess_filter_trial(const tried_account& of) {
  check one{.name = "filter", .account = of.account, .failing = setup::exit_code::api};
  const auto& open = of.report.open;
  if (open.empty()) {
    one.found = "the API returns the orders of the requested time";
    return one;
  }
  one.state = check_state::failed;
  one.found = open;
  const auto names = [&](std::string_view word) { return open.find(word) != std::string::npos; };
  if (names("api.time_zone")) {
    one.failing = setup::exit_code::usage;
    one.cure = "set api.time_zone to the zone above; until then nothing is proven";
  } else if (names("no order")) {
    one.state = check_state::unknown;
    one.cure =
        "if the account has orders, check its user_id and user_id_list; otherwise run doctor again when it has some";
  } else {
    one.cure = "ask the vendor what orderTimeBegin and orderTimeEnd mean; until then nothing is proven";
  }
  return one;
}

check assess_limit(const tried_account& of, std::string_view check_name, std::string_view limit_name, std::string good,
                   std::string_view bad, std::string_view cure) {
  check one{.name = std::string{check_name}, .account = of.account, .found = std::move(good)};
  const auto* const limit = learnt(of, limit_name);
  if (limit == nullptr) return one;
  one.state = check_state::warning;
  one.found = fmt::format(fmt::runtime(bad), tasks::limit_text(limit_name, *limit->value)) + ": " + limit->found_by;
  one.cure = cure;
  return one;
}

}  // namespace

check assess_known_limits(const std::string& account, const std::vector<tasks::limit_view>& limits) {
  check one{.name = "known_limits", .account = account};
  for (const auto& [is, by_hand] : limits)
    one.found += fmt::format(
        "{}{} {} ({})", one.found.empty() ? "" : "; ", is.name, tasks::limit_text(is.name, is.value),
        by_hand ? "set by api.limits" : "since " + core::to_text(std::chrono::floor<std::chrono::seconds>(is.since)));
  if (one.found.empty()) one.found = "none found by the mirror, none set in api.limits";
  return one;
}

std::vector<check> assess_evidence(const tried_account& of) {
  std::vector<check> checks;
  if (of.broken) {
    for (const auto name : evidence_names) checks.push_back(not_tested(of, name));
    return checks;
  }
  const bool stuck = !of.report.open.empty();
  checks.push_back(assess_filter_trial(of));
  const auto near =
      assess_limit(of, "near_now", "nearest_end", "the API answers ranges that end now",
                   "the API refuses ranges that end later than {}",
                   "nothing: ordersync reads new orders that much later; api.limits.nearest_end overrides it");
  checks.push_back(stuck && near.state == check_state::ok ? not_tested(of, "near_now") : near);
  if (stuck) {
    for (const auto* name : {"long_ranges", "counts", "all_statuses"}) checks.push_back(not_tested(of, name));
    return checks;
  }
  checks.push_back(assess_limit(
      of, "long_ranges", "longest_range",
      fmt::format("the API answers ranges of {} in full", tasks::limit_text("longest_range", of.wanted.count())),
      "the API answers ranges in full only up to {}",
      "nothing: ordersync limits its ranges to that; api.limits.longest_range overrides it"));
  checks.push_back(assess_limit(
      of, "counts", "total", "counts add up", "counts stop at {}, and the orders beyond are not returned",
      "nothing: ordersync splits ranges until their counts are below the limit; api.limits.total overrides it"));
  checks.push_back(
      assess_limit(of, "all_statuses", "by_status", "lists without a status filter are complete",
                   "lists without a status filter leave orders out, so {}",
                   "nothing, but it takes more requests; ask the vendor how to request all statuses at once"));
  return checks;
}

}  // namespace ordersync::app::doctor
