#include "app/daemon/tier_watch.hpp"

#include <utility>

namespace ordersync::app::daemon {

namespace asio = boost::asio;
using std::chrono::steady_clock;

namespace {

// How often the tiers are looked at, and how old what `status` shows of them may be while nothing changes: what is
// written for nothing ends reports on a hot standby.
constexpr std::chrono::seconds seen_every{5};
constexpr std::chrono::seconds stored_every{30};

std::vector<store::reports::tier_report> reports_of(const std::vector<sync::schedule::tier_state>& tiers) {
  std::vector<store::reports::tier_report> reports;
  for (const auto& tier : tiers) {
    store::reports::tier_report report{
        .younger_than = tier.rule.younger_than, .every = tier.rule.every, .behind = tier.behind};
    report.oldest_read_at = tier.oldest_read;
    reports.push_back(report);
  }
  return reports;
}

}  // namespace

tier_watch::tier_watch(dependencies around, std::string account)
    : around_(std::move(around)), account_(std::move(account)) {}

// What is due is so no longer before the coroutine begins.
asio::awaitable<void> tier_watch::look(std::vector<sync::schedule::tier_state> tiers) {
  due_ = steady_clock::now() + seen_every;
  return perform(std::move(tiers));
}

asio::awaitable<void> tier_watch::perform(std::vector<sync::schedule::tier_state> tiers) {
  const bool changed = report_changes(tiers);
  if (changed || steady_clock::now() >= stale_at_) {
    stale_at_ = steady_clock::now() + stored_every;
    auto reports = reports_of(tiers);
    co_await around_.database.write_tiers(account_, std::move(reports));
  }
  co_await doubt_stale(std::move(tiers));
}

// Whether there are any.
bool tier_watch::report_changes(const std::vector<sync::schedule::tier_state>& tiers) {
  bool changed = false;
  for (std::size_t i = 0; i < tiers.size(); ++i) {
    const auto& tier = tiers[i];
    if (tier.behind == behind_.contains(i)) continue;
    changed = true;
    tier.behind ? void(behind_.insert(i)) : void(behind_.erase(i));
    around_.log.write(tier.behind ? core::severity::warning : core::severity::info,
                      tier.behind ? "revisit_behind" : "revisit_caught_up",
                      {{"account", account_}, {"younger_than", tier.rule.younger_than}, {"every", tier.rule.every}});
  }
  return changed;
}

// While the API's answers cannot be trusted, what was proven before cannot be read again. Once it is older than it is
// allowed to be, it is not called proven any more.
asio::awaitable<void> tier_watch::doubt_stale(std::vector<sync::schedule::tier_state> tiers) {
  const auto& known = around_.trials.known();
  if (around_.trials.sound() || !known.tried_at()) co_return;
  const auto reason = known.filter_reason().empty() ? known.trial_reason() : known.filter_reason();
  std::chrono::seconds from_age{0};
  for (const auto& tier : tiers) {
    const auto now = around_.server_now();
    const core::window ages{now - tier.rule.younger_than, now - from_age};
    from_age = tier.rule.younger_than;
    if (!tier.behind) continue;
    sync::trials::contradiction stale{
        .way = "stale", .range = ages, .reason = "its orders are not refreshed in time: " + reason};
    const auto fell = co_await around_.trials.contradict(std::move(stale));
    if (fell.has_value()) around_.taken_back(*fell);
  }
}

}  // namespace ordersync::app::daemon
