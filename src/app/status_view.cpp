#include "app/status_view.hpp"

#include "app/scope.hpp"
#include "app/wiring.hpp"

#include <algorithm>

namespace ordersync::app {

account_view view_of(const config::settings& settings, const config::account& account,
                     const store::status_report& stored, core::instant now) {
  account_view view;
  view.stored.account = account.name;
  const auto scope = scope_of(account, settings.api);
  for (const auto& known : stored.accounts) {
    if (known.account != account.name) continue;
    view.stored = known;
    view.other_question = known.scope != scope.scope;
    if (view.other_question) view.stored.proven.clear();
  }
  view.complete = assess(view.stored.proven, settings.sync.start, std::chrono::floor<std::chrono::seconds>(now),
                         reporting_settings_of(settings).grace);
  return view;
}

status_view look_at(const config::settings& settings, store::status_report stored, core::instant now) {
  status_view view;
  view.at = now;
  view.patience = patience_of(settings);
  for (const auto& account : settings.accounts) view.accounts.push_back(view_of(settings, account, stored, now));
  for (const auto& known : stored.accounts) {
    const auto same = [&](const config::account& a) { return a.name == known.account; };
    if (std::ranges::none_of(settings.accounts, same))
      view.accounts.push_back({.stored = known, .complete = {}, .configured = false});
  }
  view.totals = std::move(stored);
  view.totals.accounts.clear();
  view.incomplete = view.totals.open_quarantine > 0;
  for (const auto& account : view.accounts)
    view.incomplete = view.incomplete || (account.configured && !account.complete.complete());
  return view;
}

}  // namespace ordersync::app
