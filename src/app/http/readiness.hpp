#pragma once
// Whether a daemon does its work, for /healthz and /readyz: pure but for remembering what came of the last requests.
//
// No personal data and no secrets: whoever reaches the address may read it.

#include "app/daemon/daemon_state.hpp"
#include "app/telemetry/observer.hpp"

#include <map>
#include <string>
#include <vector>

namespace ordersync::app::http {

struct check_result {
  std::string name;
  bool passed = false;
  std::string what;  // why not, and what to do; or something good to know
};

// "database: ok\n", "account main: failed: ...\n".
std::string text_of(const std::vector<check_result>& checks);
bool all_passed(const std::vector<check_result>& checks);

// Whether the loop turns.
check_result check_life(const daemon::daemon_state& state);

// I/O thread.
class readiness final : public telemetry::observer {
 public:
  void request(const telemetry::finished_request& finished) noexcept override;

  std::vector<check_result> check(const daemon::daemon_state& state) const;

 private:
  check_result check_account(const daemon::daemon_state& state, const daemon::account_state& account) const;

  std::map<std::string, std::string, std::less<>> last_outcomes_;  // by account
};

}  // namespace ordersync::app::http
