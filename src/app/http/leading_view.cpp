#include "app/http/leading_view.hpp"

#include <algorithm>

namespace ordersync::app::http {

void add_daemon_state(status::status_view& view, const daemon::daemon_state& leading) {
  for (const auto& state : leading.accounts) {
    const auto seen =
        std::ranges::find(view.accounts, state.name, [](const status::account_view& a) { return a.stored.account; });
    if (state.prepared && seen != view.accounts.end()) seen->untried = state.untried;
  }
  status::assess_whole(view);
}

}  // namespace ordersync::app::http
