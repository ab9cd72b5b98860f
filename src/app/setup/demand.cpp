#include "app/setup/demand.hpp"

#include "app/setup/spoken.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <vector>

namespace ordersync::app::setup {

namespace {

using sync::schedule::demand;

// "0.87" and "20", as short as can be.
std::string amount(double of) {
  return fmt::format("{:.2g}", of).find('e') == std::string::npos ? fmt::format("{:.2g}", of)
                                                                  : fmt::format("{:.0f}", of);
}

std::string needed_text(const config::settings& settings, const demand& needs, double live_requests) {
  const auto accounts = settings.accounts.size();
  auto text = fmt::format("{} account{}, live every {:g} s", accounts, accounts == 1 ? "" : "s",
                          std::chrono::duration<double>(settings.sync.live.every).count());
  if (live_requests > 1) text += fmt::format(" with {:.2g} requests each", live_requests);
  return text + fmt::format(" need {:.3g} requests a second", needs.live);
}

std::string rate_text(const demand& needs, const measured_load& measured) {
  return fmt::format("; rate is {:.3g}{}", needs.rate, measured.rate_found ? ", as the API was found to allow" : "");
}

// Who has the part of the rate that live windows leave.
std::string reserved_text(const config::settings& settings, const demand& needs) {
  if (needs.reserved <= 0) return {};
  std::vector<std::string> whose;
  if (!settings.sync.revisit.empty()) whose.emplace_back("revisits");
  if (needs.checks > 0) whose.emplace_back("checks by counts");
  if (needs.audits > 0) whose.emplace_back("audits");
  return fmt::format(", {} of it for {}", amount(needs.reserved), fmt::join(whose, ", "));
}

std::string revisits_text(const demand& needs) {
  return fmt::format("older orders are read again {} times as seldom as sync.revisit says",
                     amount(needs.revisit_stretch));
}

std::string late_revisits_text(const demand& needs) {
  auto text = fmt::format(", revisits {:.3g}", needs.revisits);
  if (needs.checks > 0) text += fmt::format(", checks by counts up to {:.3g}", needs.checks);
  return text;
}

}  // namespace

demand demand_of(const config::settings& settings, const measured_load& measured) {
  const auto whole = [](std::chrono::milliseconds d) { return std::chrono::ceil<std::chrono::seconds>(d); };
  const auto& from = settings.sync;
  sync::schedule::demand_rules rules{.accounts = settings.accounts.size(),
                                     .rate = std::min(from.rate, measured.rate_found.value_or(from.rate)),
                                     .live_every = from.live.every,
                                     .live_requests = measured.live_requests,
                                     .recheck_share = from.recheck.share,
                                     .audit_share = from.audit};
  for (const auto& tier : from.revisit) rules.tiers.push_back({whole(tier.younger_than), whole(tier.every)});
  return sync::schedule::demand_of(rules);
}

std::string overload_of(const config::settings& settings, const measured_load& measured) {
  if (settings.sync.rate <= 0 || settings.sync.live.every.count() <= 0) return {};  // not loaded from a file
  const auto needs = demand_of(settings, measured);
  if (needs.carries_live() && needs.carries_revisits()) return {};
  auto text = needed_text(settings, needs, measured.live_requests);
  const bool revisits_late = !settings.sync.revisit.empty() && !needs.carries_revisits();
  if (needs.carries_live()) {
    if (!revisits_late) return {};
    return text + late_revisits_text(needs) + rate_text(needs, measured) + ": " + revisits_text(needs);
  }
  text += rate_text(needs, measured) + reserved_text(settings, needs);
  text += fmt::format(": each account is read every {}",
                      spoken(std::chrono::round<std::chrono::seconds>(needs.live_period)));
  return revisits_late ? text + ", and " + revisits_text(needs) : text;
}

}  // namespace ordersync::app::setup
