#include "app/status/coverage_findings.hpp"

#include "app/setup/spoken.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace ordersync::app::status {

using std::chrono::floor;
using std::chrono::seconds;

namespace {

using kind_of = config::alert_kind;

std::string in_doubt(std::string_view why) {
  return fmt::format("Completeness in doubt: {}", why);
}

struct gap_sum {
  std::int64_t count = 0;
  seconds length{0};
  std::string reason;
  std::optional<core::instant> seen_at;
  void add(const store::reports::gap& gap) {
    ++count;
    length += gap.window.length();
    reason = gap.reason;
    if (gap.last_read) seen_at = std::min(seen_at.value_or(*gap.last_read), *gap.last_read);
  }
};

struct gap_sums {
  gap_sum never, unproven, failed;
};

gap_sums sums_of(const account_view& account, const std::vector<store::reports::coverage_report>& reports) {
  gap_sums sums;
  const auto report = std::ranges::find(reports, account.stored.account, [](const auto& r) { return r.account; });
  if (report == reports.end()) {
    for (const auto& w : account.complete.gaps) sums.never.add({w, {}, std::nullopt});
    return sums;
  }
  for (const auto& gap : report->gaps)
    (gap.failed ? sums.failed : gap.reason.empty() ? sums.never : sums.unproven).add(gap);
  return sums;
}

// Whether the newest orders are missing, and not just older ones: live reading, which comes first, does not come along.
bool is_late(const status_view& view, const account_view& account) {
  const auto& newest = account.complete.gaps.back();
  return newest.end == account.complete.expected.end && newest.length() > view.success_timeout;
}

// Orders that were created from then on are missing. Where nothing before is proven, that is sync.start.
std::optional<core::instant> late_since(const account_view& account) {
  const auto begin = account.complete.gaps.back().begin;
  return begin > account.complete.expected.begin ? std::optional<core::instant>{begin} : std::nullopt;
}

// What the two counts of a contradiction are depends on the way.
std::string counts_text(const store::coverage::contradiction_report& of) {
  if (of.way == "range")
    return fmt::format("{} requested, complete only up to {}: ", setup::spoken(seconds{of.expected}),
                       setup::spoken(seconds{of.found}));
  if (of.way == "total") return fmt::format("counts stop at {}: ", of.found);
  if (of.expected == 0 && of.found == 0) return {};
  return fmt::format("{} expected, {} found: ", of.expected, of.found);
}

std::string cure_of_trial(std::string_view reason) {
  const auto names = [&](std::string_view word) { return reason.find(word) != std::string_view::npos; };
  if (names("api.time_zone")) return "Set `api.time_zone` to the zone in the reason, then reload.";
  if (names("user_id")) return "If the account has orders, check its `user_id` and `user_id_list`; otherwise wait.";
  return "ordersync tests the API again every minute. If it persists, run `ordersync doctor`, then ask the vendor.";
}

}  // namespace

void assess_gaps(const situation& of, const account_view& account, bool stuck, std::vector<finding>& findings) {
  if (account.complete.complete()) return;
  const auto& name = account.stored.account;
  const auto sums = sums_of(account, of.coverage);
  const auto described = [&](const gap_sum& sum, std::string_view how) {
    return fmt::format("{}: {}, {} in total, {}{}{}.", name, plural(sum.count, "gap", "gaps"),
                       setup::spoken(sum.length), how, sum.reason.empty() ? "" : ": ", sum.reason);
  };
  if (sums.failed.count > 0)
    findings.push_back({health::bad, "Not complete: there are gaps", described(sums.failed, "could not be read"),
                        "ordersync retries them, at least once an hour; a backfill of the range retries at once. If "
                        "the API refuses the request, `ordersync doctor` finds out what it allows.",
                        kind_of::gap, name, std::nullopt, sums.failed.seen_at});
  if (sums.unproven.count > 0)
    findings.push_back(
        {health::bad, "Not complete: there are gaps", described(sums.unproven, "were read but not proven"),
         "ordersync reads them again, at least once an hour. If it persists, ask the vendor about the counts.",
         kind_of::gap, name, std::nullopt, sums.unproven.seen_at});
  if (sums.never.count == 0) return;
  const auto whole = account.complete.expected.length();
  const auto share = whole.count() == 0
                         ? 1.0
                         : 1 - static_cast<double>(sums.never.length.count()) / static_cast<double>(whole.count());
  const bool read = !stuck && is_led(of.view->totals);
  const bool late = read && is_late(*of.view, account);
  findings.push_back({read ? health::catching_up : health::bad, read ? "Catching up: not complete yet" : "Not complete",
                      fmt::format("{}: {} of creation time is not read yet; {:.1f} % is proven.", name,
                                  setup::spoken(sums.never.length), 100 * std::clamp(share, 0.0, 0.999)),
                      read ? "Nothing: reading is in progress, newest orders first. `sync.rate` sets the speed."
                           : "It is read once a daemon leads and the API answers; `ordersync sync` reads it now.",
                      late ? std::optional{kind_of::behind} : std::nullopt, name,
                      late ? late_since(account) : std::nullopt, std::nullopt, late ? "New orders arrive late" : ""});
}

std::string contradiction_text(const store::coverage::contradiction_report& of, core::instant now) {
  const auto age = std::max(seconds{0}, floor<seconds>(now - of.found_at));
  return fmt::format("{} ago, by {}: {}{}", setup::spoken(age), of.way, counts_text(of), of.reason);
}

void assess_contradictions(const situation& of, const account_view& account, std::vector<finding>& findings) {
  const auto open = account.stored.open_contradictions;
  if (open == 0) return;
  auto what = fmt::format("{}: {} not proven again yet", account.stored.account,
                          plural(open, "proof turned out wrong and is", "proofs turned out wrong and are"));
  const auto& last = account.stored.last_contradiction;
  std::optional<core::instant> found_at;
  if (last && !last->resolved_at) found_at = last->found_at;
  if (found_at) what += "; the last, " + contradiction_text(*last, of.now);
  findings.push_back(
      {health::bad, in_doubt("a proof turned out wrong"), what + ".",
       "ordersync reads the affected orders again; this ends when all of them are proven. If it persists, `ordersync "
       "coverage` shows what is left and why, and `ordersync doctor` checks the API.",
       kind_of::gap, account.stored.account, std::nullopt, found_at});
}

void assess_trials(const account_view& account, std::vector<finding>& findings) {
  const auto& name = account.stored.account;
  if (!account.untried.empty())
    findings.push_back({health::bad, in_doubt("the API could not be tested in full"),
                        fmt::format("{}: the last test of the API was incomplete: {}.", name, account.untried),
                        cure_of_trial(account.untried), kind_of::gap, name});
  if (!account.missing_in_mass) return;
  const auto count = [&](std::string_view field) {
    const auto text = store::reports::field_of(*account.missing_in_mass, field);
    return text.empty() ? std::string_view{"?"} : text;
  };
  findings.push_back({health::bad, in_doubt("many orders disappeared at once"),
                      fmt::format("{}: the API stopped listing {} of {} stored orders at once, most likely by mistake. "
                                  "None was marked as vanished.",
                                  name, count("orders"), count("held")),
                      "If ordersync detects the limit `by_status`, it reads them status by status. Otherwise "
                      "`ordersync verify` names the orders: ask the vendor why they are no longer listed.",
                      kind_of::gap, name, std::nullopt, account.missing_in_mass->last_at});
}

}  // namespace ordersync::app::status
