#include "app/status/detail_findings.hpp"

#include "app/setup/spoken.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ordersync::app::status {

using std::chrono::seconds;

namespace {

// A busy hour puts them off for so long without anybody having to look.
constexpr std::chrono::hours late{1};

std::string ago(core::instant since, core::instant now) {
  return setup::spoken(std::max(seconds{0}, std::chrono::floor<seconds>(now - since)));
}

finding notice(std::string what, std::string cure) {
  return {health::notice, complete_with_warnings, std::move(what), std::move(cure)};
}

}  // namespace

void assess_details(const account_view& account, core::instant now, std::vector<finding>& findings) {
  if (!account.details) return;
  const auto& of = *account.details;
  const auto& name = account.stored.account;
  if (of.refused_at)
    findings.push_back(
        notice(fmt::format("{}: the API has not permitted to read {} for {}: {}.", name,
                           of.refunds_alone ? "what it says of refunds" : "order details", ago(*of.refused_at, now),
                           of.refusal.substr(of.refunds_alone ? store::details::refunds_refused.size() : 0)),
               "Ask the vendor to permit these calls for the access key, or set `details.enabled` to false. ordersync "
               "tries again every hour, and no order is lost meanwhile."));
  if (of.refused_at && !of.refunds_alone) return;
  if (of.failing > 0)
    findings.push_back(notice(
        fmt::format("{}: the {} of {} could not be read the last time: {}.", name,
                    of.failing == 1 ? "detail" : "details", plural(of.failing, "order", "orders"), of.last_failure),
        "They are read again, later each time. If it persists, ask the vendor."));
  if (of.waiting > 0 && of.oldest && now - *of.oldest > late)
    findings.push_back(notice(fmt::format("{}: the details of {} are due, the oldest for {}.", name,
                                          plural(of.waiting, "order", "orders"), ago(*of.oldest, now)),
                              "After a backfill of details, wait. If it persists, raise `details.share` or "
                              "`sync.rate`."));
}

std::string details_text(const store::details::detail_figures& of, core::instant now) {
  auto text = fmt::format("{} waiting", of.waiting);
  if (of.waiting > 0 && of.oldest) text += fmt::format(", the oldest for {}", ago(*of.oldest, now));
  text += fmt::format("; {} later", of.later);
  if (of.failing > 0) text += fmt::format("; {} failed the last time: {}", of.failing, of.last_failure);
  text += fmt::format("; about {} read", of.details);
  if (of.refused_at) text += fmt::format("; NOT PERMITTED for {}: {}", ago(*of.refused_at, now), of.refusal);
  return text;
}

}  // namespace ordersync::app::status
