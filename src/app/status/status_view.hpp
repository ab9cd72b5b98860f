#pragma once
// From what the database holds to what `status` and the status page show: which accounts there are, and how complete
// each is. Pure.

#include "app/tasks/completeness.hpp"
#include "app/tasks/limits.hpp"
#include "config/settings.hpp"
#include "core/time.hpp"
#include "store/details/details.hpp"
#include "store/reports/reports.hpp"
#include "sync/schedule/demand.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace ordersync::app::status {

// Worse is less.
enum class standing {
  failing,  // nothing of it is read, or what is proven is in doubt: somebody has to look
  behind,   // something is missing that should be there by now
  current,
  not_configured,  // the database knows it, the configuration does not
};
const char* name(standing of) noexcept;  // "failing", "behind", "current", "not_configured"

struct account_view {
  store::reports::account_status stored;
  tasks::completeness complete;
  bool configured = true;  // false: the database knows it, the configuration does not
  // The proof that is stored is for something else than the configuration asks, and so counts for nothing here.
  bool other_question = false;
  std::vector<tasks::limit_view> limits;  // of the API, by name
  std::chrono::seconds settle{0};         // an order is read so long after its creation at the earliest
  // Why the last trial of the API could not show all that proof rests on; empty: it could, as far as is known.
  std::string untried;
  // So many orders were missing at once that the API most likely leaves them out: the last report, while it counts.
  std::optional<store::reports::logged_problem> missing_in_mass;
  std::optional<store::details::detail_figures> details;  // none: they are not read, or it is not known
  standing stands = standing::current;                    // see assess_standings

  // Whether something speaks against what is called proven.
  bool in_doubt() const { return stored.open_contradictions > 0 || !untried.empty() || missing_in_mass.has_value(); }
  bool sound() const { return complete.complete() && !in_doubt(); }
};

struct status_view {
  core::instant at{};
  std::vector<account_view> accounts;  // the configured ones first, in their order
  store::reports::status_report totals;
  sync::schedule::demand demand;                      // what all accounts need of the rate
  std::string overload;                               // what sync.rate cannot carry, see setup::overload_of
  bool rechecks = false;                              // by counts are switched on here
  bool incomplete = false;                            // a gap, a value in quarantine not accepted, or a doubt
  bool push_listens = false;                          // push.listen is set here
  bool details = false;                               // details.enabled is set here
  std::size_t alerts = 0;                             // webhooks that are configured here
  std::chrono::milliseconds success_timeout{60'000};  // an account that has had no success for longer is failing
};

struct coverage_view {
  std::vector<store::reports::coverage_report> accounts;
  bool incomplete = false;
};

// What is stored of a configured account. Its proof counts only if it is one of what the configuration asks; looking
// does not change which proof is in force.
account_view view_of(const config::settings& settings, const config::account& account,
                     const store::reports::status_report& stored, core::instant now);

// All accounts, the configured ones first; `totals.accounts` of the result is empty.
status_view look_at(const config::settings& settings, store::reports::status_report stored, core::instant now);

// The last message of an alert that no try brought to its webhook, as a daemon's log has it; null: none. It lives as
// long as the view.
const store::reports::logged_problem* last_failed_alert(const status_view& view);

// Sets `view.incomplete` by the rest of the view.
void assess_whole(status_view& view);

}  // namespace ordersync::app::status
