#pragma once
// Reads orders from the API by their number, now, and stores what comes as any read is stored. For the command and for
// the daemon that leads.
//
// An order that the API does not return is not marked as vanished: that needs more evidence (tasks/missing_orders).
//
// One I/O thread. What is given outlives the coroutine.

#include "app/details/detail_requests.hpp"
#include "core/error.hpp"
#include "core/time.hpp"
#include "store/reports/order_report.hpp"
#include "store/store.hpp"
#include "sync/evidence/evidence.hpp"
#include "sync/ports.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace ordersync::app::orders {

enum class refresh_outcome {
  stored,          // new to the mirror
  changed,         // the API returned it changed
  unchanged,       // the API returned it as it is stored
  outdated,        // the API returned it, twice; what is stored may be newer and stays
  not_returned,    // the mirror has it, the API did not return it
  not_found,       // neither the mirror has it nor the API in what was searched
  not_searchable,  // the API cannot be asked for it: 1688 has no number for it, as far as is known
  not_configured,  // it belongs to an account that is not configured
};
// "stored", "not_returned", ...
const char* name(refresh_outcome of) noexcept;
// The API returned it: the mirror has it as it is now.
constexpr bool is_current(refresh_outcome of) noexcept {
  return of == refresh_outcome::stored || of == refresh_outcome::changed || of == refresh_outcome::unchanged;
}

// What came of the order's detail, which is read after the order.
struct refreshed_detail {
  std::string outcome;       // details::name of store::details::written, "refused" or "failed"
  std::string reason{};      // of what was refused or failed
  std::int64_t refunds = 0;  // that were read
  std::string missing{};     // why a refund is not among them; empty: all are, or there are none
};

struct refreshed {
  std::string number;  // as it was given
  refresh_outcome outcome = refresh_outcome::not_found;
  std::optional<std::int64_t> order_id{};
  std::string account{};  // whose it is; empty: nobody's, as far as is known
  std::vector<store::reports::field_change> changes{};
  // Of a number that the mirror does not know: the creation times in which the API was asked for it, and whether that
  // was all from sync.start on.
  std::optional<core::window> searched{};
  bool searched_all = false;
  std::optional<refreshed_detail> detail{};  // none: details are not read, or the API did not return the order
};

// An account's API, as whoever asks sees it. The calls come back after retries; one at a time.
struct order_api {
  std::string account;
  sync::evidence::known_limits limits;
  std::function<boost::asio::awaitable<core::result<sync::page>>(std::string tb_order_id, core::window around)> look_up;
  // The order's detail; none: details are not read.
  std::function<boost::asio::awaitable<core::result<details::detail_reading>>(details::wanted_detail what)>
      read_detail{};
};

struct refresh_dependencies {
  store::database& database;
  std::vector<order_api> apis;  // of each configured account, in their order
  core::second start{};         // sync.start
  core::second now{};
  std::string reason;  // for the sweeps table
};

// All orders that have the number; one result at least. Fails with what kept the API or the database from answering.
boost::asio::awaitable<core::result<std::vector<refreshed>>> refresh(const refresh_dependencies& around,
                                                                     std::string number);

}  // namespace ordersync::app::orders
