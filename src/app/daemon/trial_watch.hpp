#pragma once
// What this process's log says of the trials of each account's API (see api_trials.hpp): whether the last one could
// show all that proof rests on. For whoever shows it. Any thread.

#include "app/daemon/daemon_state.hpp"
#include "app/telemetry/observer.hpp"

#include <functional>
#include <map>
#include <mutex>
#include <string>

namespace ordersync::app::daemon {

class trial_watch final : public telemetry::observer {
 public:
  void event(core::severity level, std::string_view event,
             std::initializer_list<core::log_field> fields) noexcept override;

  // Adds what accounts do not know of themselves.
  void add_to(daemon_state& state) const;

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::string, std::less<>> reasons_;  // by account, of trials that remained incomplete
};

}  // namespace ordersync::app::daemon
