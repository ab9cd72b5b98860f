#pragma once
// One look at the whole mirror, as the status page shows it.

#include "app/status/status_view.hpp"
#include "config/settings.hpp"
#include "core/error.hpp"
#include "store/store.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>
#include <vector>

namespace ordersync::app::status {

struct mirror_look {
  status_view view;
  // Of each configured account, in their order: from sync.start, or whatever is proven before it, to what is to be
  // proven by now, or what is already proven after that.
  std::vector<store::reports::coverage_report> coverage;
};

// Reads only. What is given outlives it. `now`: as the looker's clock says.
boost::asio::awaitable<core::result<mirror_look>> look_at_mirror(store::database& database,
                                                                 const config::settings& settings, core::instant now);

// Adds the figures of each configured account, where details are read. Reads only. Fails as store::database does.
boost::asio::awaitable<core::result<void>> add_details(store::database& database, status_view& view);

// The part of a report that lies in `range`. Pure.
store::reports::coverage_report part_of(const store::reports::coverage_report& report, const core::window& range);

}  // namespace ordersync::app::status
