#include "app/orders/absence.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace ordersync::app::orders {
namespace {

bool is_filtered(const config::settings& settings, const std::string& account) {
  const auto at = std::ranges::find(settings.accounts, account, &config::account::name);
  return at != settings.accounts.end() && !at->user_id_list.empty();
}

void explain(const config::settings& settings, const store::reports::coverage_report& of,
             std::vector<absence_reason>& reasons) {
  if (!of.gaps.empty())
    reasons.push_back(
        {"gap", of.account,
         fmt::format("it was created in a gap of account {}: {} not proven complete; a backfill reads "
                     "such ranges",
                     of.account, of.gaps.size() == 1 ? "one range is" : fmt::format("{} ranges are", of.gaps.size()))});
  reasons.push_back({"too_new", of.account,
                     fmt::format("it was created after {}, up to where account {} is expected to be complete",
                                 core::to_text(of.range.end), of.account)});
  if (is_filtered(settings, of.account))
    reasons.push_back({"filtered", of.account,
                       fmt::format("it belongs to a user that user_id_list of account {} leaves out", of.account)});
}

}  // namespace

absence why_absent(const config::settings& settings, std::vector<store::reports::coverage_report> coverage,
                   std::int64_t unreadable) {
  absence result;
  auto& reasons = result.reasons;
  for (const auto& account : coverage) explain(settings, account, reasons);
  std::ranges::stable_sort(reasons, [](const auto& a, const auto& b) { return a.code == "gap" && b.code != "gap"; });
  reasons.push_back({"before_start", "",
                     fmt::format("it was created before sync.start ({}); a backfill reads older orders",
                                 core::to_text(settings.sync.start))});
  if (unreadable > 0)
    reasons.push_back(
        {"unreadable", "",
         fmt::format("its id could not be read: ordersync quarantine list shows {} whole orders", unreadable)});
  reasons.push_back({"number", "", "the number is mistyped, or of an order of an account that is not configured"});
  const bool complete =
      std::ranges::all_of(coverage, [](const auto& account) { return account.gaps.empty() && !account.range.empty(); });
  if (complete)
    reasons.push_back(
        {"not_returned", "", "the API does not return it: everything that should be proven by now is proven complete"});
  std::erase_if(coverage, [](const auto& account) { return account.gaps.empty(); });
  for (auto& account : coverage) account.proven.clear();
  result.gaps = std::move(coverage);
  return result;
}

}  // namespace ordersync::app::orders
