#pragma once
// What look-ups showed of orders that push messages named: judged, and what differs from the mirror stored by the usual
// transaction. An order that is in the mirror as the API shows it costs no write.

#include "app/freshness/pushed_orders.hpp"
#include "core/error.hpp"
#include "core/order.hpp"
#include "core/time.hpp"
#include "store/store.hpp"

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>
#include <vector>

namespace ordersync::app::freshness {

// What came of one order.
struct looked_up_order {
  enum class finding {
    not_asked,   // the account or the database fails
    of_another,  // account that shares the secret: it is the one to ask
    failed,      // this order's request, while others of the account succeed
    outdated,    // what is stored may be newer
    not_shown,
    unchanged,
    changed
  };
  finding what = finding::not_asked;
  core::integer id;
  std::optional<core::instant> read_at;
  std::string owner;     // where it is of another account
  bool in_vain = false;  // it was asked, and nothing after it: others come first next time
};

// One order on its way.
struct look_up_job {
  pushed_orders::due_order asked;
  std::optional<store::push::known_order> known;
  std::optional<core::order> shown;
  looked_up_order result{};
  bool answered = false;
};

// Sets what came of those that were answered. The last failure of the database; `jobs` outlive the coroutine.
boost::asio::awaitable<core::result<void>> store_shown(store::database& database, const std::string& account,
                                                       std::vector<look_up_job>& jobs);

}  // namespace ordersync::app::freshness
