#pragma once
// Which problems have been reported to webhooks (table `alert_states`), over a session of its own, so that neither the
// mirror nor the status page waits for it.
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

struct sent_alert {
  std::string webhook;  // alerts[].webhook_file
  std::string kind;     // "gap"
  std::string account;  // empty: the whole mirror
  core::instant since{};
  core::instant sent_at{};
  std::optional<core::instant> ended_at;  // none: it lasts

  friend bool operator==(const sent_alert&, const sent_alert&) = default;
};

class sent_alerts {
 public:
  sent_alerts() = default;
  sent_alerts(const sent_alerts&) = delete;
  sent_alerts& operator=(const sent_alerts&) = delete;
  virtual ~sent_alerts() = default;

  // By webhook, kind and account. failure::database while the schema is older.
  virtual boost::asio::awaitable<core::result<std::vector<sent_alert>>> read() = 0;
  // They become all that is known of this webhook.
  virtual boost::asio::awaitable<core::result<void>> replace(std::string webhook, std::vector<sent_alert> list) = 0;

  // As store::database.
  virtual void close() noexcept = 0;
  virtual void cut() noexcept = 0;
};

// Connects when first needed. `log` outlives it. The destructor closes, cuts, and joins the runner's thread; operations
// that are still awaited must have ended before.
std::unique_ptr<sent_alerts> make_sent_alerts(const pg::settings& s, core::log& log);

}  // namespace ordersync::store::alerts
