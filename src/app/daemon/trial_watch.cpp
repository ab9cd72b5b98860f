#include "app/daemon/trial_watch.hpp"

#include <algorithm>
#include <array>

namespace ordersync::app::daemon {
namespace {

std::string_view value_of(std::string_view name, std::initializer_list<core::log_field> fields) {
  const auto* const found = std::ranges::find(fields, name, &core::log_field::name);
  return found == fields.end() ? std::string_view{} : std::string_view{found->value};
}

}  // namespace

// An account that begins its work has tried nothing yet.
void trial_watch::event(core::severity, std::string_view event,
                        std::initializer_list<core::log_field> fields) noexcept {
  constexpr std::array<std::string_view, 2> ends{"api_tried", "account_ready"};
  const bool incomplete = event == "api_trial_incomplete";
  if (!incomplete && std::ranges::find(ends, event) == ends.end()) return;
  const std::string account{value_of("account", fields)};
  const std::lock_guard lock{mutex_};
  if (incomplete)
    reasons_[account] = value_of("reason", fields);
  else
    reasons_.erase(account);
}

void trial_watch::add_to(daemon_state& state) const {
  const std::lock_guard lock{mutex_};
  for (auto& account : state.accounts) {
    const auto known = reasons_.find(account.name);
    if (account.untried.empty() && known != reasons_.end()) account.untried = known->second;
  }
}

}  // namespace ordersync::app::daemon
