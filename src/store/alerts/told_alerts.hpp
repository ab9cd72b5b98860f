#pragma once
// What people have been told of problems (table `alert_states`), over a session of its own, so that neither the mirror
// nor the status page waits for it.
//
// Threads and errors are those of store.hpp. It waits for no database that is away: the operation fails at once.

#include "core/error.hpp"
#include "core/log.hpp"
#include "core/time.hpp"
#include "store/pg/settings.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ordersync::store::alerts {

struct told_alert {
  std::string webhook;  // alerts[].webhook_file
  std::string kind;     // "gap"
  std::string account;  // empty: the whole mirror
  core::instant since{};
  core::instant told_at{};
  std::optional<core::instant> ended_at;  // none: it lasts

  friend bool operator==(const told_alert&, const told_alert&) = default;
};

class told_alerts {
 public:
  told_alerts() = default;
  told_alerts(const told_alerts&) = delete;
  told_alerts& operator=(const told_alerts&) = delete;
  virtual ~told_alerts() = default;

  // By webhook, kind and account. failure::database while the schema is older.
  virtual boost::asio::awaitable<core::result<std::vector<told_alert>>> read() = 0;
  // They become all that is known of this webhook.
  virtual boost::asio::awaitable<core::result<void>> replace(std::string webhook, std::vector<told_alert> list) = 0;

  // As store::database.
  virtual void close() noexcept = 0;
  virtual void cut() noexcept = 0;
};

// Connects when first needed. `log` outlives it. The destructor closes, cuts, and joins the runner's thread; operations
// that are still awaited must have ended before.
std::unique_ptr<told_alerts> make_told_alerts(const pg::settings& s, core::log& log);

}  // namespace ordersync::store::alerts
